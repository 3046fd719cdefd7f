package doctor

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/server"
)

// papers makes a certificate for 127.0.0.1, or for a name, that is signed by its own key.
func papers(t *testing.T, from time.Time, name string) (certFile, keyFile string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: from, NotAfter: from.Add(48 * time.Hour)}
	if name == "" {
		template.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1)}
	} else {
		template.DNSNames = []string{name}
	}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	write := func(name, kind string, content []byte) string {
		file := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: content}), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	return write("cert.pem", "CERTIFICATE", cert), write("key.pem", "PRIVATE KEY", private)
}

// shown runs a server that shows such a certificate, and gives a visit to it.
func shown(t *testing.T, from time.Time, name string) Visit {
	t.Helper()
	certFile, keyFile := papers(t, from, name)
	h := runHost(t, server.Config{TLSCert: certFile, TLSKey: keyFile}, "https")
	v := visitor(t, h.url("https"))
	v.CAFile = certFile
	return v
}

// A certificate that has expired, is not valid yet, or is for another name is named as that, whatever the client trusts.
func TestCertificates(t *testing.T) {
	day := 24 * time.Hour
	now := time.Now()
	wantOne(t, look(t, shown(t, now.Add(-day), "")), "certificate", OK, "for 127.0.0.1; it is trusted", "")
	wantOne(t, look(t, shown(t, now.Add(-10*day), "")), "certificate", Wrong, "the certificate has expired: it ended on ",
		"parley doctor --tls-cert FILE --tls-key FILE")
	wantOne(t, look(t, shown(t, now.Add(10*day), "")), "certificate", Wrong, "the certificate is not valid yet: it begins on ",
		"sudo timedatectl set-ntp true")
	wantOne(t, look(t, shown(t, now.Add(-day), "chat.example")), "certificate", Wrong,
		"the certificate is not for 127.0.0.1 but for chat.example", "parley doctor --tls-cert")

	v := shown(t, now.Add(-day), "") // the clock of the client is wrong by a year, not the certificate
	v.Now = func() time.Time { return now.Add(-365 * day) }
	found := look(t, v)
	wantOne(t, found, "certificate", Wrong, "one of the two is wrong", "sudo timedatectl set-ntp true")
	wantOne(t, found, "clock", Wrong, "ahead of this machine's", "")
}

// A certificate by somebody who is not trusted, and one that is not the one that was remembered.
func TestTrust(t *testing.T) {
	v := shown(t, time.Now().Add(-24*time.Hour), "")
	stranger, _ := papers(t, time.Now(), "")
	v.CAFile = stranger
	wantOne(t, look(t, v), "certificate", Wrong, "is not signed by anyone in "+stranger, "openssl x509 -noout -fingerprint")

	v.CAFile, v.PinsFile = "", filepath.Join(t.TempDir(), "known_servers")
	pin := v.Target.Address() + " ca sha256:" + strings.Repeat("ab", 32) + "\n"
	if err := os.WriteFile(v.PinsFile, []byte(pin), 0o600); err != nil {
		t.Fatal(err)
	}
	wantOne(t, look(t, v), "certificate", Wrong, "has changed: pinned is ca sha256:abab", "openssl x509 -noout -fingerprint")
	if text, err := os.ReadFile(v.PinsFile); err != nil || string(text) != pin {
		t.Errorf("the pins are %q now, %v", text, err)
	}
	v.PinsFile, v.Insecure = "", true
	wantOne(t, look(t, v), "certificate", OK, "not verified who", "")
}

// A certificate that ends soon is warned of, where it is one that lasts.
func TestEndsSoon(t *testing.T) {
	now := time.Now()
	for _, c := range []struct {
		lasts, left time.Duration
		want        Status
	}{
		{90 * 24 * time.Hour, 30 * 24 * time.Hour, OK},
		{90 * 24 * time.Hour, 10 * 24 * time.Hour, Warn},
		{24 * time.Hour, time.Hour, OK}, // whoever makes such renews them
		{90 * 24 * time.Hour, -time.Second, Wrong},
	} {
		cert := &x509.Certificate{NotBefore: now.Add(c.left - c.lasts), NotAfter: now.Add(c.left)}
		if f := judgeDates("x", cert, now, "renew", "set"); f.Status != c.want {
			t.Errorf("%+v: %+v", c, f)
		}
	}
}

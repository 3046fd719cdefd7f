package certs

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"parley"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// clock is a clock that stands still until it is told.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func newClock() *clock { return &clock{t: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

const day24 = 24 * time.Hour

// computer is a machine with a name and addresses of the test's choice.
type computer struct {
	names     []string
	addresses []netip.Addr
}

func (c *computer) Names() []string         { return c.names }
func (c *computer) Addresses() []netip.Addr { return c.addresses }

func pc7() *computer {
	return &computer{
		names:     []string{"pc7", "pc7.school.example", "localhost"},
		addresses: []netip.Addr{netip.MustParseAddr("127.0.0.1"), netip.MustParseAddr("10.0.0.7")},
	}
}

// logs collects what is logged.
func logs() (*slog.Logger, *bytes.Buffer) {
	var b bytes.Buffer
	return slog.New(slog.NewTextHandler(&b, nil)), &b
}

func silent() *slog.Logger { return slog.New(slog.DiscardHandler) }

// authority opens the authority in dir on the computer pc7.
func authority(t *testing.T, dir string, c *clock) *Authority {
	t.Helper()
	a, err := openAuthority(dir, c.now, silent(), pc7())
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// at is the server's end of a pipe. It says which of the machine's addresses it came in on, and its writes do not wait
// for the client to read, as those of a socket do not: a client that refuses in the middle of the handshake does not
// read on.
type at struct {
	net.Conn
	local string
	out   chan []byte
}

func (c at) LocalAddr() net.Addr { return net.TCPAddrFromAddrPort(netip.MustParseAddrPort(c.local)) }

func (c at) Write(p []byte) (int, error) {
	c.out <- bytes.Clone(p)
	return len(p), nil
}

// shake makes one handshake of a client with a server that was reached at local (address:port), and gives what the
// client saw and its error.
func shake(t *testing.T, server, client *tls.Config, local string) (tls.ConnectionState, error) {
	t.Helper()
	far, near := net.Pipe()
	out := make(chan []byte, 100) // more than a handshake has writes
	var wg sync.WaitGroup
	wg.Go(func() {
		defer close(out)
		_ = tls.Server(at{far, local, out}, server).Handshake() // what went wrong is the client's to tell
	})
	wg.Go(func() {
		defer far.Close()
		for p := range out {
			_, _ = far.Write(p)
		}
	})
	conn := tls.Client(near, client)
	err := conn.Handshake()
	near.Close()
	wg.Wait()
	return conn.ConnectionState(), err
}

// friend is a client with a pins file of its own and a record of what it was told.
type friend struct {
	t       *testing.T
	options ClientOptions
	notices []string
}

// newFriend makes a client of the server at address whose system trusts nobody.
func newFriend(t *testing.T, c *clock, address string) *friend {
	f := &friend{t: t}
	f.options = ClientOptions{
		Address:  address,
		PinsFile: filepath.Join(t.TempDir(), "config", "pins"),
		Notice:   func(line string) { f.notices = append(f.notices, line) },
		Roots:    x509.NewCertPool(),
		Now:      c.now,
	}
	return f
}

// join makes a handshake with a server at the address that the client dials, or at 10.0.0.7 where that is a name.
func (f *friend) join(server *tls.Config) error {
	f.t.Helper()
	local := f.options.Address
	if _, err := netip.ParseAddrPort(local); err != nil {
		local = "10.0.0.7:8001"
	}
	config, err := ClientConfig(f.options)
	if err != nil {
		return err
	}
	_, err = shake(f.t, server, config, local)
	return err
}

func (f *friend) mustJoin(server *tls.Config) {
	f.t.Helper()
	if err := f.join(server); err != nil {
		f.t.Fatalf("refused: %v", err)
	}
}

// pins gives the pins file.
func (f *friend) pins() string {
	f.t.Helper()
	data, err := os.ReadFile(f.options.PinsFile)
	if err != nil && !os.IsNotExist(err) {
		f.t.Fatal(err)
	}
	return string(data)
}

// setPins writes the pins file.
func (f *friend) setPins(text string) {
	f.t.Helper()
	if err := os.MkdirAll(filepath.Dir(f.options.PinsFile), 0o700); err != nil {
		f.t.Fatal(err)
	}
	write(f.t, f.options.PinsFile, text)
}

// wantRefused asserts that a server was refused as untrusted, with a sentence that holds all parts.
func wantRefused(t *testing.T, err error, parts ...string) {
	t.Helper()
	if !errors.Is(err, ErrUntrusted) {
		t.Fatalf("not refused as untrusted: %v", err)
	}
	wantError(t, err, parley.CodeHandshake, parts...)
}

// wantError asserts an error's code and that its sentence holds all parts and is one line.
func wantError(t *testing.T, err error, code parley.Code, parts ...string) {
	t.Helper()
	if err == nil || parley.CodeOf(err) != code {
		t.Fatalf("want an error of code %s, got %v", code, err)
	}
	sentence := parley.Sentence(err)
	for _, p := range parts {
		if !strings.Contains(sentence, p) {
			t.Errorf("the sentence does not say %q: %s", p, sentence)
		}
	}
	if parley.CleanLine(sentence) != sentence || strings.HasSuffix(sentence, ".") {
		t.Errorf("not one clean sentence: %q", sentence)
	}
}

// write makes a file that its owner alone may read.
func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// wantPrivate asserts that nobody but its owner may read a file. Windows has no such modes.
func wantPrivate(t *testing.T, path string) {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS != "windows" && info.Mode() != 0o600 {
		t.Errorf("%s has mode %v", path, info.Mode())
	}
}

// leafFor makes a certificate and key for a name, good for a year around now, signed by ca or by itself.
func leafFor(t *testing.T, name string, now time.Time, ca *tls.Certificate) tls.Certificate {
	t.Helper()
	pair, err := sign(&x509.Certificate{
		Subject:     pkix.Name{CommonName: name},
		NotBefore:   now.Add(-day24),
		NotAfter:    now.AddDate(1, 0, 0),
		KeyUsage:    x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		DNSNames:    []string{name},
	}, ca)
	if err != nil {
		t.Fatal(err)
	}
	return pair
}

// caNamed makes an authority.
func caNamed(t *testing.T, name string, now time.Time) tls.Certificate {
	t.Helper()
	pair, err := sign(&x509.Certificate{
		Subject:               pkix.Name{CommonName: name},
		NotBefore:             now.Add(-day24),
		NotAfter:              now.AddDate(5, 0, 0),
		KeyUsage:              x509.KeyUsageCertSign,
		BasicConstraintsValid: true,
		IsCA:                  true,
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return pair
}

// certPEM gives the first n certificates of a chain as a file holds them.
func certPEM(pair tls.Certificate, n int) string {
	var b strings.Builder
	for _, der := range pair.Certificate[:n] {
		b.Write(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	}
	return b.String()
}

// keyPEM gives a pair's key as a file holds it.
func keyPEM(t *testing.T, pair tls.Certificate) string {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(pair.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
}

// pairFiles is a certificate and a key on disk.
type pairFiles struct{ cert, key string }

// newPairFiles writes the first n certificates of a pair and its key.
func newPairFiles(t *testing.T, pair tls.Certificate, n int) pairFiles {
	t.Helper()
	dir := t.TempDir()
	p := pairFiles{filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")}
	p.replace(t, pair, n)
	return p
}

func (p pairFiles) replace(t *testing.T, pair tls.Certificate, n int) {
	t.Helper()
	write(t, p.cert, certPEM(pair, n))
	write(t, p.key, keyPEM(t, pair))
}

// open gives the Files of p.
func (p pairFiles) open(t *testing.T, c *clock) *Files {
	t.Helper()
	f, err := FromFiles(p.cert, p.key, c.now, silent())
	if err != nil {
		t.Fatal(err)
	}
	return f
}

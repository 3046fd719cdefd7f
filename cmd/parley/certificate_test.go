//go:build unix

package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// certificate makes DIR/cert.pem and DIR/key.pem, a certificate for ADDRESS that is signed by its own key, as openssl would.
// With a third argument, past or future, it has expired, or is not valid yet.
func certificate(ts *testscript.TestScript, _ *town, args []string) {
	from := time.Now().Add(-time.Hour)
	if len(args) == 3 {
		from = from.Add(map[string]time.Duration{"past": -48 * time.Hour, "future": 48 * time.Hour}[args[2]])
		args = args[:2]
	}
	need(ts, args, 2)
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	ts.Check(err)
	template := &x509.Certificate{
		SerialNumber:          big.NewInt(time.Now().UnixNano()),
		Subject:               pkix.Name{CommonName: args[1]},
		IPAddresses:           []net.IP{net.ParseIP(args[1])},
		NotBefore:             from,
		NotAfter:              from.Add(2 * time.Hour),
		BasicConstraintsValid: true,
	}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	ts.Check(err)
	private, err := x509.MarshalPKCS8PrivateKey(key)
	ts.Check(err)
	dir := ts.MkAbs(args[0])
	ts.Check(os.MkdirAll(dir, 0o700))
	for name, block := range map[string]*pem.Block{
		"cert.pem": {Type: "CERTIFICATE", Bytes: cert}, "key.pem": {Type: "PRIVATE KEY", Bytes: private},
	} {
		ts.Check(os.WriteFile(filepath.Join(dir, name), pem.EncodeToMemory(block), 0o600))
	}
}

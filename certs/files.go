package certs

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"log/slog"
	"os"
	"sync"
	"time"

	"parley"
)

// recheck is how long Files trusts what it read: the files are looked at in the first handshake after that.
const recheck = time.Minute

// Files is a certificate and its key in two PEM files that somebody else keeps up to date, an ACME client for example.
// All methods may be called from any goroutine.
type Files struct {
	certFile, keyFile string
	now               func() time.Time
	log               *slog.Logger

	mu      sync.Mutex       // guards what follows, and is held while the files are read
	pair    *tls.Certificate // the last good pair; Leaf is set
	read    [2][]byte        // the files that it came from
	checked time.Time        // when that was
	trouble string           // what was wrong with the files then, "" for nothing
}

// FromFiles reads a certificate, followed by what else a client needs to verify it, and its key. The error is a
// *parley.Error of CodeInvalid whose sentence names both files and what is wrong.
func FromFiles(certFile, keyFile string, now func() time.Time, log *slog.Logger) (*Files, error) {
	f := &Files{certFile: certFile, keyFile: keyFile, now: now, log: log, checked: now()}
	if err := f.reload(); err != nil {
		return nil, parley.Errorf(parley.CodeInvalid, "the certificate %s with the key %s cannot be used: %w",
			certFile, keyFile, err)
	}
	return f, nil
}

// Fingerprint gives what a client pins when its system does not trust the certificate: "sha256:" and the SHA-256 of its
// public key, or that of the authority's certificate if the file ends in one.
func (f *Files) Fingerprint() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	chain := []*x509.Certificate{f.pair.Leaf}
	for _, der := range f.pair.Certificate[1:] {
		if cert, err := x509.ParseCertificate(der); err == nil {
			chain = append(chain, cert)
		}
	}
	return pinOf(chain).fingerprint()
}

// ServerConfig gives the configuration for a listener. The files are looked at in handshakes, once a minute at most;
// when they have changed, the new pair is shown from then on. A pair that cannot be used (it was half written, the key
// does not fit) is logged once, and the one before it stays.
func (f *Files) ServerConfig() *tls.Config { return serverConfig(f.certificate, f.now) }

func (f *Files) certificate(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	now := f.now()
	if age := now.Sub(f.checked); age < 0 || age >= recheck { // below 0 when the clock was set back
		f.checked = now
		f.follow()
	}
	return f.pair, nil
}

// follow takes a new pair over, or says once what is wrong with it.
func (f *Files) follow() {
	err := f.reload()
	switch {
	case err == nil:
		f.trouble = ""
	case err.Error() != f.trouble:
		f.trouble = err.Error()
		f.log.Warn("the new certificate cannot be used; the one before stays", "cert", f.certFile, "key", f.keyFile,
			"err", err)
	}
}

// reload reads the files and replaces the pair if they have changed. It compares what they hold and not their times,
// which tell nothing where a link is turned to other files or a clock is coarse; they are small.
func (f *Files) reload() error {
	cert, err := os.ReadFile(f.certFile)
	if err != nil {
		return err
	}
	key, err := os.ReadFile(f.keyFile)
	if err != nil {
		return err
	}
	if f.trouble == "" && bytes.Equal(cert, f.read[0]) && bytes.Equal(key, f.read[1]) {
		return nil
	}
	pair, err := tls.X509KeyPair(cert, key)
	if err != nil {
		return err
	}
	f.read = [2][]byte{cert, key}
	f.pair = &pair
	if now := f.now(); now.After(pair.Leaf.NotAfter) || now.Before(pair.Leaf.NotBefore) {
		f.log.Warn("the certificate is not valid now", "cert", f.certFile, "from", pair.Leaf.NotBefore,
			"until", pair.Leaf.NotAfter)
	}
	f.log.Info("read the certificate", "cert", f.certFile, "until", pair.Leaf.NotAfter.Format(time.DateOnly))
	return nil
}

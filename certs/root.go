package certs

import (
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"parley"
)

// rootYears is how long an authority lasts.
const rootYears = 10

// rootFiles is the folder in which an authority is kept.
type rootFiles struct{ dir string }

func (f rootFiles) cert() string { return filepath.Join(f.dir, "ca.pem") }
func (f rootFiles) key() string  { return filepath.Join(f.dir, "ca-key.pem") }

// openRoot reads the authority in f, or makes it when there is no certificate. A key without a certificate was never
// used, since the certificate is written after it: its making was interrupted, and it is made anew.
func openRoot(f rootFiles, m machine, now time.Time, log *slog.Logger) (tls.Certificate, error) {
	certPEM, err := os.ReadFile(f.cert())
	if errors.Is(err, fs.ErrNotExist) {
		return makeRoot(f, m.Names()[0], now, log)
	}
	if err != nil {
		return tls.Certificate{}, parley.Errorf(parley.CodeStore, "the certificate authority cannot be read: %w", err)
	}
	f.tighten(log)
	keyPEM, err := os.ReadFile(f.key())
	if errors.Is(err, fs.ErrNotExist) {
		return tls.Certificate{}, parley.Errorf(parley.CodeInvalid, "%s is there but its key %s is not: put the key "+
			"back, or move %[1]s away too for a new authority, which every client has to pin anew", f.cert(), f.key())
	}
	if err != nil {
		return tls.Certificate{}, parley.Errorf(parley.CodeStore, "the certificate authority cannot be read: %w", err)
	}
	root, err := tls.X509KeyPair(certPEM, keyPEM)
	if err != nil {
		return root, parley.Errorf(parley.CodeInvalid, "%s and %s cannot be used: %w", f.cert(), f.key(), err)
	}
	return root, f.check(root.Leaf, now, log)
}

// check tells whether an authority can still issue, and warns in its last year.
func (f rootFiles) check(root *x509.Certificate, now time.Time, log *slog.Logger) error {
	end := root.NotAfter.Format(time.DateOnly)
	switch {
	case !isSelfIssued(root):
		return parley.Errorf(parley.CodeInvalid, "%s is not the certificate of an authority", f.cert())
	case now.After(root.NotAfter):
		return parley.Errorf(parley.CodeInvalid, "the certificate authority %s expired on %s: move it and %s away for a "+
			"new one, which every client has to pin anew", f.cert(), end, f.key())
	case now.Before(root.NotBefore):
		log.Warn("the certificate authority is not valid yet: is the clock right?", "file", f.cert(), "now", now)
	case now.AddDate(1, 0, 0).After(root.NotAfter):
		log.Warn("the certificate authority expires soon; a new one has to be pinned by every client",
			"file", f.cert(), "expires", end)
	}
	return nil
}

// tighten makes a key private that others may read. It is not refused, since on some file systems (a USB stick, a
// Windows disk in WSL) every file is so and stays so; but nobody knows who has read it so far, and a warning says that.
func (f rootFiles) tighten(log *slog.Logger) {
	info, err := os.Stat(f.key())
	if err != nil || runtime.GOOS == "windows" || info.Mode().Perm()&0o077 == 0 {
		return // a missing key gets its sentence where it is read; Windows has no such modes
	}
	log.Warn("the key of the certificate authority could be read by others on this machine",
		"file", f.key(), "mode", info.Mode().Perm())
	if err := os.Chmod(f.key(), 0o600); err != nil {
		log.Warn("the key of the certificate authority can still be read by others on this machine",
			"file", f.key(), "err", err)
	}
}

// makeRoot makes an authority for the machine of that name and writes it down, the key first.
//
// It has no name constraints: they would have to foresee every name and address that the machine will have in 10 years,
// and a client could not tell a new one from an attack. What bounds it instead: it may issue certificates for servers
// only (the extended key usage holds for the whole chain in every common verifier), no authority under it (path length
// 0), and it issues nothing that a client chooses.
func makeRoot(f rootFiles, name string, now time.Time, log *slog.Logger) (tls.Certificate, error) {
	commonName := "Parley on " + name[:min(len(name), 48)] // 64 at most (RFC 5280, appendix A.1)
	root, err := sign(&x509.Certificate{
		Subject:               pkix.Name{CommonName: commonName},
		NotBefore:             now.Add(-backdate),
		NotAfter:              now.AddDate(rootYears, 0, 0),
		KeyUsage:              x509.KeyUsageCertSign,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true,
		IsCA:                  true,
		MaxPathLenZero:        true,
	}, nil)
	if err != nil {
		return root, err
	}
	if err := f.write(root); err != nil {
		return root, parley.Errorf(parley.CodeStore, "the certificate authority cannot be written: %w", err)
	}
	log.Info("made a certificate authority", "file", f.cert(),
		"fingerprint", caPin(root.Leaf).fingerprint())
	return root, nil
}

func (f rootFiles) write(root tls.Certificate) error {
	der, err := x509.MarshalPKCS8PrivateKey(root.PrivateKey)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(f.dir, 0o700); err != nil {
		return err
	}
	if err := writeFile(f.key(), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), 0o600); err != nil {
		return err
	}
	return writeFile(f.cert(), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: root.Certificate[0]}), 0o644)
}

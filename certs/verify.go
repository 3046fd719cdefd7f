package certs

import (
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"parley"
)

// firstUse is trust on first use, for servers that the system does not trust.
type firstUse struct {
	*server
	roots *x509.CertPool // nil for the system's
	pins  pinsFile
	peek  bool // nothing is pinned
}

// verify accepts a server that the system trusts, that fits its pin, or that has none yet and gets one.
//
// crypto/tls calls it before the server has proved that it holds the key of the certificate, so a stranger can have a
// copy of somebody else's pinned here and then fail. That is no more than a stranger can do who answers first with an
// authority of his own, and it ends in the same sentence about a change.
func (f *firstUse) verify(chain []*x509.Certificate) error {
	if f.chainError(f.roots, chain) == nil {
		return nil
	}
	entry, known, err := f.pins.find(f.address)
	switch {
	case err != nil:
		return err
	case known:
		return f.verifyPinned(entry, chain)
	}
	return f.pin(chain)
}

// pin remembers a server that is new. One that shows an authority must be certified by it for the host already now,
// since it will have to be next time.
func (f *firstUse) pin(chain []*x509.Certificate) error {
	if ca := authorityIn(chain); ca != nil {
		if err := f.verifyBy(poolOf(ca), chain, "the authority it shows"); err != nil {
			return err
		}
	}
	p := pinOf(chain)
	if f.peek {
		f.notice(fmt.Sprintf("not known here: the %s of %s would be pinned, %s (the server's banner must show the same)",
			p.noun(), f.address, p.fingerprint()))
		return nil
	}
	entry, added, err := f.pins.add(f.address, p)
	switch {
	case err != nil:
		return err
	case !added: // another client came here at the same moment and was first
		return f.verifyPinned(entry, chain)
	}
	f.notice(fmt.Sprintf("first time here: pinned the %s of %s, %s (the server's banner must show the same)",
		p.noun(), f.address, p.fingerprint()))
	return nil
}

// verifyPinned holds a chain against a pin. A pinned authority has to certify the host; a pinned key stands for the
// server whatever its certificate says, as a host key of SSH does.
func (f *firstUse) verifyPinned(entry pinEntry, chain []*x509.Certificate) error {
	if entry.pin == keyPin(chain[0]) {
		return nil
	}
	for _, c := range chain[1:] {
		if entry.pin == caPin(c) {
			return f.verifyBy(poolOf(c), chain, "the pinned authority")
		}
	}
	shown := pinOf(chain)
	return f.refuse(nil, "the %s of %s has changed: pinned is %s, now it shows %s; either the server was set up anew "+
		"or somebody is between you and it, so ask its operator, compare with the fingerprint in the server's banner, "+
		"and only if that is the new one remove line %d of %s and join again", entry.pin.noun(), f.address,
		entry.pin, shown, entry.line, string(f.pins))
}

// verifyBy verifies a chain by roots alone; who they are goes into the sentence.
func (s *server) verifyBy(roots *x509.CertPool, chain []*x509.Certificate, who string) error {
	err := s.chainError(roots, chain)
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		return s.refuse(err, "the certificate of %s is not signed by %s", s.address, who)
	}
	if _, ok := errors.AsType[x509.HostnameError](err); ok {
		return s.refuse(err, "the certificate of %s is not for %s but for %s; join by one of these, or have the operator "+
			"add %[2]s to it", s.address, s.host, subjectsOf(chain[0]))
	}
	if invalid, ok := errors.AsType[x509.CertificateInvalidError](err); ok && invalid.Reason == x509.Expired {
		return s.refuse(err, "the certificate of %s is valid from %s until %s, and the clock here says %s: one of the "+
			"two has to be put right", s.address, day(invalid.Cert.NotBefore), day(invalid.Cert.NotAfter), day(s.now()))
	}
	return s.refuse(err, "the certificate of %s is not valid: %s", s.address, parley.CleanLine(err.Error()))
}

// chainError verifies by RFC 5280 that the first of chain leads to one of roots, is for the host, for servers, and of
// now.
func (s *server) chainError(roots *x509.CertPool, chain []*x509.Certificate) error {
	_, err := chain[0].Verify(x509.VerifyOptions{
		DNSName:       s.host,
		Roots:         roots,
		Intermediates: poolOf(chain[1:]...),
		CurrentTime:   s.now(),
	})
	return err
}

// refuse makes the error by which a certificate is refused, with ErrUntrusted and cause in its chain.
func (s *server) refuse(cause error, format string, args ...any) error {
	err := ErrUntrusted
	if cause != nil {
		err = fmt.Errorf("%w: %w", ErrUntrusted, cause)
	}
	return parley.Wrap(parley.CodeHandshake, err, fmt.Sprintf(format, args...))
}

func poolOf(certs ...*x509.Certificate) *x509.CertPool {
	pool := x509.NewCertPool()
	for _, c := range certs {
		pool.AddCert(c)
	}
	return pool
}

// maxSubjects is how many names of a certificate a sentence tells.
const maxSubjects = 10

// subjectsOf tells whom a certificate is for. The names come from a stranger and are cleaned.
func subjectsOf(cert *x509.Certificate) string {
	all := append([]string(nil), cert.DNSNames...)
	for _, ip := range cert.IPAddresses {
		all = append(all, net.IP(ip).String())
	}
	if len(all) == 0 {
		return "nobody (it has no name)"
	}
	if len(all) > maxSubjects {
		all = append(all[:maxSubjects], "…")
	}
	return parley.CleanLine(strings.Join(all, ", "))
}

func day(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 MST") }

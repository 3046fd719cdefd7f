package certs

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"net/netip"
	"slices"
	"time"

	"parley"
)

const (
	// leafLife is how long a server's certificate is valid. Short, because nothing but time ends one: there is no
	// revocation. A server up for longer than that renews on the way.
	leafLife = 90 * 24 * time.Hour
	// backdate is how far before its making a certificate is valid, for clients whose clocks run behind; those of a
	// dual-boot machine are often off by its time zone.
	backdate = 24 * time.Hour
)

// subjects is whom a leaf is for.
type subjects struct {
	names     []string
	addresses []netip.Addr
}

// leaf is a certificate for the server, its key, and when the next one is due.
type leaf struct {
	pair      tls.Certificate // with the authority's certificate after its own
	addresses []netip.Addr
	renewAt   time.Time
}

// due reports whether the leaf should be replaced: little of its time is left, or the clock was set back before it.
func (l *leaf) due(now time.Time) bool {
	return !now.Before(l.renewAt) || now.Before(l.pair.Leaf.NotBefore)
}

// covers reports whether a client that dialled addr accepts the leaf.
func (l *leaf) covers(addr netip.Addr) bool { return slices.Contains(l.addresses, addr) }

// issue makes a leaf with a new key. It ends before the authority does; once that is over, the error is a *parley.Error
// of CodeInvalid.
func issue(root *tls.Certificate, s subjects, now time.Time) (*leaf, error) {
	end := now.Add(leafLife)
	if end.After(root.Leaf.NotAfter) {
		end = root.Leaf.NotAfter
	}
	if !end.After(now) {
		return nil, parley.Errorf(parley.CodeInvalid, "the server's certificate authority expired on %s",
			root.Leaf.NotAfter.Format(time.DateOnly))
	}
	template := &x509.Certificate{
		Subject:     pkix.Name{CommonName: "Parley server"},
		NotBefore:   now.Add(-backdate),
		NotAfter:    end,
		KeyUsage:    x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		// An end entity says so (RFC 5280, section 4.2.1.9).
		BasicConstraintsValid: true,
		DNSNames:              s.names,
	}
	for _, a := range s.addresses {
		template.IPAddresses = append(template.IPAddresses, a.AsSlice())
	}
	pair, err := sign(template, root)
	if err != nil {
		return nil, err
	}
	return &leaf{pair: pair, addresses: s.addresses, renewAt: now.Add(end.Sub(now) * 2 / 3)}, nil
}

// sign makes a key and a certificate for it, with a random serial number, signed by issuer or, without one, by itself.
// The chain of the result is the certificate and, where there is one, the issuer's.
func sign(template *x509.Certificate, issuer *tls.Certificate) (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, parley.Errorf(parley.CodeInternal, "no key could be made: %w", err)
	}
	parent, parentKey, rest := template, any(key), [][]byte(nil)
	if issuer != nil {
		parent, parentKey, rest = issuer.Leaf, issuer.PrivateKey, issuer.Certificate
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), parentKey)
	if err != nil {
		return tls.Certificate{}, parley.Errorf(parley.CodeInternal, "no certificate could be made: %w", err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return tls.Certificate{}, parley.Errorf(parley.CodeInternal, "the certificate made cannot be read: %w", err)
	}
	return tls.Certificate{Certificate: append([][]byte{der}, rest...), PrivateKey: key, Leaf: cert}, nil
}

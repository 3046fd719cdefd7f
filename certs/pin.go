package certs

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"strings"
)

// pinKind says what of a server is pinned.
type pinKind string

const (
	// pinCA is the certificate of the authority that the server shows: the SHA-256 of the whole certificate, as
	// `openssl x509 -fingerprint -sha256` gives it.
	pinCA pinKind = "ca"
	// pinKey is the public key of the server's own certificate: the SHA-256 of its SubjectPublicKeyInfo, so that a
	// certificate renewed for the same key still fits (as in RFC 7469, section 2.4).
	pinKey pinKind = "key"
)

// pin is what a server is known by. It is comparable.
type pin struct {
	kind pinKind
	sum  [sha256.Size]byte
}

// fingerprintPrefix names the hash in front of every fingerprint that a person sees.
const fingerprintPrefix = "sha256:"

// fingerprint is the pin's hash as people compare it: "sha256:" and 64 lower-case hexadecimal digits.
func (p pin) fingerprint() string { return fingerprintPrefix + hex.EncodeToString(p.sum[:]) }

// String is the pin as it stands in a pins file: its kind, a space and its fingerprint.
func (p pin) String() string { return string(p.kind) + " " + p.fingerprint() }

// noun is what people are told that the pin is of.
func (p pin) noun() string {
	if p.kind == pinCA {
		return "authority"
	}
	return "key"
}

// parsePin reads the two words of String.
func parsePin(kind, fingerprint string) (pin, error) {
	p := pin{kind: pinKind(kind)}
	if p.kind != pinCA && p.kind != pinKey {
		return p, fmt.Errorf("%q is neither %s nor %s", kind, pinCA, pinKey)
	}
	digits, ok := strings.CutPrefix(fingerprint, fingerprintPrefix)
	sum, err := hex.DecodeString(digits)
	if !ok || err != nil || len(sum) != len(p.sum) {
		return p, fmt.Errorf("a fingerprint is %q and %d hexadecimal digits", fingerprintPrefix, 2*len(p.sum))
	}
	copy(p.sum[:], sum)
	return p, nil
}

// pinOf gives what a server with this chain, its own certificate first, is known by: the authority in the chain that
// its certificate leads to, else its key. The chain must not be empty.
func pinOf(chain []*x509.Certificate) pin {
	if ca := authorityIn(chain); ca != nil {
		return caPin(ca)
	}
	return keyPin(chain[0])
}

func caPin(ca *x509.Certificate) pin { return pin{pinCA, sha256.Sum256(ca.Raw)} }
func keyPin(cert *x509.Certificate) pin {
	return pin{pinKey, sha256.Sum256(cert.RawSubjectPublicKeyInfo)}
}

// authorityIn gives the self-issued authority in the chain that signed its first certificate, directly or through
// others in the chain, and nil where there is none. The first certificate is never its own authority: what `openssl req
// -x509` makes says that it is one, and yet it is known by its key. Dates and names are not looked at here.
func authorityIn(chain []*x509.Certificate) *x509.Certificate {
	current := chain[0]
	for range len(chain) - 1 {
		current = issuerOf(current, chain[1:])
		if current == nil || isSelfIssued(current) {
			return current
		}
	}
	return nil
}

// issuerOf gives the one of candidates that signed cert and may sign certificates, or nil.
func issuerOf(cert *x509.Certificate, candidates []*x509.Certificate) *x509.Certificate {
	for _, c := range candidates {
		if bytes.Equal(cert.RawIssuer, c.RawSubject) && cert.CheckSignatureFrom(c) == nil {
			return c
		}
	}
	return nil
}

// isSelfIssued reports whether cert is the root of an authority: it is signed by its own key.
func isSelfIssued(cert *x509.Certificate) bool {
	return bytes.Equal(cert.RawIssuer, cert.RawSubject) && cert.CheckSignatureFrom(cert) == nil
}

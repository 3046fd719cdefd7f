package certs

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/netip"
	"os"
	"time"

	"parley"
)

// ErrUntrusted is in the chain of every error by which a client refuses a server's certificate. Connecting again does
// not help: a person has to decide something.
var ErrUntrusted = errors.New("the server's certificate is not trusted")

// ClientOptions says how a client trusts one server.
type ClientOptions struct {
	// Address is host:port as dialled, by which the server's pin is kept.
	Address string
	// Host is the name or IP address that the certificate has to be for; "" means that of Address.
	Host string
	// CAFile names a PEM file of certificates; the server's must be one of them or lead to one of them, and neither the
	// system nor a pin counts. "" means trust as the package comment says.
	CAFile string
	// Insecure verifies nothing; Notice says so for each connection. It excludes CAFile.
	Insecure bool
	// PinsFile is where pins are kept; it and its folder are made when they are needed. It may be "" where CAFile or
	// Insecure leaves no use for it.
	PinsFile string
	// Peek remembers nobody: a server that would be pinned is accepted, and Notice says what the pin would be.
	Peek bool
	// Notice takes one line for the person, without line break and without the "* " that the client shows before it. It
	// is called during handshakes. nil drops them.
	Notice func(string)
	// Roots is whom the system trusts; nil means the system's own list.
	Roots *x509.CertPool
	// Now is the clock that certificates are held against; nil means time.Now.
	Now func() time.Time
}

// ClientConfig gives the configuration for connections to one server. It may be used for any number of them, at once
// too.
//
// The handshake fails with a *parley.Error of CodeHandshake with ErrUntrusted in its chain when the server is refused,
// and with CodeInvalid or CodeStore when the pins file is damaged or cannot be read or written: a server that cannot be
// remembered is not trusted. ClientConfig itself fails with CodeInvalid when the options contradict each other or
// CAFile is of no use, and as the handshake does when the pins file is damaged.
func ClientConfig(o ClientOptions) (*tls.Config, error) {
	s, err := newServer(o)
	if err != nil {
		return nil, err
	}
	verify, err := s.verification(o)
	if err != nil {
		return nil, err
	}
	return &tls.Config{
		MinVersion: minVersion,
		ServerName: s.host,
		Time:       s.now,
		// What crypto/tls verifies by itself is not all that is trusted here, so it is told to verify nothing, and
		// VerifyConnection does it all. Unlike VerifyPeerCertificate it is called for resumed sessions as well, not
		// that there are any: without a ClientSessionCache each handshake is a full one.
		InsecureSkipVerify: true,
		VerifyConnection: func(state tls.ConnectionState) error {
			if len(state.PeerCertificates) == 0 {
				return s.refuse(nil, "%s shows no certificate", s.address)
			}
			return verify(state.PeerCertificates)
		},
	}, nil
}

// server is the server that a client means to reach.
type server struct {
	address string // folded
	host    string // without a zone
	now     func() time.Time
	notice  func(string)
}

func newServer(o ClientOptions) (*server, error) {
	host, port, err := foldAddress(o.Address)
	if err != nil {
		return nil, parley.Errorf(parley.CodeInvalid, "%w", err)
	}
	s := &server{address: net.JoinHostPort(host, port), host: host, now: o.Now, notice: o.Notice}
	if o.Host != "" {
		if s.host, _, err = foldAddress(net.JoinHostPort(o.Host, port)); err != nil {
			return nil, parley.Errorf(parley.CodeInvalid, "%w", err)
		}
	}
	if ip, err := netip.ParseAddr(s.host); err == nil {
		s.host = bareAddr(ip).String() // certificates know no zones
	}
	if s.now == nil {
		s.now = time.Now
	}
	if s.notice == nil {
		s.notice = func(string) {}
	}
	return s, nil
}

// verification chooses how a chain, which is never empty, is verified.
func (s *server) verification(o ClientOptions) (func([]*x509.Certificate) error, error) {
	switch {
	case o.Insecure && o.CAFile != "":
		return nil, parley.Errorf(parley.CodeInvalid, "either a CA file or no verification at all, not both")
	case o.Insecure:
		return s.anyone, nil
	case o.CAFile != "":
		roots, err := readRoots(o.CAFile)
		return func(chain []*x509.Certificate) error {
			return s.verifyBy(roots, chain, "anyone in "+o.CAFile)
		}, err
	case o.PinsFile == "":
		return nil, parley.Errorf(parley.CodeInvalid, "no file to keep pins in")
	}
	f := &firstUse{server: s, roots: o.Roots, pins: pinsFile(o.PinsFile), peek: o.Peek}
	_, _, err := f.pins.find(s.address) // a damaged file is told before anybody is dialled
	return f.verify, err
}

// anyone trusts whoever answers, and says so.
func (s *server) anyone(chain []*x509.Certificate) error {
	s.notice("not verified who " + s.address + " is: whoever is on the way can read and change everything (it shows " +
		pinOf(chain).String() + ")")
	return nil
}

// readRoots reads the certificates of a file.
func readRoots(file string) (*x509.CertPool, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, parley.Errorf(parley.CodeInvalid, "the CA file cannot be read: %w", err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(data) {
		return nil, parley.Errorf(parley.CodeInvalid, "%s holds no certificate in PEM", file)
	}
	return roots, nil
}

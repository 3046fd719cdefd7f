package server

import (
	"crypto/tls"
	"log/slog"
	"net"
	"path/filepath"
	"slices"
	"time"

	"parley"
	"parley/certs"
)

// certificates is where the certificates of a listener with TLS come from.
type certificates interface {
	ServerConfig() *tls.Config
	Fingerprint() string
}

// tlsLater stands for certificates that are read after the listeners were opened: listeners come first, so that a port in
// use is the first thing one is told, and the server's own certificates lie in the data directory, which comes second.
type tlsLater struct{ actual *tls.Config }

// config is what a listener is opened with. Nothing is accepted before the certificates are there.
func (l *tlsLater) config() *tls.Config {
	return &tls.Config{
		MinVersion:         tls.VersionTLS12,
		GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) { return l.actual, nil },
	}
}

// openCertificates gives the certificates that the configuration names, or the server's own, made if need be. It gives nil
// where no listener needs any.
func openCertificates(c Config, specs []listenURL, data string, now func() time.Time, log *slog.Logger) (certificates, error) {
	switch {
	case (c.TLSCert == "") != (c.TLSKey == ""):
		return nil, parley.Errorf(parley.CodeInvalid, "--tls-cert and --tls-key go together")
	case !slices.ContainsFunc(specs, func(l listenURL) bool { return l.tls }):
		return nil, nil
	case c.TLSCert != "":
		return certs.FromFiles(c.TLSCert, c.TLSKey, now, log)
	}
	authority, err := certs.OpenAuthority(filepath.Join(data, "tls"), now, log)
	if err != nil {
		return nil, err
	}
	return authority, authority.AddNames(hosts(specs)...)
}

// hosts gives the names and addresses by which the listeners were asked for: people will join by them.
func hosts(specs []listenURL) []string {
	var names []string
	for _, l := range specs {
		if host, _, err := net.SplitHostPort(l.address); err == nil && host != "" && l.tls {
			names = append(names, host)
		}
	}
	return names
}

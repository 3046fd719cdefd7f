package doctor

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"parley/server"
)

// expiresSoon is how long before its end a certificate that nobody renews by itself is warned of.
const expiresSoon = 14 * 24 * time.Hour

// certificate looks at what the listeners with TLS would show.
func (m Machine) certificate() []Finding {
	c := m.Config
	switch {
	case (c.TLSCert == "") != (c.TLSKey == ""):
		return []Finding{about("", Wrong, "--tls-cert and --tls-key go together", "parley serve --help")}
	case c.TLSCert != "":
		return []Finding{m.pair()}
	case !slices.ContainsFunc(m.plan.Listeners, func(l server.Planned) bool { return l.TLS }):
		return []Finding{unseen("", "no listener has TLS")}
	case m.plan.Data == "":
		return []Finding{fine("", "the server makes its own, and keeps nothing: clients that come back will refuse the next")}
	}
	return []Finding{m.authority(filepath.Join(m.plan.Data, "tls", "ca.pem"))}
}

// authority looks at the server's own certificate authority.
func (m Machine) authority(file string) Finding {
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return fine("", "the server makes its own when it starts")
	}
	if err != nil {
		return about(file, Wrong, "it cannot be read: "+rootCause(err), m.own(file))
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return about(file, Wrong, "it holds no certificate", m.setAside(file))
	}
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return about(file, Wrong, "it is damaged: "+err.Error(), m.setAside(file))
	}
	if f := m.judgeDates(file, cert, m.setAside(file)); f.Status != OK {
		return f
	}
	return fine(file, "the server's own authority, valid until "+day(cert.NotAfter))
}

// setAside gives the command by which the server makes a new authority.
func (m Machine) setAside(file string) string {
	folder := m.system().quoted(filepath.Dir(file))
	where := " " + folder + " " + folder + "-old   # clients then have to be told"
	return alike("mv"+where, "Move-Item"+where).on(m.system())
}

// pair looks at a certificate and key that somebody else has made.
func (m Machine) pair() Finding {
	certFile, keyFile := m.Config.TLSCert, m.Config.TLSKey
	cert, err := os.ReadFile(certFile)
	if err != nil {
		return about(certFile, Wrong, "it cannot be read: "+rootCause(err), m.mayRead(certFile))
	}
	key, err := os.ReadFile(keyFile)
	if err != nil {
		return about(keyFile, Wrong, "it cannot be read: "+rootCause(err), m.mayRead(keyFile))
	}
	pair, err := tls.X509KeyPair(cert, key)
	if err != nil {
		return m.judgePair(err)
	}
	f := m.judgeDates(certFile, pair.Leaf, "")
	if f.Status == Wrong {
		return f
	}
	for _, name := range m.Config.PublicNames {
		if host, _, err := net.SplitHostPort(name); err == nil {
			name = host
		}
		if pair.Leaf.VerifyHostname(name) != nil {
			return about(certFile, Wrong, fmt.Sprintf("it is not for %s, by which people come (--public-name), but for %s",
				name, namesIn(pair.Leaf)), m.showNames(certFile))
		}
	}
	if f.Status == OK {
		f.Cause = "is for " + namesIn(pair.Leaf) + ", valid until " + day(pair.Leaf.NotAfter)
	}
	return f
}

// judgePair judges why two files are not a certificate and its key.
func (m Machine) judgePair(err error) Finding {
	certFile, keyFile := m.Config.TLSCert, m.Config.TLSKey
	remedy := "openssl x509 -noout -pubkey -in " + m.system().quoted(certFile) + "; openssl pkey -pubout -in " +
		m.system().quoted(keyFile) + "   # both have to be the same"
	switch {
	case strings.Contains(err.Error(), "does not match"):
		return about(certFile, Wrong, "the key in "+keyFile+" is not that of this certificate", remedy)
	case strings.Contains(err.Error(), "in key input"), strings.Contains(err.Error(), "for the private key"):
		return about(keyFile, Wrong, "it holds no private key in PEM", remedy)
	}
	return about(certFile, Wrong, "it cannot be used: "+strings.TrimPrefix(rootCause(err), "tls: "), remedy)
}

// mayRead gives the command that lets this user read a file.
func (m Machine) mayRead(file string) string {
	file = m.system().quoted(file)
	return by{
		linux:   "sudo setfacl -m u:" + whoami() + ":r " + file,
		darwin:  "sudo chmod +a \"" + whoami() + " allow read\" " + file,
		windows: "icacls " + file + " /grant \"${env:USERNAME}:R\"",
	}.on(m.system())
}

// showNames gives the command that shows what a certificate is for.
func (m Machine) showNames(file string) string {
	return "openssl x509 -noout -ext subjectAltName -in " + m.system().quoted(file) + "   # have one made for the name"
}

// judgeDates holds a certificate against the clock. Remedy is what is done about one that has expired; "" for one that
// somebody else has made.
func (m Machine) judgeDates(of string, cert *x509.Certificate, remedy string) Finding {
	if remedy == "" {
		remedy = "openssl x509 -noout -dates -in " + m.system().quoted(of) + "   # then have a new one made"
	}
	return judgeDates(of, cert, m.Now(), remedy, setClock(m.system()))
}

// judgeDates holds a certificate against a clock; renew and setClock are the remedies.
func judgeDates(of string, cert *x509.Certificate, now time.Time, renew, setClock string) Finding {
	switch {
	case now.Before(cert.NotBefore):
		return about(of, Wrong, fmt.Sprintf("the certificate is not valid yet: it begins on %s, and the clock here says %s; "+
			"one of the two is wrong", day(cert.NotBefore), day(now)), setClock)
	case now.After(cert.NotAfter):
		return about(of, Wrong, fmt.Sprintf("the certificate has expired: it ended on %s, and the clock here says %s",
			day(cert.NotAfter), day(now)), renew)
	case cert.NotAfter.Sub(now) < expiresSoon && cert.NotAfter.Sub(cert.NotBefore) > 2*expiresSoon:
		return about(of, Warn, "the certificate ends soon, on "+day(cert.NotAfter), renew)
	}
	return fine(of, "valid until "+day(cert.NotAfter))
}

// namesIn tells whom a certificate is for.
func namesIn(cert *x509.Certificate) string {
	names := slices.Clone(cert.DNSNames)
	for _, ip := range cert.IPAddresses {
		names = append(names, net.IP(ip).String())
	}
	if len(names) == 0 {
		return "nobody (it has no name)"
	}
	if len(names) > 10 {
		names = append(names[:10], "…")
	}
	return strings.Join(names, ", ")
}

// day writes a time for people.
func day(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 MST") }

package doctor

import (
	"context"
	"crypto/tls"
	"fmt"

	"parley"
	"parley/certs"
)

// trust looks at the certificate that was shown: whether it is of now and for this host, and whether a client trusts
// it.
func (j *journey) trust(context.Context) []Finding {
	if !j.Target.TLS {
		return []Finding{unseen("", "the URL asks for no TLS")}
	}
	if len(j.chain) == 0 {
		return []Finding{about("", Wrong, "none was shown", j.there())}
	}
	leaf, host := j.chain[0], bare(j.Target.Host)
	renew := "parley doctor --tls-cert FILE --tls-key FILE   # on the server's machine: it needs a new certificate"
	f := judgeDates("", leaf, j.Now(), renew, setClock(j.system()))
	switch {
	case f.Status == Wrong:
		return []Finding{f}
	case leaf.VerifyHostname(host) != nil:
		return []Finding{about("", Wrong, fmt.Sprintf("the certificate is not for %s but for %s; join by one of these", host,
			namesIn(leaf)), renew)}
	}
	trusted, err := j.judgeTrust()
	switch {
	case err != nil:
		return []Finding{about("", Wrong, parley.Sentence(err), j.compare())}
	case f.Status == Warn:
		return []Finding{f}
	}
	return []Finding{fine("", f.Cause+", for "+namesIn(leaf)+"; "+trusted)}
}

// judgeTrust asks whether `parley join` would trust who was met, and remembers nobody.
func (j *journey) judgeTrust() (trusted string, err error) {
	trusted = "it is trusted"
	config, err := certs.ClientConfig(certs.ClientOptions{
		Address: j.Target.Address(), CAFile: j.CAFile, Insecure: j.Insecure, PinsFile: j.PinsFile, Peek: true, Roots: j.Roots,
		Now: j.Now, Notice: func(line string) { trusted = line },
	})
	if err != nil {
		return "", err
	}
	return trusted, config.VerifyConnection(tls.ConnectionState{PeerCertificates: j.chain})
}

// compare gives the command that shows the fingerprint of the server's authority.
func (j *journey) compare() string {
	return "openssl x509 -noout -fingerprint -sha256 -in ~/.local/share/parley/tls/ca.pem   # there, to compare"
}

package certs

import (
	"crypto/tls"
	"time"
)

// The oldest version of TLS that is spoken. 1.3 is what two ends of today agree on. 1.2 stays because classroom
// machines have programs that know nothing newer (Python before 3.7, Java before 11, Schannel before Windows 11); with
// the cipher suites that Go offers for it, all of them with forward secrecy, it is sound. 1.0 and 1.1 are deprecated
// (RFC 8996).
const minVersion = tls.VersionTLS12

// serverConfig gives the configuration of a listener whose certificate comes from get, asked anew in each handshake.
// Sessions are not resumed: a chat connection lasts for hours, so that a saved round trip is nothing, and a resumed
// session would go on under a certificate that has been replaced since.
func serverConfig(get func(*tls.ClientHelloInfo) (*tls.Certificate, error), now func() time.Time) *tls.Config {
	return &tls.Config{
		MinVersion:             minVersion,
		GetCertificate:         get,
		SessionTicketsDisabled: true,
		Time:                   now,
	}
}

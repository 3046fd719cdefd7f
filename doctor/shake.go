package doctor

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"os"
	"strings"
)

// shakeHands speaks TLS on a new connection, and trusts whoever answers: who that is, another check judges.
func (j *journey) shakeHands(ctx context.Context) (*tls.Conn, error) {
	conn, err := j.dial(ctx)
	if err != nil {
		return nil, err
	}
	secure := tls.Client(conn, &tls.Config{ServerName: bare(j.Target.Host), InsecureSkipVerify: true})
	if err := secure.HandshakeContext(ctx); err != nil {
		_ = conn.Close()
		return nil, err
	}
	return secure, nil
}

// bare gives a host without a zone.
func bare(host string) string {
	host, _, _ = strings.Cut(host, "%")
	return host
}

// shake looks whether TLS is spoken where it is asked for.
func (j *journey) shake(ctx context.Context) []Finding {
	if !j.Target.TLS {
		return []Finding{unseen("", "the URL asks for none")}
	}
	secure, err := j.shakeHands(ctx)
	if err == nil {
		defer secure.Close()
		state := secure.ConnectionState()
		j.chain = state.PeerCertificates
		return []Finding{fine("", "is spoken: "+tls.VersionName(state.Version))}
	}
	a := j.listen(ctx, false)
	switch {
	case a.kind == parleys && !strings.HasSuffix(a.scheme, "+tls") && a.scheme != "https":
		return []Finding{about("", Wrong, "no TLS is spoken there: it is Parley's "+a.scheme+"://", j.join(a.scheme))}
	case a.kind == serves || a.kind == talks:
		return []Finding{about("", Wrong, "no TLS is spoken there, and it is not Parley: it is "+a.program, j.there())}
	case a.kind == hungUp && (errors.Is(err, io.EOF) || isReset(err)):
		return []Finding{about("", Wrong, "what is there hangs up before TLS has begun: another program, or a server that "+
			"is full", j.there())}
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded):
		return []Finding{about("", Wrong, "TLS does not come about: what is there does not answer in time", j.there())}
	}
	return []Finding{about("", Wrong, "TLS does not come about: "+strings.TrimPrefix(rootCause(err), "tls: "), j.there())}
}

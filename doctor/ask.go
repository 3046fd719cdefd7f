package doctor

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"time"
)

// isUDP reports whether the server is one of datagrams.
func (j *journey) isUDP() bool { return j.Target.Scheme == "plain+udp" }

// dial connects to where the server was reached.
func (j *journey) dial(ctx context.Context) (net.Conn, error) {
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", j.reached.String())
	if err != nil {
		return nil, err
	}
	if end, limited := ctx.Deadline(); limited {
		_ = conn.SetDeadline(end)
	}
	return conn, nil
}

// ask looks what it is that answers.
func (j *journey) ask(ctx context.Context) []Finding {
	if j.isUDP() {
		return []Finding{unseen("", "over UDP there is no asking twice: see address")}
	}
	j.answer = j.listen(ctx, j.Target.TLS)
	j.answered = j.Now()
	if j.Target.TLS && j.answer.scheme == "http" { // which does not say that it is under TLS
		j.answer.scheme = "https"
	}
	if !j.Target.TLS && (j.answer.kind == silent || j.answer.kind == hungUp || j.answer.kind == encrypts) {
		if secure, err := j.shakeHands(ctx); err == nil {
			_ = secure.Close()
			j.answer.kind = encrypts
		}
	}
	return []Finding{j.judge(j.answer)}
}

// question asks any listener of Parley what it is.
func (j *journey) question() []byte {
	return []byte("GET /v1/openapi.json HTTP/1.1\r\nHost: " + hostOf(j.Target.URL()) +
		"\r\nUser-Agent: parley-doctor\r\nConnection: close\r\n\r\n")
}

// hostOf gives what stands behind the scheme of a URL.
func hostOf(base string) string {
	_, host, _ := strings.Cut(base, "://")
	return host
}

// listen asks, and listens until the other side is done, under TLS or not.
func (j *journey) listen(ctx context.Context, secure bool) answer {
	ctx, cancel := context.WithTimeout(ctx, patience(ctx, time.Minute)) // so that there is time for a second question
	defer cancel()
	var conn net.Conn
	var err error
	if secure {
		conn, err = j.shakeHands(ctx)
	} else {
		conn, err = j.dial(ctx)
	}
	if err != nil {
		return answer{kind: hungUp}
	}
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Now()) })
	defer stop()
	_, _ = conn.Write(j.question()) // who does not take it may have said something all the same
	said, err := io.ReadAll(io.LimitReader(conn, maxAnswer))
	return judgeAnswer(said, !errors.Is(err, os.ErrDeadlineExceeded))
}

// judge judges what has answered, by what was expected.
func (j *journey) judge(a answer) Finding {
	asked := schemeOf(j.Target.URL())
	switch a.kind {
	case silent:
		return about("", Wrong, "it can be connected to and says nothing: another program, or a server that serves one "+
			"after the other (serial=1) and is busy", j.there())
	case hungUp:
		return about("", Wrong, "it can be connected to and hangs up at once: another program, or something on the way that "+
			"lets nothing through", j.there())
	case encrypts:
		return about("", Wrong, "TLS is spoken there, and the URL asks for none", j.join(encrypted(asked)))
	case serves, talks:
		return about("", Wrong, "it is not Parley that answers there: it is "+a.program, j.there())
	}
	switch {
	case a.code == "misdirected":
		return about("", Wrong, "it is Parley, and says: "+a.refusal, "parley serve --public-name "+
			j.system().quoted(bare(j.Target.Host))+"   # beside its other flags, on the server's machine")
	case a.scheme == encrypted(asked):
		return about("", Wrong, "TLS is spoken there, and the URL asks for none", j.join(a.scheme))
	case a.scheme != "" && a.scheme != asked:
		return about("", Wrong, "it is Parley, and speaks "+a.scheme+":// there", j.join(a.scheme))
	case strings.Contains(a.refusal, "server is full"):
		return about("", Warn, "it is Parley, and says: "+a.refusal, "parley serve --listen "+
			j.system().quoted(j.Target.Listen("0.0.0.0")+"?clients=20000")+"   # for example, on the server's machine")
	case a.refusal != "":
		return about("", Warn, "it is Parley, and says: "+a.refusal, "")
	}
	return fine("", "it is Parley, and speaks "+asked+"://")
}

// schemeOf gives the scheme of a URL.
func schemeOf(base string) string {
	scheme, _, _ := strings.Cut(base, "://")
	return scheme
}

// encrypted gives the scheme that is the same under TLS.
func encrypted(scheme string) string {
	if scheme == "http" {
		return "https"
	}
	return scheme + "+tls"
}

// join gives the command that joins by another scheme.
func (j *journey) join(scheme string) string {
	return "parley join " + j.system().quoted(sameHost(j.Target.URL(), scheme))
}

// clocks compares the server's clock with this machine's.
func (j *journey) clocks(context.Context) []Finding {
	if j.answer.date.IsZero() {
		return []Finding{unseen("", "only http:// and https:// tell the time")}
	}
	return []Finding{judgeClocks(j.answered, j.answer.date, j.system())}
}

// interfaceVersion is the version of the HTTP interface that this program's commands speak.
const interfaceVersion = "1"

// version compares what the server speaks with what this program does.
func (j *journey) version(context.Context) []Finding {
	switch j.answer.version {
	case "":
		return []Finding{unseen("", "only http:// and https:// tell theirs")}
	case interfaceVersion:
		return []Finding{fine("", "it speaks version 1 of the interface, as this program does")}
	}
	return []Finding{about("", Wrong, "it speaks version "+short(j.answer.version)+" of the interface, and this program "+
		"version "+interfaceVersion, "parley version   # take the program of the same version as the server's")}
}

package doctor

import (
	"bufio"
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"parley"
	"parley/web/wire"
)

// kind is what answers at an address.
type kind int

const (
	silent   kind = iota // nothing was said
	hungUp               // nothing was said, and the connection was closed
	parleys              // Parley; scheme says which protocol
	encrypts             // something that wants TLS
	serves               // an HTTP server of somebody else's
	talks                // another program
)

// answer is what came back when a server was asked for the description of its interface, by HTTP. Every listener of
// Parley over TCP answers that, each in its own way (docs/wire-formats.md, "Strangers"), and it reaches no room.
type answer struct {
	kind    kind
	scheme  string    // of Parley, as in a URL; "" where that is not known
	version string    // of Parley's interface; "" where that is not known
	program string    // of others, as far as they say
	refusal string    // what Parley says against being asked; "" for nothing
	code    string    // of the refusal
	date    time.Time // by its clock; zero where it does not say
}

// maxAnswer is how much of an answer is read, in bytes.
const maxAnswer = 4 << 20

// joinLine is how Parley's listeners for text answer HTTP.
var joinLine = regexp.MustCompile(`To join it, run: parley join ([a-z+]+)://`)

// sentAway is how Parley's listeners for text send somebody away whom they have not listened to.
var sentAway = regexp.MustCompile(
	`^(?:closed: |error: |)(server is full \(.*|too many connections from .*|the server is stopping)`)

// judgeAnswer tells what has said something. Over is whether it has also closed the connection.
func judgeAnswer(said []byte, over bool) answer {
	switch {
	case len(said) == 0 && over:
		return answer{kind: hungUp}
	case len(said) == 0:
		return answer{kind: silent}
	case said[0] == 0x15 && len(said) > 1 && said[1] == 0x03: // an alert (RFC 8446, section 5.1)
		return answer{kind: encrypts}
	}
	if m := joinLine.FindSubmatch(said); m != nil {
		return answer{kind: parleys, scheme: string(m[1])}
	}
	i := bytes.Index(said, []byte("HTTP/1."))
	if i < 0 {
		return judgeText(said)
	}
	response, err := http.ReadResponse(bufio.NewReader(bytes.NewReader(said[i:])), nil)
	if err != nil {
		return judgeText(said)
	}
	defer response.Body.Close()
	var body bytes.Buffer
	_, _ = body.ReadFrom(response.Body) // what there is of it
	return judgeHTTP(response, body.Bytes())
}

// judgeHTTP tells which HTTP server has answered.
func judgeHTTP(response *http.Response, body []byte) answer {
	a := answer{kind: serves, program: "a web server"}
	a.date, _ = http.ParseTime(response.Header.Get("Date"))
	if named := response.Header.Get("Server"); named != "" {
		a.program = "a web server that calls itself " + short(named)
	}
	var described struct {
		Info struct{ Title, Version string }
	}
	problem, err := wire.DecodeAnswer[wire.Problem](body)
	isProblem := strings.HasPrefix(response.Header.Get("Content-Type"), "application/problem+json") // RFC 9457, section 3
	isDescribed := response.StatusCode == http.StatusOK && json.Unmarshal(body, &described) == nil
	switch {
	case isProblem && err == nil && problem.Code != "":
		a.kind, a.scheme, a.refusal, a.code = parleys, "http", parley.Sentence(problem.Err()), string(problem.Code)
		if strings.Contains(a.refusal, "this is HTTPS") {
			a.scheme = "https"
		}
	case isDescribed && described.Info.Title == "Parley":
		a.kind, a.scheme, a.version = parleys, "http", described.Info.Version
	case bytes.Contains(body, []byte("HTTP request to an HTTPS server")), // as Go's server says it
		bytes.Contains(body, []byte("sent to HTTPS port")): // and nginx
		a.kind = encrypts
	}
	return a
}

// tongues are how programs of other kinds begin.
var tongues = []struct{ begins, program string }{
	{"SSH-", "an SSH server"}, {"220 ", "a mail or FTP server"}, {"220-", "a mail or FTP server"},
	{"+OK", "a POP3 server"}, {"* OK", "an IMAP server"}, {"RFB ", "a VNC server"}, {":", "an IRC server"},
	{"NOTICE ", "an IRC server"},
}

// judgeText tells which program has said something that is no HTTP.
func judgeText(said []byte) answer {
	text := short(string(said))
	if m := sentAway.FindStringSubmatch(text); m != nil {
		return answer{kind: parleys, refusal: m[1]}
	}
	for _, t := range tongues {
		if strings.HasPrefix(text, t.begins) {
			return answer{kind: talks, program: t.program + ", which says “" + text + "”"}
		}
	}
	return answer{kind: talks, program: "another program, which says “" + text + "”"}
}

// maxShown is how many characters of what a stranger says are shown.
const maxShown = 60

// short gives the first line of what a stranger says, clean and cut.
func short(text string) string {
	line, _, _ := strings.Cut(strings.TrimLeft(text, "\r\n"), "\n")
	line = parley.CleanLine(strings.TrimSpace(line))
	if utf8.RuneCountInString(line) > maxShown {
		line = string([]rune(line)[:maxShown]) + "…"
	}
	return line
}

// sameHost gives a URL of the same host and port with another scheme.
func sameHost(base, scheme string) string {
	u, err := url.Parse(base)
	if err != nil {
		return scheme + "://" + base
	}
	return scheme + "://" + u.Host
}

package wire_test

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"parley/plain/wire"
)

// A web client can read the answer, and finds in it where to go.
func TestHTTPAnswer(t *testing.T) {
	answer := wire.HTTPAnswer("plain://127.0.0.1:8001", "http://127.0.0.1:7275")
	r, err := http.ReadResponse(bufio.NewReader(bytes.NewReader(answer)), nil)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil || r.StatusCode != http.StatusBadRequest || !r.Close ||
		!strings.Contains(string(body), "parley join plain://127.0.0.1:8001\nHTTP is spoken at http://127.0.0.1:7275/\n") {
		t.Errorf("%v, %v: %s", r, err, body)
	}
}

// A TLS client can read the answer too.
func TestTLSAnswer(t *testing.T) {
	ours, theirs := net.Pipe()
	defer ours.Close()
	failed := make(chan error, 1)
	go func() {
		defer theirs.Close()
		failed <- tls.Client(theirs, &tls.Config{InsecureSkipVerify: true}).Handshake()
	}()
	f := &wire.Framer{Guard: true}
	buf := make([]byte, 2048)
	n, err := ours.Read(buf)
	if err != nil {
		t.Fatal(err)
	}
	f.Feed(buf[:n], epoch)
	if frame, ok := f.Next(); !ok || frame.Kind != wire.FrameTLS {
		t.Fatalf("a ClientHello gives %v, %v", frame, ok)
	}
	go io.Copy(io.Discard, ours)
	if _, err := ours.Write(wire.TLSAnswer()); err != nil {
		t.Fatal(err)
	}
	if err := <-failed; err == nil || !strings.Contains(err.Error(), "handshake failure") {
		t.Errorf("the client says %v", err)
	}
}

func TestRequestLines(t *testing.T) {
	for line, want := range map[string]bool{
		"GET / HTTP/1.1":                   true,
		"POST /a?b=c HTTP/1.0":             true,
		"VERSION-CONTROL * HTTP/1.1":       true,
		"CONNECT example.org:443 HTTP/1.1": true,
		"PRI * HTTP/2.0":                   true,
		"GET /":                            false,
		"GET  HTTP/1.1":                    false,
		"get / HTTP/1.1":                   false,
		"GET / HTTP/1.1 ok":                false,
		"GET / HTTP/11":                    false,
		"I like HTTP/1.1":                  false,
		" / HTTP/1.1":                      false,
	} {
		f := &wire.Framer{Guard: true}
		f.Feed([]byte(line+"\r\n"), epoch)
		frame, ok := f.Next()
		if got := ok && frame.Kind == wire.FrameHTTP; got != want {
			t.Errorf("%q is taken for a request: %v", line, got)
		}
	}
}

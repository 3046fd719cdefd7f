package socket

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gobwas/ws"

	"parley"
	"parley/web/frame"
	"parley/web/wire"
)

// far is the server's end of a connection.
type far struct {
	t *testing.T
	net.Conn
	frames frame.Reader
}

// pair gives both ends of a WebSocket.
func pair(t *testing.T) (*Conn, *far) {
	near, end := net.Pipe()
	opened := make(chan *Conn)
	go func() {
		c, err := Open(t.Context(), near, "chat.example:7275")
		if err != nil {
			t.Error(err)
		}
		opened <- c
	}()
	if _, err := ws.Upgrade(end); err != nil {
		t.Fatal(err)
	}
	return <-opened, &far{t, end, frame.Reader{Masked: true, Limit: 1 << 20}}
}

func (f *far) next() frame.Message {
	f.t.Helper()
	buffer := make([]byte, 1024)
	for {
		m, ok, err := f.frames.Next()
		if err != nil {
			f.t.Fatal(err)
		}
		if ok {
			return m
		}
		n, err := f.Read(buffer)
		if err != nil {
			f.t.Fatal(err)
		}
		f.frames.Feed(buffer[:n])
	}
}

func (f *far) writes(p []byte) {
	f.t.Helper()
	if _, err := f.Write(p); err != nil {
		f.t.Error(err)
	}
}

func text(m wire.ServerMessage) []byte { return frame.AppendText(nil, m.Append) }

func TestMessagesGoBothWays(t *testing.T) {
	c, f := pair(t)
	defer c.Close()
	c.Send(wire.Ping{ID: "1"})
	if m := f.next(); string(m.Payload) != `{"type":"ping","id":"1"}` {
		t.Errorf("sent %q", m.Payload)
	}
	go f.writes(append(frame.AppendControl(nil, frame.Ping, []byte("x")), text(wire.Pong{ID: "1"})...))
	m, err := c.Next()
	if m != (wire.Pong{ID: "1"}) || err != nil {
		t.Errorf("%+v, %v", m, err)
	}
	if m := f.next(); m.Kind != frame.Pong || string(m.Payload) != "x" {
		t.Errorf("a ping is answered by %+v", m)
	}
}

// Whoever reads is never held up by what is to be written: a server that waits for its client to read, while the client
// waits for the server to read, would wait for ever.
func TestReadingGoesOnWhileNothingCanBeWritten(t *testing.T) {
	c, f := pair(t)
	defer f.Close()
	for range 1000 {
		c.Send(wire.Ping{})
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for i := range 1000 {
			f.writes(append(frame.AppendControl(nil, frame.Ping, nil), text(wire.Pong{ID: parley.MessageID(fmt.Sprint("p", i))})...))
		}
	}()
	for i := range 1000 {
		if m, err := c.Next(); err != nil || m.(wire.Pong).ID != parley.MessageID(fmt.Sprint("p", i)) {
			t.Fatalf("%+v, %v", m, err)
		}
	}
	<-done
	_ = c.Close()
}

func TestASilentServerIsAskedAndThenGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, f := pair(t)
		began := time.Now()
		failed := make(chan error)
		go func() {
			_, err := c.Next()
			failed <- err
		}()
		if m := f.next(); m.Kind != frame.Ping || time.Since(began) != silence {
			t.Errorf("%+v after %v", m, time.Since(began))
		}
		f.writes(frame.AppendControl(nil, frame.Pong, nil))
		heard := time.Now()
		if m := f.next(); m.Kind != frame.Ping || time.Since(heard) != silence {
			t.Errorf("%+v after %v", m, time.Since(heard))
		}
		if err := <-failed; parley.CodeOf(err) != parley.CodeIdle || time.Since(heard) != 2*silence {
			t.Errorf("%v after %v", err, time.Since(heard))
		}
		_ = c.Close()
	})
}

func TestLeaving(t *testing.T) {
	c, f := pair(t)
	c.Send(wire.Ping{ID: "last"})
	c.Leave()
	c.Send(wire.Ping{ID: "too late"})
	if m := f.next(); string(m.Payload) != `{"type":"ping","id":"last"}` {
		t.Errorf("sent %q", m.Payload)
	}
	if m := f.next(); m.Kind != frame.Close || m.Code != ws.StatusNormalClosure {
		t.Errorf("left by %+v", m)
	}
	go f.writes(frame.AppendClose(nil, ws.StatusNormalClosure, ""))
	if _, err := c.Next(); parley.CodeOf(err) != parley.CodeClosed || !errors.Is(err, io.EOF) {
		t.Errorf("it ended because %v", err)
	}
	_ = c.Close()
	if n, err := f.Read(make([]byte, 1)); err != io.EOF {
		t.Errorf("%d bytes behind the end, %v", n, err)
	}
}

func TestWhatIsNoMessageEndsTheConnection(t *testing.T) {
	for sent, code := range map[string]parley.Code{
		string(frame.AppendText(nil, func(dst []byte) []byte { return append(dst, "hello"...) })): parley.CodeInvalid,
		"\x82\x01x": parley.CodeWrongProtocol,
		"hello":     parley.CodeWrongProtocol,
	} {
		c, f := pair(t)
		go func() { _, _ = f.Write([]byte(sent)) }()
		if m, err := c.Next(); parley.CodeOf(err) != code {
			t.Errorf("%q: %+v, %v", sent, m, err)
		}
		_ = f.Close()
		_ = c.Close()
	}
}

func TestAHandshakeThatFails(t *testing.T) {
	for answer, want := range map[string]parley.Error{
		"HTTP/1.1 421 Misdirected Request\r\nContent-Type: application/problem+json\r\nContent-Length: 51\r\n\r\n" +
			`{"code":"misdirected","detail":"no such name here"}`: {Code: parley.CodeMisdirected, Sentence: "no such name here"},
		"HTTP/1.1 404 Not Found\r\nContent-Length: 5\r\n\r\nsorry": {Code: parley.CodeWrongProtocol, Sentence: "no Parley server answers there: it says 404 Not Found"},
		"HTTP/1.1 101 Switching Protocols\r\n\r\n":                 {Code: parley.CodeWrongProtocol, Sentence: "what answers there does not speak HTTP"},
		"welcome\n": {Code: parley.CodeWrongProtocol, Sentence: "what answers there does not speak HTTP"},
		"":          {Code: parley.CodeClosed, Sentence: "the connection was lost before it was open"},
		"HTTP/1.1 101 Switching Protocols\r\n" + strings.Repeat("X-Header: endless\r\n", 10_000): {Code: parley.CodeClosed, Sentence: "the connection was lost before it was open"},
	} {
		near, end := net.Pipe()
		go func() {
			if _, err := http.ReadRequest(bufio.NewReader(end)); err == nil {
				_, _ = io.WriteString(end, answer)
			}
			_ = end.Close()
		}()
		_, err := Open(t.Context(), near, "chat.example:7275")
		told, ok := errors.AsType[*parley.Error](err)
		if !ok || told.Code != want.Code || told.Sentence != want.Sentence {
			t.Errorf("%.40q: %v", answer, err)
		}
	}
}

func TestAHandshakeThatIsNotAnsweredInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		near, end := net.Pipe()
		go func() { _, _ = io.Copy(io.Discard, end) }()
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if _, err := Open(ctx, near, "chat.example"); parley.Sentence(err) != "no answer in time" {
			t.Error(err)
		}
	})
}

package plain_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/url"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/plain"
	"parley/plain/wire"
	"parley/transport"
)

func TestOptions(t *testing.T) {
	for query, want := range map[string]plain.Options{
		"":              {Welcome: "welcome"},
		"welcome=":      {},
		"welcome=a b":   {Welcome: "a b"},
		"frame=line":    {Welcome: "welcome", Lines: true},
		"style=says":    {Welcome: "welcome", Style: wire.Says},
		"echo=1":        {Welcome: "welcome", Echo: true},
		"echo=0":        {Welcome: "welcome"},
		"notices=1":     {Welcome: "welcome", Notices: true},
		"respond=upper": {Welcome: "welcome", Respond: plain.RespondUpper},
		"respond=input": {Welcome: "welcome", Respond: plain.RespondInput},
		"idle=2m":       {Welcome: "welcome", Idle: 2 * time.Minute},
		"idle=0":        {Welcome: "welcome"},
		"flood=off":     {Welcome: "welcome", Unpaced: true},
	} {
		values, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := plain.ParseOptions(values); err != nil || got != want {
			t.Errorf("%q: %+v, %v", query, got, err)
		}
	}
	for query, sentence := range map[string]string{
		"colour=red":    `unknown option "colour"`,
		"Welcome=a":     `unknown option "Welcome"`,
		"echo=1&echo=1": "option echo is given 2 times",
		"echo=yes":      `option echo takes 0 or 1, not "yes"`,
		"frame=byte":    `option frame takes line, not "byte"`,
		"style=irc":     `option style takes says, not "irc"`,
		"respond=lower": `option respond takes upper or input, not "lower"`,
		"flood=on":      `option flood takes off, not "on"`,
		"idle=120":      `option idle takes a time such as 120s or 2m, not "120"`,
		"idle=-1s":      `option idle takes a time such as 120s or 2m, not "-1s"`,
	} {
		values, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		_, err = plain.ParseOptions(values)
		if parley.CodeOf(err) != parley.CodeInvalid || parley.Sentence(err) != sentence {
			t.Errorf("%q: %v", query, err)
		}
	}
}

func TestRefuse(t *testing.T) {
	s := plain.New(plain.Config{})
	for _, test := range []struct {
		code           parley.Code
		sentence, want string
	}{
		{parley.CodeFull, "server is full (10 clients)", "server is full (10 clients)\n"},
		{parley.CodePerAddress, "too many connections from 10.0.0.1", "error: too many connections from 10.0.0.1\n"},
		{parley.CodeShutdown, "the server is stopping", "closed: the server is stopping\n"},
		{parley.CodeSlowReader, "too slow", "closed: too slow\n"},
		{parley.CodeIdle, "idle for 120s", "closed: idle for 120s\n"},
	} {
		if got := string(s.Refuse(parley.Errorf(test.code, "%s", test.sentence))); got != test.want {
			t.Errorf("%s: %q", test.sentence, got)
		}
	}
}

// served is a listener on loopback, for what a pipe cannot do. It gives its address.
func served(t *testing.T, s *plain.Server) string {
	t.Helper()
	l, err := transport.Listen(t.Context(), "127.0.0.1:0", transport.Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error)
	go func() { done <- l.Serve(s.Handle) }()
	t.Cleanup(func() {
		l.Close()
		if err := <-done; err != nil {
			t.Error(err)
		}
		ended, end := context.WithCancel(context.Background())
		end()
		l.Drain(ended)
	})
	return l.Addr().String()
}

// As from printf 'hi\n' | nc: the client closes its side before it has read anything, and gets every answer all the
// same.
func TestAnswersAfterAHalfClose(t *testing.T) {
	h := newHouse(t)
	h.files.files["a"] = strings.Repeat("x", 1<<20)
	for query, script := range map[string][2]string{
		"respond=upper": {"hello\nworld\n", "welcome\nHELLO\nWORLD\n"},
		"":              {"#ls", "welcome\nonline: ADDRESS\n"},
		"welcome=":      {"/name a\nquit\n", "you are a\n"},
		"notices=1": {"ask for file:a\n/name b\n",
			"welcome\nfile:a 1048576 sha256:" + digest(h.files.files["a"]) + "\n" + h.files.files["a"] + "you are b\n"},
	} {
		c, err := net.Dial("tcp", served(t, h.listener(query)))
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if _, err := io.WriteString(c, script[0]); err != nil {
			t.Fatal(err)
		}
		if err := c.(*net.TCPConn).CloseWrite(); err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(c)
		want := strings.ReplaceAll(script[1], "ADDRESS", strings.Replace(c.LocalAddr().String(), ":", " : ", 1))
		if err != nil || string(got) != want {
			t.Errorf("%q: %s, %v", script[0], abbreviate(string(got)), err)
		}
	}
}

// stuck is a connection to which nothing can be written in time.
type stuck struct{ net.Conn }

func (stuck) Write([]byte) (int, error) { return 0, os.ErrDeadlineExceeded }

// A connection that ended because a write timed out has not merely been silent: it must not be asked again and again.
func TestAWriteThatTimedOutIsTheEnd(t *testing.T) {
	inHouse(t, func(t *testing.T, h *house) {
		ours, theirs := net.Pipe()
		defer theirs.Close()
		c := transport.NewConn(stuck{ours}, transport.ConnOptions{})
		for step := h.listener("").Handle(c); step != nil; { // that ends
			step = step()
		}
		c.Cut(nil)
		if err := c.Reason(); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("it ended because of %v", err)
		}
	})
}

// A file that is refused and too large to drop ends the connection, but its client can still read why.
func TestARefusalArrives(t *testing.T) {
	h := newHouse(t)
	h.files.quota = 10
	c, err := net.Dial("tcp", served(t, h.listener("welcome=")))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := io.WriteString(c, "send file:a 2000000\n"+strings.Repeat("x", 500_000)); err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(c); err != nil || string(got) != "error: a file has at most 10 bytes\n" {
		t.Errorf("%q, %v", got, err)
	}
}

// One form for a listener: everybody on it shares each block.
func TestOptionsAreComparable(t *testing.T) {
	if !reflect.TypeFor[plain.Options]().Comparable() {
		t.Error("options cannot be compared")
	}
}

package client

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"parley"
)

// sitAtPlain puts somebody in front of a client of a fake plain server.
func sitAtPlain(t *testing.T, change ...func(*Options)) (*person, *served, *fakeServer) {
	t.Helper()
	server := listen(t, "127.0.0.1:0")
	o := Options{Target: server.target(SchemePlain)}
	for _, f := range change {
		f(&o)
	}
	p := sit(t, o)
	c := server.accept()
	c.say("welcome\n")
	p.out.expect(t, "welcome")
	return p, c, server
}

func TestTypedAndShown(t *testing.T) {
	p, c, server := sitAtPlain(t)
	p.types("hello", "", "@bob: psst", "@nobody", "#ls")
	c.expect("hello\n@bob: psst\n@nobody\n#ls\n")
	c.say("<bob> :hi\n<bob> (private) :psst yourself\nonline: bob, carol\n* carol left\nHELLO\n")
	p.out.expect(t, "HELLO")
	want := "* connected to " + server.Addr().String() + "\nwelcome\nbob: hi\nbob (direct): psst yourself\n" +
		"* online: bob, carol\n* carol left\nHELLO\n"
	if got := p.out.String(); got != want {
		t.Errorf("shown is\n%s, want\n%s", got, want)
	}
	if got := p.err.String(); got != "" {
		t.Errorf("the problems are %q", got)
	}
}

func TestFilesTypedAndShown(t *testing.T) {
	folder := NewFolder(t.TempDir())
	writeFile(t, filepath.Join(folder.Path(), "keep.jpg"), "picture")
	p, c, _ := sitAtPlain(t, withFiles(folder))
	file := fileNamed("keep.jpg", "picture")
	p.types("send file:keep.jpg", "ask for file:keep.jpg", "send file:none.jpg", "ask for file:../x", "ask for file:none.jpg")
	p.types("send file:", "ask for file: ")
	c.expect("send file:keep.jpg 7\npicture")
	c.say(header("stored ", file))
	c.expect("ask for file:keep.jpg\n")
	c.say(header("file:", file) + "picture")
	c.expect("ask for file:none.jpg\n")
	c.say("error: no such file: none.jpg\n")
	sum := fmt.Sprintf("%x", sha256.Sum256([]byte("picture")))
	p.out.expect(t, "* sent keep.jpg 7 bytes sha256:"+sum)
	p.out.expect(t, "* received keep.jpg 7 bytes sha256:"+sum+" as keep-1.jpg")
	p.out.expect(t, "* error: no such file: none.jpg")
	p.err.expect(t, "parley: there is no file none.jpg in the folder "+folder.Path())
	p.err.expect(t, "parley: a file name is not a path: ../x")
	p.err.expect(t, "parley: which file? write send file:PATH")
	p.err.expect(t, "parley: which file? write ask for file:NAME")
}

func TestExitAndQuitLeave(t *testing.T) {
	for _, word := range []string{"exit", "quit"} {
		p, c, _ := sitAtPlain(t)
		p.types("bye", word)
		c.expect("bye\n")
		c.expectEnd()
		_ = c.Close()
		if err := p.expectLeft(); err != nil {
			t.Errorf("%s: %v", word, err)
		}
	}
}

func TestEndOfInputLeaves(t *testing.T) {
	p, c, _ := sitAtPlain(t)
	p.types("bye")
	_ = p.in.Close()
	c.expect("bye\n")
	c.expectEnd()
	_ = c.Close()
	if err := p.expectLeft(); err != nil {
		t.Error(err)
	}
}

func TestInterruptLeaves(t *testing.T) {
	p, c, _ := sitAtPlain(t)
	p.stop()
	c.expectEnd()
	_ = c.Close()
	if err := p.expectLeft(); err != nil {
		t.Error(err)
	}
}

func TestFilesOnTheirWayArriveBeforeItLeaves(t *testing.T) {
	p, c, _ := sitAtPlain(t)
	p.types("ask for file:x", "exit")
	c.expect("ask for file:x\n")
	file := fileNamed("x", "first and second half")
	c.say(header("file:", file) + "first and")
	c.say(" second half")
	c.expectEnd()
	_ = c.Close()
	if err := p.expectLeft(); err != nil {
		t.Error(err)
	}
	p.out.expect(t, "* received x 21 bytes sha256:"+file.Digest.String())
}

func TestCutOffForGoodIsAnError(t *testing.T) {
	p, c, _ := sitAtPlain(t, func(o *Options) { o.NoReconnect = true })
	_ = c.Close()
	if err := p.expectLeft(); parley.CodeOf(err) != parley.CodeClosed {
		t.Errorf("it ended with %v", err)
	}
}

func TestWhatIsTypedWithoutAConnectionWaitsForOne(t *testing.T) {
	p, c, server := sitAtPlain(t)
	c.reset()
	c = server.accept()
	p.types("one", "two")
	c.expect("one\ntwo\n")
	p.types("exit")
	c.expectEnd()
	_ = c.Close()
	if err := p.expectLeft(); err != nil {
		t.Error(err)
	}
}

func TestExitWithoutAConnectionDoesNotWaitForOne(t *testing.T) {
	p, c, server := sitAtPlain(t)
	_ = server.Close()
	_ = c.Close()
	p.out.expect(t, "* the connection to "+server.Addr().String()+" is lost: the server has closed it; trying again in 500ms")
	p.types("hello?", "anybody?", "ask for file:x", "exit")
	if err := p.expectLeft(); err != nil {
		t.Error(err)
	}
	p.err.expect(t, "parley: not sent, there is no connection: hello?")
	p.err.expect(t, "parley: not sent, there is no connection: anybody?")
	p.err.expect(t, "parley: not sent, there is no connection: ask for file:x")
}

func TestWhatAProtocolDoesNotHaveIsSaid(t *testing.T) {
	d := listenUDP(t)
	p := sit(t, Options{Target: d.target()})
	p.types("send file:x", "@bob: psst", "#ls", "hello")
	d.expect("hello")
	for _, line := range []string{
		"* this protocol has no files",
		"* this protocol has no direct messages: nothing was sent",
		"* this protocol does not tell who is here",
	} {
		p.out.expect(t, line)
	}
	p.types("exit")
	if err := p.expectLeft(); err != nil || p.err.String() != "" {
		t.Errorf("it ended with %v, and the problems %q", err, p.err)
	}
}

func TestLinger(t *testing.T) {
	for _, test := range []struct {
		about, typed string
		leave        bool
		want         time.Duration
	}{
		{"the end of the input", "", false, 3 * time.Second},
		{"the end of the input on a terminal", "", true, 3 * time.Second},
		{"exit in a script, at once", "exit\n", false, 0},
		{"exit in a script, after a message", "hello\nexit\n", false, 3 * time.Second},
		{"exit on a terminal", "hello\nexit\n", true, 0},
	} {
		synctest.Test(t, func(t *testing.T) {
			w := pipe(t, Options{Target: Target{Scheme: SchemePlain}})
			server := w.accept()
			go func() { _, _ = io.Copy(io.Discard, server) }()
			out := newShown()
			mode := LineMode{
				Input:  ReadInput(t.Context(), strings.NewReader(test.typed)),
				Screen: &Screen{Out: out, Err: out}, Linger: 3 * time.Second, Leave: test.leave,
			}
			go func() {
				time.Sleep(2 * time.Second)
				_, _ = io.WriteString(server, "HELLO\n")
			}()
			began := time.Now()
			if err := mode.Run(t.Context(), w.Client); err != nil {
				t.Error(err)
			}
			if took := time.Since(began); took != test.want {
				t.Errorf("%s: it left after %v, want %v", test.about, took, test.want)
			}
			if got := strings.Contains(out.String(), "HELLO"); got != (test.want > 0) {
				t.Errorf("%s: shown is %q", test.about, out)
			}
			time.Sleep(5 * time.Second)
		})
	}
}

func TestTimeoutIsToldAndEndsTheLineMode(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := pipe(t, Options{Target: Target{Scheme: SchemePlain, Host: "h", Port: 1}, Timeout: 30 * time.Second})
		server := w.accept()
		go func() { _, _ = io.Copy(io.Discard, server) }()
		r, in := io.Pipe()
		out := newShown()
		ctx, cancel := context.WithCancel(t.Context())
		mode := LineMode{Input: ReadInput(ctx, r), Screen: &Screen{Out: out, Err: out}}
		go func() { _, _ = io.WriteString(in, "anybody?\n") }()
		if err := mode.Run(ctx, w.Client); parley.CodeOf(err) != parley.CodeIdle {
			t.Errorf("it ended with %v", err)
		}
		cancel()
		_ = in.Close()
	})
}

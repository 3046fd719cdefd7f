package transport

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"parley"
)

// tempFile makes a file of this content, open for reading.
func tempFile(t *testing.T, content []byte) *os.File {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

// A file goes out between what was sent before Copy and what was sent meanwhile.
func TestCopyInItsPlace(t *testing.T) {
	content := make([]byte, 5<<20) // more than any socket buffer
	_, _ = rand.Read(content)
	everywhere(t, func(t *testing.T, connect maker) {
		sources := map[string]io.Reader{
			"file":   tempFile(t, content),
			"reader": bytes.NewReader(content),
			"slow":   iotest.OneByteReader(bytes.NewReader(content)),
		}
		for name, source := range sources {
			size := len(content) - 100 // the rest is not asked for
			if name == "slow" {
				size = 10
			}
			c, peer := connect(t, ConnOptions{})
			copied := make(chan error)
			send(c, "before\n")
			go func() { copied <- c.Copy(t.Context(), source, int64(size)) }()
			wantText(t, peer, "before\n")
			wantText(t, peer, string(content[:1]))
			send(c, "after\n")
			wantText(t, peer, string(content[1:size]))
			wantText(t, peer, "after\n")
			if err := <-copied; err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

// Copy starts where the file stands, and an empty file is no bytes.
func TestCopyFromTheMiddle(t *testing.T) {
	everywhere(t, func(t *testing.T, connect maker) {
		c, peer := connect(t, ConnOptions{})
		f := tempFile(t, []byte("0123456789"))
		if _, err := f.Seek(4, io.SeekStart); err != nil {
			t.Fatal(err)
		}
		copied := make(chan error, 1)
		go func() {
			err := c.Copy(t.Context(), f, 3)
			copied <- errors.Join(err, c.Copy(t.Context(), f, 0), c.Copy(t.Context(), f, 3))
		}()
		wantText(t, peer, "456789")
		if err := <-copied; err != nil {
			t.Error(err)
		}
		wantCode(t, c.Copy(t.Context(), f, -1), parley.CodeInvalid)
	})
}

// A source that ends early, or fails, ends the connection: the peer could not tell what comes next from the rest of it.
func TestCopySourceFails(t *testing.T) {
	everywhere(t, func(t *testing.T, connect maker) {
		sources := map[string]io.Reader{
			"short reader": strings.NewReader("123"),
			"short file":   tempFile(t, []byte("123")),
			"failing":      io.MultiReader(strings.NewReader("123"), iotest.ErrReader(errors.New("bad sector"))),
		}
		for name, source := range sources {
			c, peer := connect(t, ConnOptions{Farewell: refusal})
			copied := make(chan error)
			go func() { copied <- c.Copy(t.Context(), source, 10) }()
			got, _ := io.ReadAll(peer)
			if string(got) != "123" { // and no farewell in the middle of the file
				t.Errorf("%s: the peer read %q", name, got)
			}
			err := <-copied
			wantCode(t, err, parley.CodeStore)
			if c.Reason() != err {
				t.Errorf("%s: the connection lives, or ended for %v", name, c.Reason())
			}
			<-c.Done()
		}
	})
}

// endless gives bytes for ever.
type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

// Copy ends with its context, with the connection, and when the peer takes nothing for too long.
func TestCopyInterrupted(t *testing.T) {
	everywhere(t, func(t *testing.T, connect maker) {
		start := func(ctx context.Context, o ConnOptions) (*Conn, net.Conn, chan error) {
			c, peer := connect(t, o)
			copied := make(chan error)
			go func() { copied <- c.Copy(ctx, endless{}, 1<<40) }()
			wantText(t, peer, "\x00")
			return c, peer, copied
		}

		ctx, cancel := context.WithCancel(t.Context())
		c, _, copied := start(ctx, ConnOptions{})
		cancel()
		if err := <-copied; !errors.Is(err, context.Canceled) || c.Reason() != err {
			t.Error("context:", err)
		}

		c, _, copied = start(t.Context(), ConnOptions{})
		c.Cut(parley.Errorf(parley.CodeShutdown, "the server is stopping"))
		wantCode(t, <-copied, parley.CodeShutdown)

		c, _, copied = start(t.Context(), ConnOptions{CloseTimeout: time.Millisecond})
		c.Close(parley.Errorf(parley.CodeShutdown, "the server is stopping"))
		wantCode(t, <-copied, parley.CodeShutdown)
		<-c.Done()

		_, peer, copied := start(t.Context(), ConnOptions{})
		_ = peer.Close()
		wantCode(t, <-copied, parley.CodeClosed)

		c, _ = connect(t, ConnOptions{StallTimeout: time.Millisecond}) // and a peer that never reads
		wantCode(t, c.Copy(t.Context(), endless{}, 1<<40), parley.CodeSlowReader)
	})
}

// A file to a peer that stopped reading is given up, too.
func TestCopyFileStalls(t *testing.T) {
	c, _ := overTCP(t, ConnOptions{StallTimeout: time.Millisecond})
	f := tempFile(t, nil)
	const size = 1 << 30 // sparse
	if err := os.Truncate(f.Name(), size); err != nil {
		t.Fatal(err)
	}
	wantCode(t, c.Copy(t.Context(), f, size), parley.CodeSlowReader)
}

// A peer that is slow, but reads, gets its file.
func TestCopyToASlowPeer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, peer := overPipe(t, ConnOptions{})
		copied := make(chan error)
		go func() { copied <- c.Copy(t.Context(), endless{}, 10*largeBuffer) }()
		for range 10 {
			<-time.After(DefaultStallTimeout - time.Second)
			wantText(t, peer, strings.Repeat("\x00", largeBuffer))
		}
		if err := <-copied; err != nil {
			t.Error(err)
		}
	})
}

// Copy's deadline ends with it: a peer that does not read for longer afterwards is no worse off.
func TestStallTimeoutEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, peer := overPipe(t, ConnOptions{})
		copied := make(chan error)
		go func() { copied <- c.Copy(t.Context(), strings.NewReader("a file"), 6) }()
		wantText(t, peer, "a file")
		if err := <-copied; err != nil {
			t.Fatal(err)
		}
		send(c, "a text")
		<-time.After(2 * DefaultStallTimeout)
		wantText(t, peer, "a text")
	})
}

// Two that copy at the same time take turns.
func TestCopiesTakeTurns(t *testing.T) {
	everywhere(t, func(t *testing.T, connect maker) {
		c, peer := connect(t, ConnOptions{})
		copied := make(chan error)
		for _, b := range []byte{'a', 'b'} {
			go func() { copied <- c.Copy(t.Context(), bytes.NewReader(bytes.Repeat([]byte{b}, 100_000)), 100_000) }()
		}
		got := make([]byte, 200_000)
		if _, err := io.ReadFull(peer, got); err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(<-copied, <-copied); err != nil {
			t.Fatal(err)
		}
		if bytes.Count(got[:100_000], got[:1]) != 100_000 {
			t.Error("they were mixed")
		}
	})
}

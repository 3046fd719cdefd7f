//go:build unix

package main

import (
	"bytes"
	"crypto/sha256"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
)

// narrow is a way to a server that lets so many bytes pass and then nothing, as a cable does that hangs by a thread.
type narrow struct {
	listener net.Listener
	end      chan struct{}
	running  sync.WaitGroup

	mu    sync.Mutex
	left  [2]int64 // to the server, and from it
	stuck chan struct{}
}

// newNarrow opens one that lets up bytes pass to the server and down bytes from it.
func newNarrow(t *testing.T, server string, up, down int64) *narrow {
	t.Helper()
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	n := &narrow{listener: listener, end: make(chan struct{})}
	n.let(up, down)
	n.running.Go(func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			there, err := net.Dial("tcp4", server)
			if err != nil {
				_ = client.Close()
				continue
			}
			n.running.Go(func() { n.pass(0, client, there) })
			n.running.Go(func() { n.pass(1, there, client) })
		}
	})
	t.Cleanup(func() { close(n.end); _ = listener.Close(); n.running.Wait() })
	return n
}

// let lets so many bytes more pass, on new connections. The channel is closed when they have.
func (n *narrow) let(up, down int64) <-chan struct{} {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.left, n.stuck = [2]int64{up, down}, make(chan struct{})
	return n.stuck
}

// may reports whether so many bytes may pass.
func (n *narrow) may(way, bytes int) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	before := n.left[way]
	n.left[way] -= int64(bytes)
	if before >= 0 && n.left[way] < 0 {
		close(n.stuck)
	}
	return n.left[way] >= 0
}

// pass hands over what may pass, and then nothing any more; the connection stays open.
func (n *narrow) pass(way int, from, to net.Conn) {
	defer func() { _ = from.Close(); _ = to.Close() }()
	buffer := make([]byte, 16<<10)
	for {
		got, err := from.Read(buffer)
		if err != nil {
			return
		}
		if !n.may(way, got) {
			<-n.end
			return
		}
		if _, err := to.Write(buffer[:got]); err != nil {
			return
		}
	}
}

// sendgetter runs `parley send` and `parley get` with a home of their own.
type sendgetter struct {
	t    *testing.T
	home string
}

// start starts one of them.
func (s *sendgetter) start(args ...string) (*exec.Cmd, *bytes.Buffer) {
	s.t.Helper()
	var told bytes.Buffer
	c := exec.Command(binary, args...)
	c.Dir, c.Env = s.home, append(os.Environ(), "XDG_CONFIG_HOME="+s.home, "HOME="+s.home, "PARLEY_SERVER=", "PARLEY_TOKEN=")
	c.Stdout, c.Stderr = &told, &told
	if err := c.Start(); err != nil {
		s.t.Fatal(err)
	}
	return c, &told
}

// run runs one to its end, which must be a good one.
func (s *sendgetter) run(args ...string) string {
	s.t.Helper()
	c, told := s.start(args...)
	if err := c.Wait(); err != nil {
		s.t.Fatalf("parley %s: %v\n%s", strings.Join(args, " "), err, told)
	}
	return told.String()
}

// randomFile writes a file that cannot be compressed, and gives its digest.
func (s *sendgetter) randomFile(name string, size int) [32]byte {
	s.t.Helper()
	content := make([]byte, size)
	_, _ = rand.NewChaCha8([32]byte{byte(size)}).Read(content) // it never fails
	if err := os.WriteFile(filepath.Join(s.home, name), content, 0o600); err != nil {
		s.t.Fatal(err)
	}
	return sha256.Sum256(content)
}

// TestSendAndGetGoOnAfterKill kills with SIGKILL, in the middle of a file, first who sends it, then the server, then who gets it.
// The same command again goes on each time with what was there.
func TestSendAndGetGoOnAfterKill(t *testing.T) {
	const size = 24 << 20
	s := &sendgetter{t: t, home: t.TempDir()}
	digest := s.randomFile("a.bin", size)
	data := filepath.Join(t.TempDir(), "data")
	address := freeAddress() + ":7275"
	base := "http://" + address
	server := runServer(t, data, base+"?flood=off")

	way := newNarrow(t, address, 0, 0)
	stuck := way.let(size/2, 1<<30)
	through := "http://" + way.listener.Addr().String()
	sending, told := s.start("send", "a.bin", "--name", "ann", through)
	<-stuck
	_ = sending.Process.Kill()
	if err := sending.Wait(); err == nil {
		t.Fatalf("it was not killed:\n%s", told)
	}
	stuck = way.let(size/4, 1<<30)
	sending, told = s.start("send", "a.bin", "--name", "ann", "--patience", "10m", through)
	<-stuck
	server.kill()
	server = runServer(t, data, base+"?flood=off")
	way.let(1<<30, 1<<30)
	_ = sending.Process.Signal(os.Interrupt)
	if err := sending.Wait(); sending.ProcessState.ExitCode() != statusInterrupted ||
		!strings.Contains(told.String(), "* broken off; the same command goes on where it was\n") {
		t.Fatalf("after Ctrl-C: %v\n%s", err, told)
	}
	out := s.run("send", "a.bin", "--name", "ann", through)
	went := regexp.MustCompile(`went on after (\d+) of`).FindStringSubmatch(out)
	if went == nil || len(went[1]) < len("12345678") || !strings.HasSuffix(out, "1\ta.bin\t25165824\n") {
		t.Fatalf("it was sent so:\n%s", out)
	}

	way = newNarrow(t, address, 0, 0)
	stuck = way.let(1<<30, size/2)
	through = "http://" + way.listener.Addr().String()
	getting, told := s.start("get", "a.bin", "-o", "there", through)
	<-stuck
	_ = getting.Process.Kill()
	if err := getting.Wait(); err == nil {
		t.Fatalf("it was not killed:\n%s", told)
	}
	if out := s.run("get", "a.bin", "-o", "there", base); !strings.Contains(out, "* a.bin went on after ") {
		t.Errorf("it was got so:\n%s", out)
	}
	defer server.kill()
	if got, err := os.ReadFile(filepath.Join(s.home, "there", "a.bin")); err != nil || sha256.Sum256(got) != digest {
		t.Errorf("%d bytes came back, and they are others; %v", len(got), err)
	}
	if left, err := os.ReadDir(filepath.Join(s.home, "there")); err != nil || len(left) != 1 {
		t.Errorf("%d files are there, %v", len(left), err)
	}
}

// TestTheProgressOfFilesIsShown looks at a terminal of 40 columns while two files are on their way: each has a line that fits. After
// Ctrl-C nothing is left of them but a sentence.
func TestTheProgressOfFilesIsShown(t *testing.T) {
	s := &sendgetter{t: t, home: t.TempDir()}
	s.randomFile("one.bin", 2<<20)
	s.randomFile("出师表.bin", 3<<20)
	address := freeAddress() + ":7275"
	server := runServer(t, filepath.Join(t.TempDir(), "data"), "http://"+address+"?flood=off")
	defer server.kill()
	way := newNarrow(t, address, 0, 0)
	stuck := way.let(1<<20, 1<<30)
	seat := sitDownTo(t, []string{"XDG_CONFIG_HOME=" + s.home, "NO_COLOR=1"}, "/bin/sh", "-c",
		`stty cols 40; cd "$0" && exec "$@"`, s.home, binary, "send", "one.bin", "出师表.bin", "http://"+way.listener.Addr().String())
	<-stuck
	line := regexp.MustCompile(`(?m)^(one|出师表)\.bin +\d+% +[\d.]+ k?M?B/s +[\d:-]+$`)
	if !seat.screen.await(func(shown string, _ bool) bool { return len(line.FindAllString(shown, -1)) == 2 }) {
		t.Fatalf("there are no two bars:\n%s", seat.screen.shown())
	}
	seat.types("\x03")
	seat.leaves(statusInterrupted)
	if shown := seat.screen.shown(); strings.Contains(shown, "%") || !strings.Contains(shown, "* broken off; the same command goes on") {
		t.Errorf("what is left is\n%s", shown)
	}
}

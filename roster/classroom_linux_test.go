package roster_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/hub"
	"parley/roster"
	"parley/roster/wire"
	"parley/transport"
)

// These tests run classroom programs as they are, over real sockets, each on an address of its own: 127.0.0.11 and so on,
// which only Linux has without being told.

const classroom = "../testdata/classroom"

// program is a classroom program that runs. What it prints is waited for line by line.
type program struct {
	t      *testing.T
	name   string
	stdin  io.WriteCloser
	stdout *bufio.Scanner
	stderr strings.Builder
	cmd    *exec.Cmd
}

// run starts a program. It is ended with the test at the latest.
func run(t *testing.T, name string, args ...string) *program {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute) // for a test that hangs
	t.Cleanup(cancel)
	p := &program{t: t, name: name + " " + args[0]}
	p.cmd = exec.CommandContext(ctx, "python3", append([]string{"-B", filepath.Join(classroom, name)}, args...)...)
	p.cmd.Stderr = &p.stderr
	p.stdin, _ = p.cmd.StdinPipe()
	stdout, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	p.stdout = bufio.NewScanner(stdout)
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.cmd.Process.Kill(); _ = p.cmd.Wait() })
	return p
}

// types has the person at the program type a line.
func (p *program) types(line string) {
	p.t.Helper()
	if _, err := fmt.Fprintln(p.stdin, line); err != nil {
		p.t.Errorf("%s: %v", p.name, err)
	}
}

// prints waits for a line, which has to be the next.
func (p *program) prints(want string) {
	p.t.Helper()
	if !p.stdout.Scan() {
		p.t.Fatalf("%s ended without printing %q: %s", p.name, want, &p.stderr)
	}
	if got := p.stdout.Text(); got != want {
		p.t.Errorf("%s prints %q, want %q", p.name, got, want)
	}
}

// ends waits until the program has ended, and checks that it had nothing to complain of.
func (p *program) ends() {
	p.t.Helper()
	for p.stdout.Scan() {
		p.t.Errorf("%s also prints %q", p.name, p.stdout.Text())
	}
	if err := p.cmd.Wait(); err != nil || p.stderr.Len() > 0 {
		p.t.Errorf("%s ends with %v: %s", p.name, err, &p.stderr)
	}
}

// listen opens a roster listener on loopback, and gives its port.
func listen(t *testing.T) (*school, string) {
	s := open(t, roster.Options{})
	l, err := transport.Listen(t.Context(), "127.0.0.1:0", transport.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var serving sync.WaitGroup
	serving.Go(func() { _ = l.Serve(s.server.Handle) })
	t.Cleanup(func() {
		_ = l.Close()
		gone, cancel := context.WithCancel(context.Background())
		cancel()
		l.Drain(gone)
		serving.Wait()
		s.close()
	})
	return s, fmt.Sprint(l.Addr().Port())
}

// udpPort finds a port that is free for datagrams.
func udpPort(t *testing.T) string {
	c, err := net.ListenPacket("udp", "127.0.0.11:0")
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	return fmt.Sprint(c.LocalAddr().(*net.UDPAddr).Port)
}

func TestClassroomClients(t *testing.T) {
	s, port := listen(t)
	udp := udpPort(t)
	alice := run(t, "roster_client.py", "alice", "--port", port, "--bind", "127.0.0.11", "--udp", udp)
	alice.prints("* online: alice")
	bob := run(t, "roster_client.py", "alice", "--port", port, "--bind", "127.0.0.12", "--udp", udp)
	bob.prints("name alice is taken, send another ")
	bob.types("bob b.")
	bob.prints("* online: alice, bob_b.")
	alice.prints("* online: alice, bob_b.")

	alice.types("hello, 师!")
	bob.prints("alice: hello, 师! ")
	alice.types("!not a roster")
	bob.prints("alice: !not a roster ")
	bob.types("#ls")
	bob.prints("* online: alice 127.0.0.11, bob_b. 127.0.0.12")
	bob.types("@alice: hi")
	alice.prints("bob_b. (direct): hi")

	guest := s.visit(hub.Profile{Shown: "127.0.0.1 : 49525", Listener: "plain://127.0.0.1:8001"})
	defer guest.Leave()
	if err := guest.Direct(t.Context(), "bob_b.", "psst"); err != nil {
		t.Error(err)
	}
	bob.prints("127.0.0.1 : 49525 (private): psst ")

	alice.types("exit")
	alice.ends()
	bob.prints("* online: bob_b.")
	bob.types("exit")
	bob.ends()
}

// attend connects a client of ours to a server, and gives what reads it.
func attend(t *testing.T, address, name string) (next func() wire.Item, say func(string)) {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	say = func(text string) {
		if _, err := io.WriteString(conn, text); err != nil {
			t.Error(err)
		}
	}
	say(name)
	var parser wire.Parser
	var items []wire.Item
	buffer := make([]byte, 1<<16)
	return func() wire.Item {
		t.Helper()
		for len(items) == 0 {
			deadline := parser.WakeAt()
			if deadline.IsZero() {
				deadline = time.Now().Add(time.Minute) // for a test that hangs
			}
			_ = conn.SetReadDeadline(deadline)
			n, err := conn.Read(buffer)
			items = parser.Read(buffer[:n], time.Now())
			switch {
			case errors.Is(err, os.ErrDeadlineExceeded) && !parser.WakeAt().IsZero():
				items = append(items, parser.Fire(time.Now())...)
			case err != nil:
				t.Fatalf("%s: %v", name, err)
			}
		}
		item := items[0]
		items = items[1:]
		return item
	}, say
}

func TestClientReadsAClassroomServer(t *testing.T) {
	server := run(t, "roster_server.py", "--port", "0")
	if !server.stdout.Scan() {
		t.Fatal(server.stderr.String())
	}
	_, port, _ := strings.Cut(server.stdout.Text(), " port ")
	nextOfAlice, _ := attend(t, "127.0.0.1:"+port, "alice")
	if item := nextOfAlice(); string(item.Roster.Append(nil)) != `!{"alice": "127.0.0.1"}` {
		t.Errorf("alice reads %+v", item)
	}
	nextOfBob, bobSays := attend(t, "127.0.0.1:"+port, "alice")
	if item := nextOfBob(); !wire.IsRefusal(item) {
		t.Errorf("bob reads %+v", item)
	}
	bobSays("bob")
	for _, next := range []func() wire.Item{nextOfAlice, nextOfBob} {
		if item := next(); string(item.Roster.Append(nil)) != `!{"alice": "127.0.0.1", "bob": "127.0.0.1"}` {
			t.Errorf("both read %+v", item)
		}
	}
	bobSays("hello, 师!")
	if item := nextOfAlice(); item.From != "bob" || item.Text != "hello, 师!" {
		t.Errorf("alice reads %+v", item)
	}
}

func TestClassroomProgramsCompile(t *testing.T) {
	programs, err := filepath.Glob(filepath.Join(classroom, "*.py"))
	if err != nil || len(programs) < 9 {
		t.Fatalf("%d programs, %v", len(programs), err)
	}
	for _, program := range programs {
		check := exec.Command("python3", "-B", "-c", "import sys; compile(open(sys.argv[1]).read(), sys.argv[1], 'exec')", program)
		if said, err := check.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", program, err, said)
		}
	}
}

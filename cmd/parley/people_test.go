//go:build unix

package main

import (
	"errors"
	"io"
	"net"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// person is somebody in a script: a program that runs, or a bare connection. What they say goes in, what they are shown
// comes out.
type person struct {
	in       io.WriteCloser
	out, err *transcript
	process  *exec.Cmd     // nil for a bare connection
	gone     chan struct{} // closed when the program has ended
}

// town is everybody in one script.
type town struct {
	people  map[string]*person
	network string // see hosts
}

type townKey struct{}

// end stops whoever is still there.
func (w *town) end() {
	for _, p := range w.people {
		_ = p.in.Close()
		if p.process != nil {
			_ = p.process.Process.Kill()
			<-p.gone
		}
	}
}

// commands are what scripts may use, besides testscript's own:
//
//	start NAME PROGRAM ARG...   start a program, with its input open
//	serve ARG...                start `parley serve ARG...` as the person named server, and wait until it says how to join
//	connect NAME ADDRESS        open a bare TCP connection
//	enters NAME ADDRESS         connect, again and again until one is welcomed: somebody's place becomes free a moment
//	                            after they have seen the connection end
//	stall NAME ADDRESS          open a bare TCP connection and never read from it
//	listen NAME ADDRESS         be the server: take the next TCP connection that comes to ADDRESS
//	crowd N ADDRESS FEWEST      open N connections at once; at least FEWEST of them are welcomed, the others told why not
//	datagrams NAME FROM TO      open a bare UDP socket at FROM, whose datagrams go to TO
//	type NAME TEXT...           send a line
//	send NAME TEXT              send exactly these bytes; Go's escapes (\n, \x1b) are understood
//	repeat NAME N TEXT          send TEXT N times, with the same escapes
//	sees NAME REGEXP            wait for it on what NAME is shown, after what was seen before; ^ and $ match at lines
//	reads NAME REGEXP           the same on standard error
//	never NAME REGEXP           fail if NAME was shown it, ever so far
//	hangup NAME                 close the input (of a connection: the side that sends)
//	cut NAME                    close a bare connection at once, both sides
//	signal NAME SIGNAL          INT, TERM, KILL, STOP, CONT
//	exits NAME [STATUS]         wait for the program to end with the status, 0 if none is given
//	closed NAME                 wait for the other side to close a bare connection
//	count NAME N REGEXP         wait until NAME has been shown it N times in all, and fail if it is more
//	peak NAME MIB               fail if the program has ever had more resident memory (four times that under -race)
//	hosts ADDRESS...            make a network with a host for each address (see hosts_test.go)
//	startat ADDRESS NAME ...    start a program on one of the hosts
//	smalldisk DIR SIZE          mount a small file system
//	certificate DIR ADDRESS     make a certificate and its key
//	enrol N                     make accounts pupil0 and so on, N in all, each of whom has their name for a password
//	class N ADDRESS FROM        have as many of them log in at once, all from one address
//	remember VAR REGEXP         set a variable to what REGEXP finds in the output of the last exec: the last of it, and of
//	                            that the group, if it has one
//	unlogged NAME REGEXP        fail if NAME has ever written it on standard error
func commands() map[string]func(*testscript.TestScript, bool, []string) {
	all := map[string]func(*testscript.TestScript, *town, []string){
		"start": start, "serve": serve, "connect": connect, "datagrams": datagrams, "type": typeLine, "send": send,
		"repeat": repeat, "sees": sees, "reads": reads, "never": never, "hangup": hangup, "cut": cut, "signal": sendSignal,
		"exits": exits, "closed": closed, "stall": stall, "listen": listen, "crowd": crowd, "count": count, "peak": peak,
		"enters": enters, "hosts": hosts, "startat": startat, "smalldisk": smalldisk,
		"certificate": certificate, "enrol": enrol, "class": class, "unlogged": unlogged,
		"remember": remember,
	}
	named := make(map[string]func(*testscript.TestScript, bool, []string))
	for name, command := range all {
		named[name] = func(ts *testscript.TestScript, neg bool, args []string) {
			if neg {
				ts.Fatalf("%s cannot be negated", name)
			}
			command(ts, ts.Value(townKey{}).(*town), args)
		}
	}
	return named
}

// remember sets a variable to what was printed.
func remember(ts *testscript.TestScript, _ *town, args []string) {
	need(ts, args, 2)
	pattern, err := regexp.Compile(args[1])
	ts.Check(err)
	found := pattern.FindAllStringSubmatch(ts.ReadFile("stdout"), -1)
	if len(found) == 0 {
		ts.Fatalf("%s is nowhere in it", args[1])
	}
	last := found[len(found)-1]
	ts.Setenv(args[0], last[len(last)-1])
}

// need fails unless there are at least n arguments.
func need(ts *testscript.TestScript, args []string, n int) {
	if len(args) < n {
		ts.Fatalf("needs %d arguments, has %d", n, len(args))
	}
}

// find gives the person named by the first argument.
func (w *town) find(ts *testscript.TestScript, args []string) *person {
	need(ts, args, 1)
	p := w.people[args[0]]
	if p == nil {
		ts.Fatalf("nobody is called %s", args[0])
	}
	return p
}

func (w *town) add(ts *testscript.TestScript, name string, p *person) {
	if old := w.people[name]; old != nil && old.process != nil {
		select {
		case <-old.gone: // may be started again
		default:
			ts.Fatalf("%s is here already", name)
		}
	}
	w.people[name] = p
}

func start(ts *testscript.TestScript, w *town, args []string) {
	need(ts, args, 2)
	program, err := exec.LookPath(args[1])
	if args[1] == "parley" {
		program, err = binary, nil
	}
	ts.Check(err)
	p := &person{out: newTranscript(), err: newTranscript(), gone: make(chan struct{})}
	p.process = exec.Command(program, args[2:]...)
	p.process.Dir = ts.MkAbs(".")
	p.process.Env = environment(ts)
	p.process.Stdout, p.process.Stderr = p.out, p.err
	p.in, err = p.process.StdinPipe()
	ts.Check(err)
	ts.Check(p.process.Start())
	go func() {
		defer close(p.gone)
		_ = p.process.Wait()
		p.out.end()
		p.err.end()
	}()
	w.add(ts, args[0], p)
}

// environment gives the script's variables to the programs it starts.
func environment(ts *testscript.TestScript) []string {
	var env []string
	for _, name := range []string{"PATH", "HOME", "TMPDIR", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "SSL_CERT_FILE",
		"PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED", "NO_COLOR", "TERM", "GORACE", "GOCOVERDIR", "PARLEY_SERVER",
		"PARLEY_TOKEN"} {
		if value := ts.Getenv(name); value != "" {
			env = append(env, name+"="+value)
		}
	}
	return env
}

func serve(ts *testscript.TestScript, w *town, args []string) {
	start(ts, w, append([]string{"server", "parley", "serve"}, args...))
	server := w.people["server"]
	if !server.out.await(regexp.MustCompile(`Ctrl-C stops the server\.\n`)) {
		ts.Fatalf("the server did not start:\n%s%s", server.out.whole(), server.err.whole())
	}
}

func connect(ts *testscript.TestScript, w *town, args []string) {
	need(ts, args, 2)
	dialer := net.Dialer{Timeout: patience}
	if len(args) > 2 {
		dialer.LocalAddr = &net.TCPAddr{IP: net.ParseIP(args[2])}
	}
	conn, err := dialer.Dial("tcp", args[1])
	ts.Check(err)
	w.bare(ts, args[0], conn)
}

func datagrams(ts *testscript.TestScript, w *town, args []string) {
	need(ts, args, 3)
	local, err := net.ResolveUDPAddr("udp", args[1])
	ts.Check(err)
	remote, err := net.ResolveUDPAddr("udp", args[2])
	ts.Check(err)
	conn, err := net.DialUDP("udp", local, remote)
	ts.Check(err)
	w.bare(ts, args[0], conn)
}

// bare makes a person of a connection. Each datagram is shown as a line.
func (w *town) bare(ts *testscript.TestScript, name string, conn net.Conn) {
	p := &person{in: conn, out: newTranscript(), err: newTranscript()}
	_, isUDP := conn.(*net.UDPConn)
	go func() {
		defer p.out.end()
		buf := make([]byte, 64<<10)
		for {
			n, err := conn.Read(buf)
			if isUDP && n > 0 {
				buf[n] = '\n'
				n++
			}
			_, _ = p.out.Write(buf[:n])
			if err != nil && !errors.Is(err, syscall.ECONNREFUSED) {
				return
			}
		}
	}()
	w.add(ts, name, p)
}

func typeLine(ts *testscript.TestScript, w *town, args []string) {
	p := w.find(ts, args)
	_, err := io.WriteString(p.in, strings.Join(args[1:], " ")+"\n")
	ts.Check(err)
}

func send(ts *testscript.TestScript, w *town, args []string) {
	p := w.find(ts, args)
	need(ts, args, 2)
	_, err := io.WriteString(p.in, unescape(ts, args[1]))
	ts.Check(err)
}

func repeat(ts *testscript.TestScript, w *town, args []string) {
	p := w.find(ts, args)
	need(ts, args, 3)
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	text := unescape(ts, args[2])
	const batch = 1 << 16
	for n > 0 {
		many := min(n, max(1, batch/len(text)))
		if _, err := io.WriteString(p.in, strings.Repeat(text, many)); err != nil {
			ts.Logf("after %d more to go: %v", n, err) // being cut off in the middle may be the point
			return
		}
		n -= many
	}
}

// unescape reads Go's escapes.
func unescape(ts *testscript.TestScript, text string) string {
	plain, err := strconv.Unquote(`"` + strings.ReplaceAll(text, `"`, `\"`) + `"`)
	ts.Check(err)
	return plain
}

// pattern compiles what a script waits for.
func pattern(ts *testscript.TestScript, args []string) *regexp.Regexp {
	need(ts, args, 2)
	re, err := regexp.Compile("(?m)" + strings.Join(args[1:], " "))
	ts.Check(err)
	return re
}

func sees(ts *testscript.TestScript, w *town, args []string) {
	p := w.find(ts, args)
	if re := pattern(ts, args); !p.out.await(re) {
		ts.Fatalf("%s never saw %s, but this:\n%s\nand on standard error:\n%s", args[0], re, p.out.whole(), p.err.whole())
	}
}

func reads(ts *testscript.TestScript, w *town, args []string) {
	p := w.find(ts, args)
	if re := pattern(ts, args); !p.err.await(re) {
		ts.Fatalf("%s never read %s on standard error, but this:\n%s\nand was shown:\n%s", args[0], re, p.err.whole(), p.out.whole())
	}
}

func never(ts *testscript.TestScript, w *town, args []string) {
	p := w.find(ts, args)
	if re := pattern(ts, args); re.Match(p.out.whole()) {
		ts.Fatalf("%s was shown %s:\n%s", args[0], re, p.out.whole())
	}
}

func hangup(ts *testscript.TestScript, w *town, args []string) {
	p := w.find(ts, args)
	if conn, ok := p.in.(*net.TCPConn); ok {
		ts.Check(conn.CloseWrite())
		return
	}
	ts.Check(p.in.Close())
}

func cut(ts *testscript.TestScript, w *town, args []string) {
	p := w.find(ts, args)
	if conn, ok := p.in.(*net.TCPConn); ok {
		ts.Check(conn.SetLinger(0)) // as when the cable is pulled and a stranger answers: a reset
	}
	ts.Check(p.in.Close())
}

func sendSignal(ts *testscript.TestScript, w *town, args []string) {
	p := w.find(ts, args)
	need(ts, args, 2)
	signals := map[string]syscall.Signal{"INT": syscall.SIGINT, "TERM": syscall.SIGTERM, "KILL": syscall.SIGKILL,
		"STOP": syscall.SIGSTOP, "CONT": syscall.SIGCONT}
	s, known := signals[args[1]]
	if !known || p.process == nil {
		ts.Fatalf("cannot signal %s to %s", args[1], args[0])
	}
	ts.Check(p.process.Process.Signal(s))
}

func exits(ts *testscript.TestScript, w *town, args []string) {
	p := w.find(ts, args)
	want := 0
	if len(args) > 1 {
		var err error
		want, err = strconv.Atoi(args[1])
		ts.Check(err)
	}
	select {
	case <-p.gone:
	case <-time.After(patience):
		ts.Fatalf("%s does not end:\n%s%s", args[0], p.out.whole(), p.err.whole())
	}
	if got := p.process.ProcessState.ExitCode(); got != want {
		ts.Fatalf("%s ended with %d, not %d:\n%s%s", args[0], got, want, p.out.whole(), p.err.whole())
	}
}

func closed(ts *testscript.TestScript, w *town, args []string) {
	p := w.find(ts, args)
	if !p.out.awaitEnd() {
		ts.Fatalf("%s is still connected:\n%s", args[0], p.out.whole())
	}
}

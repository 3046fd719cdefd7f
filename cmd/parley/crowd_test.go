//go:build unix

package main

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// stall opens a connection whose other end is never read, with little room on the way.
func stall(ts *testscript.TestScript, w *town, args []string) {
	need(ts, args, 2)
	conn, err := net.DialTimeout("tcp", args[1], patience)
	ts.Check(err)
	ts.Check(conn.(*net.TCPConn).SetReadBuffer(4096))
	w.add(ts, args[0], &person{in: conn, out: newTranscript(), err: newTranscript()})
}

// enters connects until the server has room.
func enters(ts *testscript.TestScript, w *town, args []string) {
	need(ts, args, 2)
	for end := time.Now().Add(patience); time.Now().Before(end); {
		delete(w.people, args[0])
		connect(ts, w, args)
		p := w.people[args[0]]
		if p.out.await(regexp.MustCompile(`.+\n`)) && string(p.out.whole()) == "welcome\n" {
			return
		}
		_ = p.in.Close()
	}
	ts.Fatalf("%s is never welcomed", args[0])
}

// listener is somebody who waits for a connection: what is typed before it has come waits too.
type listener struct {
	socket net.Listener
	came   chan struct{}
	conn   net.Conn // set when came is closed
}

func (l *listener) Write(p []byte) (int, error) {
	<-l.came
	if l.conn == nil {
		return 0, net.ErrClosed
	}
	return l.conn.Write(p)
}

func (l *listener) Close() error {
	err := l.socket.Close()
	<-l.came
	if l.conn != nil {
		err = l.conn.Close()
	}
	return err
}

// listen takes one connection.
func listen(ts *testscript.TestScript, w *town, args []string) {
	need(ts, args, 2)
	socket, err := net.Listen("tcp", args[1])
	ts.Check(err)
	l := &listener{socket: socket, came: make(chan struct{})}
	p := &person{in: l, out: newTranscript(), err: newTranscript()}
	go func() {
		defer p.out.end()
		conn, err := socket.Accept()
		_ = socket.Close() // so that a client that comes back finds nobody, or the next one who listens
		if err == nil {
			l.conn = conn
		}
		close(l.came)
		if err != nil {
			return
		}
		_, _ = bufio.NewReader(conn).WriteTo(p.out)
	}()
	delete(w.people, args[0])
	w.add(ts, args[0], p)
}

// crowd opens many connections from one address at once, and holds them until the script ends.
func crowd(ts *testscript.TestScript, _ *town, args []string) {
	need(ts, args, 3)
	n, err := strconv.Atoi(args[0])
	ts.Check(err)
	fewest, err := strconv.Atoi(args[2])
	ts.Check(err)
	var welcomed, refused atomic.Int64
	var all sync.WaitGroup
	conns := make(chan net.Conn, n)
	places := make(chan struct{}, 64) // as many at once as a backlog takes
	for range n {
		places <- struct{}{}
		all.Go(func() {
			defer func() { <-places }()
			conn, err := net.DialTimeout("tcp", args[1], patience)
			if err != nil {
				refused.Add(1)
				return
			}
			conns <- conn
			_ = conn.SetReadDeadline(time.Now().Add(patience))
			line, _ := bufio.NewReader(conn).ReadString('\n')
			switch {
			case line == "welcome\n":
				welcomed.Add(1)
			case strings.HasPrefix(line, "error: "), line == "": // refused in words, or by a reset that overtook them
				refused.Add(1)
			}
		})
	}
	all.Wait()
	close(conns)
	for conn := range conns {
		ts.Defer(func() { _ = conn.Close() })
	}
	ts.Logf("%d welcomed, %d refused", welcomed.Load(), refused.Load())
	if welcomed.Load() < int64(fewest) || welcomed.Load()+refused.Load() != int64(n) {
		ts.Fatalf("%d welcomed, %d refused, of %d", welcomed.Load(), refused.Load(), n)
	}
}

// count waits for a number of matches.
func count(ts *testscript.TestScript, w *town, args []string) {
	p := w.find(ts, args)
	need(ts, args, 3)
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	re, err := regexp.Compile("(?m)" + strings.Join(args[2:], " "))
	ts.Check(err)
	if have, ok := p.out.awaitCount(re, n); !ok {
		ts.Fatalf("%s saw %s %d times, not %d", args[0], re, have, n)
	}
}

// peak looks up the most memory that a program has had resident (proc(5), VmHWM).
func peak(ts *testscript.TestScript, w *town, args []string) {
	p := w.find(ts, args)
	need(ts, args, 2)
	limit, err := strconv.Atoi(args[1])
	ts.Check(err)
	if raceEnabled {
		limit *= 4
	}
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.process.Process.Pid))
	ts.Check(err)
	match := regexp.MustCompile(`VmHWM:\s+(\d+) kB`).FindSubmatch(status)
	if match == nil {
		ts.Fatalf("no VmHWM in\n%s", status)
	}
	kib, err := strconv.Atoi(string(match[1]))
	ts.Check(err)
	ts.Logf("peak of %s: %d MiB", args[0], kib>>10)
	if kib>>10 > limit {
		ts.Fatalf("%s has had %d MiB, more than %d", args[0], kib>>10, limit)
	}
}

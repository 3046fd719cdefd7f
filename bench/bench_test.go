//go:build linux

package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	people   = 20
	messages = 200
	textSize = 200
)

// fanOut is a server as small as can be: every line goes to all others. faulty, if not nil, decides for each line and
// each receiver how often it is sent.
type fanOut struct {
	l      net.Listener
	faulty func(line string, receiver int) int

	wg    sync.WaitGroup
	mu    sync.Mutex
	conns []net.Conn
}

// startFanOut runs a fanOut until the test ends.
func startFanOut(t *testing.T, faulty func(line string, receiver int) int) *server {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	f := &fanOut{l: l, faulty: faulty}
	f.wg.Go(f.accept)
	t.Cleanup(func() {
		l.Close()
		f.mu.Lock()
		for _, c := range f.conns {
			c.Close()
		}
		f.mu.Unlock()
		f.wg.Wait()
	})
	return &server{address: l.Addr().(*net.TCPAddr).AddrPort()}
}

func (f *fanOut) accept() {
	for {
		c, err := f.l.Accept()
		if err != nil {
			return
		}
		fmt.Fprintf(c, "welcome\n") // before anybody's message
		f.mu.Lock()
		f.conns = append(f.conns, c)
		f.mu.Unlock()
		f.wg.Go(func() { f.serve(c) })
	}
}

func (f *fanOut) serve(c net.Conn) {
	for lines := bufio.NewScanner(c); lines.Scan(); {
		f.mu.Lock()
		for i, other := range f.conns {
			times := 1
			if f.faulty != nil {
				times = f.faulty(lines.Text(), i)
			}
			for range times {
				if other != c {
					fmt.Fprintf(other, "<%s> :%s\n", c.RemoteAddr(), lines.Text())
				}
			}
		}
		f.mu.Unlock()
	}
}

// plain is the door of a fanOut.
func plain() *door { return doors()[0] }

// gather makes a crowd that has joined by a door.
func gather(t *testing.T, d *door, address netip.AddrPort, n int) *crowd {
	t.Helper()
	c, err := newCrowd(d, textSize)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.close(); err != nil {
			t.Error(err)
		}
	})
	if err := c.connect(t.Context(), address, n); err != nil {
		t.Fatal(err)
	}
	if err := c.join(t.Context()); err != nil {
		t.Fatal(err)
	}
	return c
}

// checked is a flood whose every line is held against what was sent.
func checked(s *server, window int) flood {
	return flood{window: window, messages: messages, duration: time.Hour, verify: true, cpu: s.cpu}
}

// wantDelivered floods a server and asserts that everybody got every message of everybody else once and in order.
func wantDelivered(t *testing.T, d *door, s *server, window int) {
	t.Helper()
	result, err := checked(s, window).run(t.Context(), gather(t, d, s.address, people))
	if err != nil {
		t.Fatal(err)
	}
	if result.messages != messages || result.deliveries != messages*d.receivers(people) {
		t.Errorf("%d messages and %d deliveries", result.messages, result.deliveries)
	}
}

func TestFloodOfAFanOut(t *testing.T) {
	for _, window := range []int{1, 7, 64} {
		t.Run(fmt.Sprint(window), func(t *testing.T) { wantDelivered(t, plain(), startFanOut(t, nil), window) })
	}
}

// TestFloodOfParley builds the real server and does the same to it, and then ends it in order.
func TestFloodOfParley(t *testing.T) {
	binary, err := build(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range doors() {
		for _, window := range []int{1, 64} {
			t.Run(fmt.Sprint(d.name, window), func(t *testing.T) { floodParley(t, d, binary, window) })
		}
	}
}

// TestFilesOfParley sends a file to the real server and gets it back.
func TestFilesOfParley(t *testing.T) {
	binary, err := build(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	s, err := startServer(t.Context(), doors()[1], binary, t.TempDir(), 10)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.stop(); err != nil {
			t.Errorf("the server's end: %v", err)
		}
	}()
	m, err := measureTransfers(t.Context(), s, t.TempDir(), 3<<20)
	if err != nil || len(m.sum) != rounds || len(m.up) != rounds || len(m.down) != rounds || m.peak < m.before || m.before <= 0 {
		t.Errorf("%+v, %v", m, err)
	}
	var text strings.Builder
	report{&text}.transfers(m)
	if !strings.HasPrefix(text.String(), "upload of 0.00 GB: ") || strings.Count(text.String(), "\n") != 3 {
		t.Errorf("%s", &text)
	}
}

// floodParley floods a server of a binary by a door.
func floodParley(t *testing.T, d *door, binary string, window int) {
	s, err := startServer(t.Context(), d, binary, t.TempDir(), 4*people)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.stop(); err != nil {
			t.Errorf("the server's end: %v", err)
		}
	}()
	wantDelivered(t, d, s, window)
	if cpu, err := s.cpu(); err != nil || cpu < 0 {
		t.Errorf("CPU %s, %v", cpu, err)
	}
	if resident, err := s.process.resident(); err != nil || resident <= 0 {
		t.Errorf("%d bytes resident, %v", resident, err)
	}
	f := flood{window: window, messages: messages, duration: time.Hour, cpu: s.cpu} // counting alone, as the large runs do
	result, err := f.run(t.Context(), gather(t, d, s.address, people))
	if err != nil || result.deliveries != messages*d.receivers(people) {
		t.Errorf("%d deliveries, %v", result.deliveries, err)
	}
	list, err := pace{deliveries: 20_000, messages: 50}.run(t.Context(), gather(t, d, s.address, people))
	if err != nil || len(list) != 50*d.receivers(people) {
		t.Errorf("%d delays, %v", len(list), err)
	}
}

// TestFloodWithoutReading counts line ends alone, as the large runs do.
func TestFloodWithoutReading(t *testing.T) {
	s := startFanOut(t, nil)
	f := checked(s, 64)
	f.verify = false
	result, err := f.run(t.Context(), gather(t, plain(), s.address, people))
	if err != nil || result.deliveries != messages*(people-1) {
		t.Errorf("%d deliveries, %v", result.deliveries, err)
	}
}

// TestFloodByTime ends when its time is over, with nothing in flight.
func TestFloodByTime(t *testing.T) {
	s := startFanOut(t, nil)
	c := gather(t, plain(), s.address, people)
	f := flood{window: 8, warmUp: 10 * time.Millisecond, duration: 50 * time.Millisecond, verify: true, cpu: s.cpu}
	if _, err := f.run(t.Context(), c); err != nil {
		t.Error(err)
	}
}

// TestFloodTellsWhatIsWrong: a server that loses, doubles, reorders or changes messages, or cuts somebody off, is found
// out.
func TestFloodTellsWhatIsWrong(t *testing.T) {
	const victim = 7 // not one of the 4 that send
	count := 0
	isHundredth := func(line string, receiver int) bool {
		if receiver == victim && strings.HasPrefix(line, mark) {
			count++
		}
		return receiver == victim && count == 100
	}
	tests := map[string]struct {
		faulty func(line string, receiver int) int
		say    string
	}{
		// The message is made up for at once by a double of the next, so that the number of lines is right.
		"lost": {func() func(string, int) int {
			owed := false
			return func(line string, receiver int) int {
				if isHundredth(line, receiver) {
					owed = true
					return 0
				}
				if receiver == victim && owed {
					owed = false
					return 2
				}
				return 1
			}
		}(), "where"},
		"doubled": {func(line string, receiver int) int {
			if isHundredth(line, receiver) {
				return 2
			}
			return 1
		}, "connection"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			count = 0
			s := startFanOut(t, test.faulty)
			_, err := checked(s, 4).run(t.Context(), gather(t, plain(), s.address, people))
			if err == nil || !strings.Contains(err.Error(), test.say) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// TestFloodOfAServerThatCloses: the error says who was cut off.
func TestFloodOfAServerThatCloses(t *testing.T) {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	var wg sync.WaitGroup
	defer wg.Wait()
	wg.Go(func() {
		for range 2 {
			if c, err := l.Accept(); err == nil {
				fmt.Fprint(c, "server is full (0 clients)")
				c.(*net.TCPConn).CloseWrite()
				defer c.Close()
			}
		}
	})
	c, err := newCrowd(plain(), textSize)
	if err != nil {
		t.Fatal(err)
	}
	defer c.close()
	if err := c.connect(t.Context(), l.Addr().(*net.TCPAddr).AddrPort(), 2); err != nil {
		t.Fatal(err)
	}
	if err := c.join(t.Context()); err == nil || !strings.Contains(err.Error(), "server is full") {
		t.Errorf("got %v", err)
	}
}

// TestFloodIsInterrupted: Ctrl-C ends it.
func TestFloodIsInterrupted(t *testing.T) {
	s := startFanOut(t, nil)
	c := gather(t, plain(), s.address, people)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	f := flood{window: 1, duration: time.Hour, cpu: s.cpu}
	if _, err := f.run(ctx, c); err != context.Canceled {
		t.Errorf("got %v", err)
	}
}

// TestPace: at a fixed rate there is one delay for each delivery, none below zero.
func TestPace(t *testing.T) {
	s := startFanOut(t, nil)
	list, err := pace{deliveries: 20_000, messages: 100}.run(t.Context(), gather(t, plain(), s.address, people))
	if err != nil || len(list) != 100*(people-1) || list[0] < 0 {
		t.Fatalf("%d delays, %v", len(list), err)
	}
	if list.share(0.5) > list.share(0.99) || list.share(1) != list[len(list)-1] {
		t.Errorf("shares %s, %s, %s", list.share(0.5), list.share(0.99), list.share(1))
	}
}

// TestIdle: memory is read once with one client and once at each number of connections.
func TestIdle(t *testing.T) {
	s := startFanOut(t, nil)
	c, err := newCrowd(plain(), textSize)
	if err != nil {
		t.Fatal(err)
	}
	defer c.close()
	list, err := idle(t.Context(), c, s.address, process(os.Getpid()), []int{people})
	if err != nil || len(list) != 2 || list[0].clients != 1 || list[1].clients != people || list[1].resident <= 0 {
		t.Errorf("%v, %v", list, err)
	}
	var out bytes.Buffer
	report{&out}.footprints(plain(), list)
	if !strings.Contains(out.String(), "20 idle connections") {
		t.Errorf("report: %s", &out)
	}
}

// TestReport: the figures as a person reads them.
func TestReport(t *testing.T) {
	var out bytes.Buffer
	r := report{&out}
	r.flow(plain(), 64, flow{messages: 10_000, deliveries: 9_990_000, reads: 999_000,
		elapsed: 2 * time.Second, serverCPU: time.Second})
	r.delays(plain(), 50_000, delays{time.Millisecond, 2 * time.Millisecond})
	want := "plain, 64 in flight: 4,995,000 deliveries/s (5,000 messages/s), 0.100 µs of server CPU a delivery, " +
		"unknown of the load's own, 10.0 deliveries a read\n" +
		"plain, at 50,000 deliveries/s: 50th percentile 2.00 ms, 99th 2.00 ms, longest 2.00 ms, of 2\n"
	if out.String() != want {
		t.Errorf("got\n%swant\n%s", &out, want)
	}
}

// TestServerThatDoesNotStart: the error has what it printed, and no folder is left.
func TestServerThatDoesNotStart(t *testing.T) {
	dir := t.TempDir()
	script := filepath.Join(dir, "server")
	if err := os.WriteFile(script, []byte("#!/bin/sh\necho no such flag: $2\nexit 2\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	_, err := startServer(t.Context(), plain(), script, dir, 1)
	if err == nil || !strings.Contains(err.Error(), "no such flag: --listen") {
		t.Errorf("got %v", err)
	}
	if left, err := filepath.Glob(filepath.Join(dir, "bench-*")); err != nil || len(left) != 0 {
		t.Errorf("left over: %v, %v", left, err)
	}
}

func TestFlags(t *testing.T) {
	for _, bad := range []string{"-only=cpu", "-door=gopher", "-address=127.0.0.1:1", "-clients=1", "-size=10", "-for=0s", "-nonsense"} {
		if _, err := parseFlags([]string{bad}, io.Discard); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
	if o, err := parseFlags(nil, io.Discard); err != nil || o.clients != 1000 || len(o.windows()) != 2 {
		t.Errorf("%+v, %v", o, err)
	}
}

// The floor writes and reads everything itself; what counts here is that it comes to an end and gives its connections back.
func TestFloor(t *testing.T) {
	f, err := newFloor(20)
	if err != nil {
		t.Fatal(err)
	}
	if spent, err := f.run(8, 100); err != nil || spent < 0 {
		t.Errorf("%v a line, %v", spent, err)
	}
	if err := f.close(); err != nil {
		t.Error(err)
	}
}

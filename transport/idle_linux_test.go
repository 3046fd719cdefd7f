package transport

import (
	"bytes"
	"context"
	"net/netip"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"testing"

	"golang.org/x/sys/unix"
)

// idleBudget is what an idle connection may cost, everything counted, in bytes.
const idleBudget = 5 << 10

// BenchmarkIdleConnection opens connections to a handler that waits in Next, and reports what each of them costs: of
// the resident memory of the whole process, and of the heap and the stacks as the runtime counts them. The clients are
// bare descriptors, which cost no memory of the process.
func BenchmarkIdleConnection(b *testing.B) {
	const n = 5000
	var first footprint // later ones find memory that the process has already
	for b.Loop() {
		if cost := measureIdle(b, n); first == (footprint{}) {
			first = cost
		}
	}
	b.ReportMetric(first.resident/n, "rss-B/conn")
	b.ReportMetric(first.heap/n, "heap-B/conn")
	b.ReportMetric(first.stacks/n, "stack-B/conn")
}

// An idle connection stays within its budget.
func TestIdleConnectionIsCheap(t *testing.T) {
	const n = 1000
	cost := measureIdle(t, n)
	each := (cost.heap + cost.stacks) / n
	t.Logf("%.0f bytes of heap and stack for each of %d idle connections", each, n)
	if each > idleBudget && !raceDetector {
		t.Errorf("an idle connection takes %.0f bytes, more than %d", each, idleBudget)
	}
}

// footprint is how much memory a process has, in bytes.
type footprint struct{ resident, heap, stacks float64 }

// measureIdle gives by how much n connections make the footprint grow whose handler waits.
func measureIdle(tb testing.TB, n int) footprint {
	waiting := make(chan struct{}, n)
	l := listen(tb, Options{Clients: n})
	serve(tb, l, func(c *Conn) {
		waiting <- struct{}{}
		_, _ = c.Next()
	})
	before := footprintNow(tb)
	clients := make([]int, n)
	for i := range clients {
		clients[i] = bareClient(tb, l.Addr())
		<-waiting
	}
	after := footprintNow(tb)
	for _, fd := range clients {
		_ = unix.Close(fd)
	}
	_ = l.Close()
	l.Drain(context.Background()) // so that the next measurement does not see these go
	return footprint{after.resident - before.resident, after.heap - before.heap, after.stacks - before.stacks}
}

// footprintNow measures after a collection.
func footprintNow(tb testing.TB) footprint {
	runtime.GC()
	debug.FreeOSMemory()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	statm, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		tb.Fatal(err)
	}
	pages, err := strconv.Atoi(string(bytes.Fields(statm)[1]))
	if err != nil {
		tb.Fatal(err)
	}
	return footprint{float64(pages * os.Getpagesize()), float64(m.HeapAlloc), float64(m.StackInuse)}
}

// bareClient connects to an IPv4 address without package net, and gives the descriptor.
func bareClient(tb testing.TB, at netip.AddrPort) int {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		tb.Fatal(err)
	}
	if err := unix.Connect(fd, &unix.SockaddrInet4{Port: int(at.Port()), Addr: at.Addr().As4()}); err != nil {
		tb.Fatal(err)
	}
	return fd
}

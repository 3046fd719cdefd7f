package main

import (
	"context"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// serverGCPercent is how much garbage may lie beside what is in use, in percent, before it is collected. Most of what a chat
// server holds is idle connections, a few KiB each, and little of it ever becomes garbage; Go's own 100 would let as much
// again lie about.
const serverGCPercent = 50

// saveMemory makes this process a frugal one, unless whoever started it has set GOGC. Call it once everything is open: what
// opening needed, and is needed no more, goes back to the system.
func saveMemory() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(serverGCPercent)
	}
	debug.FreeOSMemory()
}

// restEvery is how often it is asked whether the server is at rest.
const restEvery = 2 * time.Second

// What makes a server that is at rest one that has something to give back, in bytes: a burst, such as thousands who come back
// at once, leaves much more.
const (
	fewBytes  = 1 << 20 // allocated within restEvery: nothing much happens
	manyBytes = 2 << 20 // allocated since memory was last given back
)

// giveBack gives the memory that a burst has left behind back to the system, once the burst is over, until ctx ends. The
// runtime alone would wait for it for minutes: it collects what is garbage when more is allocated, and at rest nothing is.
func giveBack(ctx context.Context) {
	tick := time.NewTicker(restEvery)
	defer tick.Stop()
	now := allocated()
	rest := rest{last: now, given: now}
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		if rest.due(allocated()) {
			runtime.GC() // what pools hold becomes garbage with this one and goes with the next
			debug.FreeOSMemory()
		}
	}
}

// allocated is how many bytes have been allocated so far.
func allocated() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

// rest finds out when a server is at rest and has something to give back.
type rest struct {
	last  uint64 // bytes allocated when it was last asked
	given uint64 // and when it last said yes
}

// due reports whether memory is to be given back, when so many bytes have been allocated. It is asked every restEvery.
func (r *rest) due(allocated uint64) bool {
	quiet := allocated-r.last < fewBytes
	r.last = allocated
	if !quiet || allocated-r.given < manyBytes {
		return false
	}
	r.given = allocated
	return true
}

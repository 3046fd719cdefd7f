package main

import (
	"os"
	"runtime/debug"
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

package metrics

import (
	"parley"
	"parley/sqlite"
)

func storeMetrics() []metric {
	return []metric{{
		name: "parley_events_applied_total", kind: counter, labels: []string{"type"},
		help: "Events that were made to last, by type: messages, edits, accounts and so on. Refused and repeated ones are none.",
		give: func(f *Figures, put putter) {
			for _, kind := range parley.EventTypes() {
				put(float64(f.Store.Applied[kind]), string(kind))
			}
		},
	}, {
		name: "parley_commits_total", kind: counter,
		help: "Transactions that were committed.",
		give: func(f *Figures, put putter) { put(float64(f.Store.Events.Count())) },
	}, {
		name: "parley_commit_failures_total", kind: counter, labels: []string{"code"},
		help: "Transactions that failed, with all that was in them, by code.",
		give: func(f *Figures, put putter) {
			for _, code := range parley.Codes() {
				n, failed := f.Store.Failed[code]
				if failed || code == parley.CodeDiskFull || code == parley.CodeStore {
					put(float64(n), string(code))
				}
			}
		},
	}, {
		name:   "parley_commit_events",
		help:   "Events in one commit.",
		spread: func(f *Figures) sqlite.Spread { return f.Store.Events },
	}, {
		name:   "parley_commit_duration_seconds",
		help:   "Time that one commit took, the wait for the disk included.",
		spread: func(f *Figures) sqlite.Spread { return f.Store.Seconds },
	}, {
		name: "parley_wal_bytes", kind: gauge,
		help: "Size of the file of the database's write-ahead log.",
		give: func(f *Figures, put putter) { put(float64(f.Store.Log)) },
	}, {
		name: "parley_disk_free_bytes", kind: gauge,
		help: "Bytes that may still be written on the disk with the data directory; absent where the system does not tell.",
		give: func(f *Figures, put putter) {
			if f.Store.Free >= 0 {
				put(float64(f.Store.Free))
			}
		},
	}}
}

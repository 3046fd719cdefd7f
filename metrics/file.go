package metrics

import "math"

func fileMetrics() []metric {
	return []metric{{
		name: "parley_files", kind: gauge,
		help: "Files kept. The same content, sent twice, is one.",
		give: func(f *Figures, put putter) { put(float64(f.Files.Files)) },
	}, {
		name: "parley_files_bytes", kind: gauge,
		help: "Bytes in all files kept.",
		give: func(f *Figures, put putter) { put(float64(f.Files.Bytes)) },
	}, {
		name: "parley_files_promised_bytes", kind: gauge,
		help: "Bytes announced by uploads under way, which the quota counts too.",
		give: func(f *Figures, put putter) { put(float64(f.Files.Promised)) },
	}, {
		name: "parley_files_quota_bytes", kind: gauge,
		help: "Bytes that all files together may have; +Inf for no limit.",
		give: func(f *Figures, put putter) {
			if f.Files.Quota == 0 {
				put(math.Inf(1))
				return
			}
			put(float64(f.Files.Quota))
		},
	}}
}

package metrics

func serverMetrics(version string) []metric {
	return []metric{{
		name: "parley_build_info", kind: gauge, labels: []string{"version"},
		help: "Always 1; the version of the program is its label.",
		give: func(_ *Figures, put putter) { put(1, version) },
	}, {
		name: "parley_ready", kind: gauge,
		help: "Whether messages are taken: 1, or 0 while the store cannot write and when the server stops.",
		give: func(f *Figures, put putter) { put(truth(f.Ready)) },
	}}
}

// truth is 1 for true.
func truth(so bool) float64 {
	if so {
		return 1
	}
	return 0
}

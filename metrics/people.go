package metrics

func peopleMetrics() []metric {
	return []metric{{
		name: "parley_people", kind: gauge,
		help: "People here now, each once, however often they are connected; the operator's console too.",
		give: func(f *Figures, put putter) { put(float64(f.Hub.People)) },
	}, {
		name: "parley_sessions", kind: gauge,
		help: "Sessions now: of connections, of sources of datagrams, and of the console.",
		give: func(f *Figures, put putter) { put(float64(f.Hub.Sessions)) },
	}, {
		name: "parley_deliveries_total", kind: counter,
		help: "Deliveries of what happens to those who are here: a message to ten sessions is ten. What is read from history " +
			"is none.",
		give: func(f *Figures, put putter) { put(float64(f.Hub.Delivered)) },
	}, {
		name: "parley_delivered_bytes_total", kind: counter,
		help: "Bytes of these deliveries, as they are encoded for each protocol.",
		give: func(f *Figures, put putter) { put(float64(f.Hub.Bytes)) },
	}, {
		name: "parley_passwords_total", kind: counter, labels: []string{"result"},
		help: "Passwords given to log in, by what came of it: right, wrong, or throttled where too many wrong ones came before.",
		give: func(f *Figures, put putter) {
			put(float64(f.Passwords.Right), "right")
			put(float64(f.Passwords.Wrong), "wrong")
			put(float64(f.Passwords.Throttled), "throttled")
		},
	}}
}

package metrics

import "parley"

// listenerLabels are what every figure of a listener has.
var listenerLabels = []string{"listener", "protocol"}

func listenerMetrics() []metric {
	return []metric{{
		name: "parley_connections", kind: gauge, labels: listenerLabels,
		help: "Connections now, those in their TLS handshake included.",
		give: connections,
	}, {
		name: "parley_connections_accepted_total", kind: counter, labels: listenerLabels,
		help: "Connections accepted, those that were refused at once included.",
		give: accepted,
	}, {
		name: "parley_connections_ended_total", kind: counter, labels: append(listenerLabels[:2:2], "reason"),
		help: "Connections ended, by reason: ordinary where one side was done, else a code, such as slow-reader for a reader " +
			"that was cut, closed for a connection that broke, server-full and too-many-from-address for one that was refused.",
		give: ended,
	}, {
		name: "parley_datagrams_dropped_total", kind: counter, labels: append(listenerLabels[:2:2], "why"),
		help: "Datagrams dropped, those that came and those that were to be sent, by the limit that they were over.",
		give: dropped,
	}}
}

func connections(f *Figures, put putter) {
	for _, l := range f.Listeners {
		if l.Connections != nil {
			put(float64(l.Connections.Open), l.URL, l.Protocol)
		}
	}
}

func accepted(f *Figures, put putter) {
	for _, l := range f.Listeners {
		if l.Connections == nil {
			continue
		}
		n := int64(l.Connections.Open)
		for _, of := range l.Connections.Ended {
			n += of
		}
		put(float64(n), l.URL, l.Protocol)
	}
}

// ordinary is the reason of an end for none.
const ordinary = "ordinary"

func ended(f *Figures, put putter) {
	for _, l := range f.Listeners {
		if l.Connections == nil {
			continue
		}
		put(float64(l.Connections.Ended[""]), l.URL, l.Protocol, ordinary)
		for _, code := range parley.Codes() {
			put(float64(l.Connections.Ended[code]), l.URL, l.Protocol, string(code))
		}
	}
}

func dropped(f *Figures, put putter) {
	for _, l := range f.Listeners {
		if l.Datagrams == nil {
			continue
		}
		for why, n := range map[string]int64{
			"forged":       l.Datagrams.Forged,
			"participants": l.Datagrams.Participants,
			"newcomers":    l.Datagrams.Newcomers,
			"flood":        l.Datagrams.Flood,
			"waiting":      l.Datagrams.Waiting,
			"public":       l.Datagrams.Public,
			"allowance":    l.Datagrams.Allowance,
			"outgoing":     l.Datagrams.Outgoing,
		} {
			put(float64(n), l.URL, l.Protocol, why)
		}
	}
}

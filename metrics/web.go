package metrics

import (
	"cmp"
	"strconv"

	"parley/web/routes"
)

func webMetrics() []metric {
	return []metric{{
		name: "parley_websockets", kind: gauge, labels: listenerLabels,
		help: "WebSockets open now. Each is one of the connections too.",
		give: sockets,
	}, {
		name: "parley_http_requests_total", kind: counter, labels: append(listenerLabels[:2:2], "operation", "status"),
		help: "HTTP requests answered, by the operation that the OpenAPI document names, none where there is none, and by " +
			"status, 101 where a WebSocket was opened.",
		give: requests,
	}}
}

func sockets(f *Figures, put putter) {
	for _, l := range f.Listeners {
		if l.Web != nil {
			put(float64(l.Web.Sockets), l.URL, l.Protocol)
		}
	}
}

// none is the operation of a request that no route is for, or that nobody may send.
const none routes.Operation = "none"

func requests(f *Figures, put putter) {
	for _, l := range f.Listeners {
		if l.Web == nil {
			continue
		}
		for answer, n := range l.Web.Requests {
			put(float64(n), l.URL, l.Protocol, string(cmp.Or(answer.Operation, none)), strconv.Itoa(answer.Status))
		}
	}
}

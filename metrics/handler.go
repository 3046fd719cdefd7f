package metrics

import (
	"log/slog"
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// New makes a handler that shows what take gives, the version of the program, and what the Go runtime and the system tell
// of the process. take is called once for each request, perhaps by several goroutines at a time. Who may ask is for
// whoever calls the handler to decide.
func New(version string, take func() Figures, log *slog.Logger) http.Handler {
	r := prometheus.NewRegistry()
	r.MustRegister(
		newCollector(version, take),
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	)
	show := promhttp.HandlerFor(r, promhttp.HandlerOpts{
		ErrorLog:           slog.NewLogLogger(log.Handler(), slog.LevelError),
		DisableCompression: true, // what a scrape saves by it is less than it costs here
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		plain := r.Clone(r.Context())
		plain.Header.Del("Accept") // every reader understands the text format, and the interface promises no other
		show.ServeHTTP(w, plain)
	})
}

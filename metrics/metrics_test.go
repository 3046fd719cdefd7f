package metrics

import (
	"fmt"
	"log/slog"
	"maps"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"parley"
	"parley/accounts"
	"parley/files"
	"parley/hub"
	"parley/plain"
	"parley/sqlite"
	"parley/transport"
	"parley/web"
	"parley/web/routes"
)

// busy are the figures of a server that has everything.
func busy() Figures {
	return Figures{
		Ready: true,
		Listeners: []Listener{{
			URL: "plain+tls://127.0.0.1:8002", Protocol: "plain+tls",
			Connections: &transport.Counts{Open: 3, Ended: map[parley.Code]int64{"": 4, parley.CodeSlowReader: 2, parley.CodeFull: 1}},
		}, {
			URL: "plain+udp://127.0.0.1:12001", Protocol: "plain+udp", Datagrams: &plain.DatagramDrops{Forged: 5},
		}, {
			URL: "http://127.0.0.1:7275", Protocol: "http", Connections: &transport.Counts{},
			Web: &web.Counts{Sockets: 6, Requests: map[web.Answer]int64{
				{Operation: routes.GetRoom, Status: http.StatusNotFound}: 7, {Status: http.StatusNotFound}: 8,
			}},
		}},
		Hub: hub.Counts{People: 9, Sessions: 10, Delivered: 11, Bytes: 12},
		Store: sqlite.Counts{
			Applied: map[parley.EventType]int64{parley.EventMessagePosted: 13},
			Failed:  map[parley.Code]int64{parley.CodeDiskFull: 14},
			Events:  sqlite.Spread{Bounds: []float64{1, 2}, Counts: []int64{3, 2, 1}, Sum: 15},
			Seconds: sqlite.Spread{Bounds: []float64{.01}, Counts: []int64{1, 0}, Sum: .005},
			Log:     16, Free: 17,
		},
		Files:     files.Usage{Files: 18, Bytes: 19, Promised: 20, Quota: 21},
		Passwords: accounts.Counts{Right: 22, Wrong: 23, Throttled: 24},
	}
}

// scrape asks the handler as a Prometheus server does, and gives what it reads.
func scrape(t *testing.T, f Figures) map[string]*dto.MetricFamily {
	t.Helper()
	r := httptest.NewRequest("GET", "/metrics", nil)
	r.Header.Set("Accept", "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited")
	r.Header.Set("Accept-Encoding", "gzip")
	w := httptest.NewRecorder()
	New("1.2.3", func() Figures { return f }, slog.New(slog.NewTextHandler(t.Output(), nil))).ServeHTTP(w, r)
	i := slices.IndexFunc(routes.All(), func(r routes.Route) bool { return r.Operation == routes.Metrics })
	if got := w.Header().Get("Content-Type"); w.Code != http.StatusOK || !strings.HasPrefix(got, routes.All()[i].Media) {
		t.Errorf("%d, of type %s, and documented is %s", w.Code, got, routes.All()[i].Media)
	}
	parser := expfmt.NewTextParser(model.LegacyValidation)
	families, err := parser.TextToMetricFamilies(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	return families
}

// value gives the value of a metric, whose labels have these values in any order; NaN for none.
func value(f *dto.MetricFamily, labels ...string) float64 {
	for _, m := range f.GetMetric() {
		var have []string
		for _, l := range m.GetLabel() {
			have = append(have, l.GetValue())
		}
		if slices.Sort(have); !slices.Equal(have, slices.Sorted(slices.Values(labels))) {
			continue
		}
		if f.GetType() == dto.MetricType_GAUGE {
			return m.GetGauge().GetValue()
		}
		return m.GetCounter().GetValue()
	}
	return math.NaN()
}

func TestEachFigureIsShownAsWhatItIs(t *testing.T) {
	families := scrape(t, busy())
	const tls, udp, http = "plain+tls://127.0.0.1:8002", "plain+udp://127.0.0.1:12001", "http://127.0.0.1:7275"
	for _, c := range []struct {
		want   float64
		name   string
		labels []string
	}{
		{1, "parley_build_info", []string{"1.2.3"}},
		{1, "parley_ready", nil},
		{3, "parley_connections", []string{tls, "plain+tls"}},
		{10, "parley_connections_accepted_total", []string{tls, "plain+tls"}},
		{4, "parley_connections_ended_total", []string{tls, "plain+tls", "ordinary"}},
		{2, "parley_connections_ended_total", []string{tls, "plain+tls", "slow-reader"}},
		{1, "parley_connections_ended_total", []string{tls, "plain+tls", "server-full"}},
		{0, "parley_connections_ended_total", []string{tls, "plain+tls", "closed"}},
		{5, "parley_datagrams_dropped_total", []string{udp, "plain+udp", "forged"}},
		{6, "parley_websockets", []string{http, "http"}},
		{7, "parley_http_requests_total", []string{http, "http", "getRoom", "404"}},
		{8, "parley_http_requests_total", []string{http, "http", "none", "404"}},
		{9, "parley_people", nil},
		{10, "parley_sessions", nil},
		{11, "parley_deliveries_total", nil},
		{12, "parley_delivered_bytes_total", nil},
		{13, "parley_events_applied_total", []string{"message-posted.1"}},
		{0, "parley_events_applied_total", []string{"read.1"}},
		{6, "parley_commits_total", nil},
		{14, "parley_commit_failures_total", []string{"disk-full"}},
		{0, "parley_commit_failures_total", []string{"store-failed"}},
		{16, "parley_wal_bytes", nil},
		{17, "parley_disk_free_bytes", nil},
		{18, "parley_files", nil},
		{19, "parley_files_bytes", nil},
		{20, "parley_files_promised_bytes", nil},
		{21, "parley_files_quota_bytes", nil},
		{22, "parley_passwords_total", []string{"right"}},
		{23, "parley_passwords_total", []string{"wrong"}},
		{24, "parley_passwords_total", []string{"throttled"}},
	} {
		if got := value(families[c.name], c.labels...); got != c.want {
			t.Errorf("%s%q is %v, want %v", c.name, c.labels, got, c.want)
		}
	}
	h := families["parley_commit_events"].GetMetric()[0].GetHistogram()
	var buckets []uint64
	for _, b := range h.GetBucket() {
		buckets = append(buckets, b.GetCumulativeCount())
	}
	if h.GetSampleCount() != 6 || h.GetSampleSum() != 15 || !slices.Equal(buckets, []uint64{3, 5, 6}) {
		t.Errorf("the events of a commit: %v", h)
	}
	if families["go_goroutines"] == nil {
		t.Error("nothing is told of the Go runtime")
	}
}

func TestWhatThereIsNotIsNotShown(t *testing.T) {
	f := busy()
	f.Ready, f.Store.Free, f.Files.Quota = false, -1, 0
	families := scrape(t, f)
	if got := value(families["parley_ready"]); got != 0 {
		t.Errorf("ready is %v", got)
	}
	if families["parley_disk_free_bytes"] != nil {
		t.Error("a disk that does not tell has free space")
	}
	if got := value(families["parley_files_quota_bytes"]); got != math.Inf(1) {
		t.Errorf("no quota is shown as %v", got)
	}
	for _, m := range families["parley_connections"].GetMetric() {
		if strings.Contains(m.String(), "udp") {
			t.Errorf("a listener for datagrams has connections: %v", m)
		}
	}
}

// row is a row of the table in docs/operating.md: a name, what it is, and its labels.
var row = regexp.MustCompile("(?m)^\\| `(parley_[a-z_]+)` \\| (counter|gauge|histogram) \\|([^|]*)\\| .+ \\|$")

// Every metric stands in the document, with its type and its labels, and no other does.
func TestTheDocumentHasEveryMetric(t *testing.T) {
	text, err := os.ReadFile("../docs/operating.md")
	if err != nil {
		t.Fatal(err)
	}
	documented, shown := make(map[string]string), make(map[string]string)
	for _, m := range row.FindAllStringSubmatch(string(text), -1) {
		documented[m[1]] = fmt.Sprint(m[2], " ", strings.NewReplacer("`", "", ",", "").Replace(m[3]))
	}
	for name, f := range scrape(t, busy()) {
		if !strings.HasPrefix(name, "parley_") {
			continue
		}
		labels := make(map[string]bool)
		for _, l := range f.GetMetric()[0].GetLabel() {
			labels[l.GetName()] = true
		}
		shown[name] = fmt.Sprint(strings.ToLower(f.GetType().String()), " ", strings.Join(slices.Sorted(maps.Keys(labels)), " "))
	}
	for name, is := range shown {
		words := strings.Fields(documented[name])
		if len(words) > 0 {
			slices.Sort(words[1:])
		}
		if strings.Join(words, " ") != strings.TrimSpace(is) {
			t.Errorf("docs/operating.md has %s as %q, and it is %q", name, documented[name], is)
		}
	}
	for name := range documented {
		if shown[name] == "" {
			t.Errorf("docs/operating.md has %s, which there is not", name)
		}
	}
}

// Names end as Prometheus has them (https://prometheus.io/docs/practices/naming/): counters, and they alone, in _total.
func TestNamesAreConventional(t *testing.T) {
	for name, f := range scrape(t, busy()) {
		if strings.HasPrefix(name, "parley_") && strings.HasSuffix(name, "_total") != (f.GetType() == dto.MetricType_COUNTER) {
			t.Errorf("%s is a %s", name, f.GetType())
		}
		if f.GetHelp() == "" {
			t.Errorf("nothing says what %s is", name)
		}
	}
}

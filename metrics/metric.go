package metrics

import (
	"slices"

	"github.com/prometheus/client_golang/prometheus"

	"parley/sqlite"
)

// metric is one figure, or one for each value of its labels.
type metric struct {
	name   string
	help   string
	kind   prometheus.ValueType // of what give gives
	labels []string
	give   func(f *Figures, put putter)
	spread func(f *Figures) sqlite.Spread // makes it a histogram, in the place of give
}

// putter takes a value, with those of the metric's labels.
type putter func(value float64, labels ...string)

const (
	counter = prometheus.CounterValue
	gauge   = prometheus.GaugeValue
)

// all gives every metric, in the order in which they are documented.
func all(version string) []metric {
	return slices.Concat(serverMetrics(version), listenerMetrics(), webMetrics(), peopleMetrics(), storeMetrics(), fileMetrics())
}

// collector gives the metrics to a registry.
type collector struct {
	take    func() Figures
	metrics []metric
	descs   []*prometheus.Desc // of metrics
}

func newCollector(version string, take func() Figures) *collector {
	c := &collector{take: take, metrics: all(version)}
	for _, m := range c.metrics {
		c.descs = append(c.descs, prometheus.NewDesc(m.name, m.help, m.labels, nil))
	}
	return c
}

// Describe tells what there is.
func (c *collector) Describe(out chan<- *prometheus.Desc) {
	for _, d := range c.descs {
		out <- d
	}
}

// Collect takes the figures, and gives them.
func (c *collector) Collect(out chan<- prometheus.Metric) {
	f := c.take()
	for i, m := range c.metrics {
		if m.spread != nil {
			out <- histogram(c.descs[i], m.spread(&f))
			continue
		}
		m.give(&f, func(value float64, labels ...string) {
			out <- prometheus.MustNewConstMetric(c.descs[i], m.kind, value, labels...)
		})
	}
}

// histogram gives a spread as Prometheus has it: each bucket counts what is in those below it too.
func histogram(d *prometheus.Desc, s sqlite.Spread) prometheus.Metric {
	buckets, count := make(map[float64]uint64, len(s.Bounds)), uint64(0)
	for i, bound := range s.Bounds {
		count += uint64(s.Counts[i])
		buckets[bound] = count
	}
	count += uint64(s.Counts[len(s.Bounds)])
	return prometheus.MustNewConstHistogram(d, count, s.Sum, buckets)
}

//go:build linux

package main

import (
	"fmt"
	"io"
	"time"
)

// report writes what was measured, one line a figure.
type report struct{ out io.Writer }

func (r report) floor(lines int, spent time.Duration) {
	fmt.Fprintf(r.out, "bare writes of %2d lines: %s of CPU a line, with no server at all\n", lines, each(spent, 1))
}

func (r report) flow(d *door, window int, f flow) {
	seconds := f.elapsed.Seconds()
	fmt.Fprintf(r.out, "%s, %d in flight: %s deliveries/s (%s messages/s), "+
		"%s of server CPU a delivery, %s of the load's own, %.1f deliveries a read\n",
		d.name, window, thousands(float64(f.deliveries)/seconds), thousands(float64(f.messages)/seconds),
		each(f.serverCPU, f.deliveries), each(f.ownCPU, f.deliveries), float64(f.deliveries)/float64(max(f.reads, 1)))
}

// ratio says what the second door's flow is beside the first one's.
func (r report) ratio(window int, first, second flow) {
	rate := func(f flow) float64 { return float64(f.deliveries) / f.elapsed.Seconds() }
	cost := func(f flow) float64 { return float64(f.serverCPU) / float64(f.deliveries) }
	fmt.Fprintf(r.out, "websocket beside plain, %d in flight: %.2f of the deliveries/s, %.2f of the CPU a delivery\n",
		window, rate(second)/rate(first), cost(second)/cost(first))
}

func (r report) delays(at *door, rate int, d delays) {
	fmt.Fprintf(r.out, "%s, at %s deliveries/s: 50th percentile %s, 99th %s, longest %s, of %s\n", at.name, thousands(float64(rate)),
		milliseconds(d.share(0.50)), milliseconds(d.share(0.99)), milliseconds(d.share(1)), thousands(float64(len(d))))
}

func (r report) footprints(d *door, list []footprint) {
	first := list[0]
	fmt.Fprintf(r.out, "%s, 1 connection: %.1f MiB resident\n", d.name, float64(first.resident)/(1<<20))
	for _, f := range list[1:] {
		fmt.Fprintf(r.out, "%s, %s idle connections: %.1f MiB resident, %.2f KiB for each after the first\n", d.name, thousands(float64(f.clients)),
			float64(f.resident)/(1<<20), float64(f.resident-first.resident)/float64(f.clients-first.clients)/(1<<10))
	}
}

func (r report) transfers(m transfers) {
	sum, up, down := middle(m.sum), middle(m.up), middle(m.down)
	size := fmt.Sprintf("%.2f GB", float64(up.size)/1e9)
	fmt.Fprintf(r.out, "upload of %s: %s; sha256sum reads at %s: %.2f of it\n", size, speed(up), speed(sum), up.rate()/sum.rate())
	if len(m.nginx) == 0 {
		fmt.Fprintf(r.out, "download of %s: %s; nginx, to compare it with, is not installed\n", size, speed(down))
	} else {
		nginx := middle(m.nginx)
		fmt.Fprintf(r.out, "download of %s: %s; from nginx %s: %.2f of it\n", size, speed(down), speed(nginx), down.rate()/nginx.rate())
	}
	fmt.Fprintf(r.out, "memory of the server: %.1f MiB resident before, %.1f at most\n", float64(m.before)/(1<<20), float64(m.peak)/(1<<20))
}

func speed(t transfer) string { return fmt.Sprintf("%.0f MB/s", t.rate()/1e6) }

// each gives the microseconds of one of n.
func each(d time.Duration, n int) string {
	if n == 0 || d == 0 {
		return "unknown"
	}
	return fmt.Sprintf("%.3f µs", float64(d)/float64(time.Microsecond)/float64(n))
}

func milliseconds(d time.Duration) string {
	return fmt.Sprintf("%.2f ms", float64(d)/float64(time.Millisecond))
}

// thousands writes a number without decimals, with commas between its thousands.
func thousands(f float64) string {
	digits := fmt.Sprintf("%.0f", f)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

package explain_test

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"
	"time"

	"parley/explain"
)

// BenchmarkBesideTshark explains a large capture, and has tshark count its conversations: how much faster and how much memory.
// PACKETS says how many packets, 10,000,000 for the figure in docs/performance.md.
func BenchmarkBesideTshark(b *testing.B) {
	tshark, err := exec.LookPath("tshark")
	if err != nil {
		b.Skip("tshark is not installed: there is nothing to compare with")
	}
	packets := 200_000
	if n, err := strconv.Atoi(os.Getenv("PACKETS")); err == nil {
		packets = n
	}
	path := filepath.Join(b.TempDir(), "crowd.pcapng")
	f, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	w := bufio.NewWriterSize(f, 1<<20)
	writeCrowd(b, w, packets, 1000)
	if err := w.Flush(); err != nil {
		b.Fatal(err)
	}
	size, _ := f.Seek(0, 1)
	if err := f.Close(); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		began := time.Now()
		f, err := os.Open(path)
		if err != nil {
			b.Fatal(err)
		}
		lab, err := explain.Read(explain.Options{}, explain.Source{Name: "crowd", Content: f})
		f.Close()
		if err != nil || lab.Packets != int64(packets) {
			b.Fatal(lab.Packets, err)
		}
		own := time.Since(began)
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		began = time.Now()
		if out, err := exec.Command(tshark, "-q", "-z", "conv,tcp", "-r", path).CombinedOutput(); err != nil {
			b.Fatalf("%v: %s", err, out)
		}
		b.ReportMetric(float64(time.Since(began))/float64(own), "times-faster")
		b.ReportMetric(float64(m.Sys)/(1<<20), "MiB-in-all")
		b.ReportMetric(float64(size)/1e6/own.Seconds(), "MB/s")
	}
}

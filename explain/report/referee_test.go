package report_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"parley/explain"
	"parley/explain/report"
)

// sameAsTshark compares the counts of the only connection with tshark's.
func sameAsTshark(t *testing.T, capture []byte, l *explain.Lab) {
	t.Helper()
	if _, err := exec.LookPath("tshark"); err != nil {
		t.Skip("tshark is not installed (Debian: tshark), so nobody says whether the counts are right")
	}
	c := report.NewDocument(l).Connections[0]
	for filter, got := range map[string]int64{
		"tcp.analysis.retransmission":          c.Retransmitted,
		"tcp.analysis.fast_retransmission":     c.Fast,
		"tcp.analysis.spurious_retransmission": c.Spurious,
		"tcp.analysis.out_of_order":            c.OutOfOrder,
		"tcp.analysis.duplicate_ack":           c.DuplicateAcks,
		"tcp.analysis.zero_window":             c.ZeroWindows,
		"tcp.flags.fin==1":                     c.FINs,
		"tcp.flags.reset==1":                   c.Resets,
		"tcp.seq_raw==" + strconv.FormatUint(uint64(c.SYN.Seq), 10) + " && tcp.flags.syn==1 && tcp.flags.ack==0": 1,
	} {
		if want := tsharkCounts(t, capture, filter); int64(want) != got {
			t.Errorf("%s: %d, and tshark counts %d", filter, got, want)
		}
	}
	least := "tcp.window_size==" + strconv.FormatUint(uint64(c.MinWindow.Bytes), 10)
	below := "tcp.window_size<" + strconv.FormatUint(uint64(c.MinWindow.Bytes), 10) + " && tcp.flags.syn==0 && tcp.flags.reset==0"
	if tsharkCounts(t, capture, least) == 0 || tsharkCounts(t, capture, below) != 0 {
		t.Errorf("the smallest window is not %d", c.MinWindow.Bytes)
	}
}

// tsharkCounts gives how many packets tshark finds with a filter.
func tsharkCounts(t *testing.T, capture []byte, filter string) int {
	t.Helper()
	path := filepath.Join(t.TempDir(), "story.pcapng")
	if err := os.WriteFile(path, capture, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("tshark", "-r", path, "-Y", filter, "-T", "fields", "-e", "frame.number").Output()
	if err != nil {
		t.Fatalf("tshark: %v", err)
	}
	return len(strings.Fields(string(out)))
}

package tcp_test

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"parley/capture/pcap"
	"parley/explain/packet"
	"parley/explain/tcp"
)

// fields are what tshark calls a verdict.
var fields = []struct {
	name    string
	verdict tcp.Verdict
}{
	{"retransmission", tcp.AnyRetransmission},
	{"fast_retransmission", tcp.FastRetransmission},
	{"spurious_retransmission", tcp.SpuriousRetransmission},
	{"out_of_order", tcp.OutOfOrder},
	{"lost_segment", tcp.PreviousNotCaptured},
	{"duplicate_ack", tcp.DuplicateAck},
	{"keep_alive", tcp.KeepAlive},
	{"keep_alive_ack", tcp.KeepAliveAck},
	{"zero_window", tcp.ZeroWindow},
	{"zero_window_probe", tcp.ZeroWindowProbe},
	{"zero_window_probe_ack", tcp.ZeroWindowProbeAck},
	{"window_update", tcp.WindowUpdate},
	{"window_full", tcp.WindowFull},
}

// refereed is what tshark says of each frame: its verdict, and the window.
func refereed(t *testing.T, file []byte) []string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "made.pcapng")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	args := []string{"-r", path, "-T", "fields", "-e", "tcp.window_size"}
	for _, f := range fields {
		args = append(args, "-e", "tcp.analysis."+f.name)
	}
	out, err := exec.Command("tshark", args...).Output()
	if err != nil {
		t.Fatalf("tshark: %v", err)
	}
	var list []string
	for line := range strings.Lines(string(out)) {
		cells := strings.Split(strings.TrimRight(line, "\n"), "\t")
		text := "window " + cells[0]
		for i, f := range fields {
			if cells[i+1] != "" {
				text += " " + f.name
			}
		}
		list = append(list, text)
	}
	return list
}

// judged is what we say of each frame, in the same form.
func judged(t *testing.T, file []byte) []string {
	t.Helper()
	r, err := pcap.NewReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	flows := map[netip.AddrPort]*tcp.Flow{}
	var d packet.Decoder
	for {
		from, err := r.Next()
		if err == io.EOF {
			return list
		}
		var p packet.Packet
		if err != nil || !d.Decode(&from, &p) {
			t.Fatal(err)
		}
		client, side := netip.AddrPortFrom(p.Src, p.Segment.SrcPort), 0
		if p.Segment.SrcPort == 8001 {
			client, side = netip.AddrPortFrom(p.Dst, p.Segment.DstPort), 1
		}
		if flows[client] == nil {
			flows[client] = &tcp.Flow{}
		}
		verdict, window := flows[client].See(side, &tcp.Segment{Segment: &p.Segment, Length: p.Length, Time: from.Time})
		text := fmt.Sprint("window ", window)
		for _, f := range fields {
			if verdict.Any(f.verdict) {
				text += " " + f.name
			}
		}
		list = append(list, text)
	}
}

// again is the first field that says of which kind a segment is that was sent again, or overtaken.
var again = regexp.MustCompile(`( (retransmission|fast_retransmission|out_of_order))+`)

// Three thousand conversations, with what networks do to them, are judged as tshark does, frame by frame. Where a segment was sent
// again, tshark calls some fast retransmissions that its guide's definition does not (docs/decisions/0016-as-wireshark-says.md); that
// it was sent again, or overtaken, both say.
func TestEachFrameIsJudgedAsByTshark(t *testing.T) {
	if _, err := exec.LookPath("tshark"); err != nil {
		t.Skip("tshark, the referee, is not installed")
	}
	frames, otherwise := 0, 0
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 1))
		var list []made
		for port := range uint16(50) {
			list = append(list, chat(r, 10000+port, int64(port)*1e9, float64(seed%4)/3)...)
		}
		f := file(t, list)
		want, got := refereed(t, f), judged(t, f)
		if len(want) != len(list) || len(got) != len(list) {
			t.Fatalf("%d frames, %d and %d judged", len(list), len(want), len(got))
		}
		for i := range want {
			frames++
			if want[i] == got[i] {
				continue
			}
			if otherwise++; again.ReplaceAllString(want[i], " again") != again.ReplaceAllString(got[i], " again") {
				t.Errorf("seed %d, frame %d: %q, not %q", seed, i+1, got[i], want[i])
			}
		}
	}
	if otherwise*500 > frames {
		t.Errorf("%d of %d frames are sent again in another way", otherwise, frames)
	}
}

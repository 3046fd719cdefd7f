package tap

import (
	"bytes"
	"encoding/hex"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"parley/capture/pcap"
	"parley/explain"
)

var (
	ours   = netip.MustParseAddrPort("192.0.2.1:8001")
	theirs = netip.MustParseAddrPort("192.0.2.9:40000")
)

// write gives what a Tap writes of what happens.
func write(t *testing.T, o Options, happens func(*Tap)) []byte {
	t.Helper()
	var file bytes.Buffer
	tap, err := New(&file, o)
	if err != nil {
		t.Fatal(err)
	}
	happens(tap)
	if _, err := tap.Close(); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

// read reads a capture as explain does.
func read(t *testing.T, file []byte) *explain.Lab {
	t.Helper()
	lab, err := explain.Read(explain.Options{}, explain.Source{Name: "tap.pcapng", Content: bytes.NewReader(file)})
	if err != nil {
		t.Fatal(err)
	}
	if lab.Files[0].Broken != nil {
		t.Fatal("the file is broken:", lab.Files[0].Broken)
	}
	return lab
}

// packetsOf gives all packets of a capture.
func packetsOf(t *testing.T, file []byte) (all []pcap.Packet) {
	t.Helper()
	r, err := pcap.NewReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	for {
		p, err := r.Next()
		if err != nil {
			return all
		}
		p.Data = bytes.Clone(p.Data)
		all = append(all, p)
	}
}

// tshark asks Wireshark's program about a capture, every checksum verified, and gives its lines. It must not warn of anything.
func tshark(t *testing.T, file []byte, args ...string) []string {
	t.Helper()
	if _, err := exec.LookPath("tshark"); err != nil {
		t.Skip("tshark is not installed, so nobody else reads the file")
	}
	path := filepath.Join(t.TempDir(), "tap.pcapng")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	args = append([]string{"-r", path, "-o", "tcp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE"},
		args...)
	command := exec.Command("tshark", args...)
	var warnings bytes.Buffer
	command.Stderr = &warnings
	out, err := command.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, &warnings)
	}
	for line := range strings.Lines(warnings.String()) {
		if !strings.HasPrefix(line, "Running as user") {
			t.Errorf("tshark warns: %s", line)
		}
	}
	return strings.Split(strings.TrimRight(string(out), "\n"), "\n")
}

// doubts gives the frames that tshark finds something about: TCP's analysis, checksums, what is malformed.
func doubts(t *testing.T, file []byte) string {
	t.Helper()
	return strings.Join(tshark(t, file, "-Y",
		"tcp.analysis.flags || tcp.checksum.status == 0 || ip.checksum.status == 0 || udp.checksum.status == 0 || _ws.malformed"), "\n")
}

// saidTo gives the bytes that went to a port, as tshark puts them together.
func saidTo(t *testing.T, file []byte, port string) string {
	t.Helper()
	var all []byte
	for _, line := range tshark(t, file, "-Y", "tcp.dstport == "+port+" && tcp.len > 0", "-T", "fields", "-e", "tcp.payload") {
		p, err := hex.DecodeString(line)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, p...)
	}
	return string(all)
}

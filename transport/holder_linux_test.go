package transport

import (
	"bufio"
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"parley"
)

// A port in use is told with the name and the number of the process that holds it.
func TestPortInUseByAnother(t *testing.T) {
	other := exec.Command(os.Args[0])
	other.Env = append(os.Environ(), holdEnv+"=1")
	input, err := other.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	output, err := other.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := other.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(output).ReadString('\n')
	tcp, udp, ok := strings.Cut(strings.TrimSpace(line), " ")
	if !ok {
		t.Fatalf("the other process said %q (%v)", line, err)
	}
	comm, err := os.ReadFile(fmt.Sprintf("/proc/%d/comm", other.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	who := fmt.Sprintf("%s (pid %d)", strings.TrimSpace(string(comm)), other.Process.Pid)
	all := netip.MustParseAddrPort(tcp)
	everywhere := fmt.Sprintf("0.0.0.0:%d", all.Port())

	for _, address := range []string{tcp, everywhere} {
		_, err = Listen(t.Context(), address, Options{})
		if want := address + " is in use by " + who; parley.Sentence(err) != want {
			t.Errorf("%q, want %q", parley.Sentence(err), want)
		}
	}
	_, err = ListenPacket(t.Context(), udp)
	if want := udp + " is in use by " + who; parley.Sentence(err) != want {
		t.Errorf("%q, want %q", parley.Sentence(err), want)
	}
	_ = input.Close()
	if err := other.Wait(); err != nil {
		t.Error(err)
	}
}

// A port that this process holds itself is told as that.
func TestPortInUseByUs(t *testing.T) {
	l := listen(t, Options{})
	defer l.Close()
	_, err := Listen(t.Context(), l.Addr().String(), Options{})
	if want := l.Addr().String() + " is in use by another listener of this server"; parley.Sentence(err) != want {
		t.Errorf("%q, want %q", parley.Sentence(err), want)
	}
}

// netTable is what /proc/net/tcp6 looks like on a little-endian machine: listeners at 127.0.0.1:8001 (mapped),
// [::1]:8001 and [::]:8002, and a connection at port 8001.
const netTable = `  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0000000000000000FFFF00000100007F:1F41 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 11 1 0000000000000000 100 0 0 10 0
   1: 00000000000000000000000001000000:1F41 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 12 1 0000000000000000 100 0 0 10 0
   2: 00000000000000000000000000000000:1F42 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 13 1 0000000000000000 100 0 0 10 0
   3: 0000000000000000FFFF00000100007F:1F41 0000000000000000FFFF00000100007F:8F2C 01 00000000:00000000 00:00000000 00000000  1000        0 14 1 0000000000000000 20 4 30 10 -1
`

// The sockets that keep others from an address are found in the kernel's table.
func TestSocketsAt(t *testing.T) {
	for at, want := range map[string][]string{
		"127.0.0.1:8001": {"11"},
		"[::1]:8001":     {"12"},
		"0.0.0.0:8001":   {"11", "12"},
		"[::]:8001":      {"11", "12"},
		"10.0.0.1:8001":  nil,
		"10.0.0.1:8002":  {"13"},
		"127.0.0.1:8003": nil,
	} {
		var got []string
		for _, s := range socketsAt(strings.NewReader(netTable), netip.MustParseAddrPort(at)) {
			got = append(got, s.inode)
			if s.user != "1000" {
				t.Errorf("%s: of user %s", at, s.user)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", at, got, want)
		}
	}
}

// A process that names itself to deceive is shown without what could.
func TestOwnerNameIsClean(t *testing.T) {
	proc := t.TempDir()
	if err := os.MkdirAll(proc+"/4711/fd", 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("socket:[99]", proc+"/4711/fd/3"); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(proc+"/4711/comm", []byte("n\x1b[2Jc\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, found := ownerOf(proc, "99"); !found || got.String() != "n\uFFFD[2Jc (pid 4711)" {
		t.Errorf("%q", got)
	}
	if got, found := ownerOf(proc, "100"); found {
		t.Errorf("nobody has 100: %q", got)
	}
}

// FuzzSocketsAt reads tables that no kernel wrote.
func FuzzSocketsAt(f *testing.F) {
	f.Add(netTable)
	f.Add("x\n: \n0: 0100007F:1F41 0 0A 0 0 0 0 0 7")
	f.Fuzz(func(t *testing.T, table string) {
		for _, s := range socketsAt(strings.NewReader(table), netip.MustParseAddrPort("0.0.0.0:8001")) {
			if !strings.Contains(table, s.inode) {
				t.Errorf("inode %q is not in the table", s.inode)
			}
		}
	})
}

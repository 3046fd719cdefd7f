//go:build unix

package main

import (
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"syscall"
	"testing"
	"time"
)

// TestBreakingOffLeavesNoTemporaryData: a second Ctrl-C, while the server waits for a client to take what is sent to it,
// left the data of --data :memory: in the folder of temporary files.
func TestBreakingOffLeavesNoTemporaryData(t *testing.T) {
	const address = "127.98.3.1:8001"
	tmp, share := t.TempDir(), t.TempDir()
	large := filepath.Join(share, "large.bin")
	if err := os.WriteFile(large, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(large, 64<<20); err != nil { // more than a connection holds under way
		t.Fatal(err)
	}
	server := exec.Command(binary, "serve", "--data", ":memory:", "--share", share, "--listen", "plain://"+address)
	server.Env = append(os.Environ(), "TMPDIR="+tmp)
	out, log := newTranscript(), newTranscript()
	server.Stdout, server.Stderr = out, log
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Wait(); out.end(); log.end() }()
	defer func() { _ = server.Process.Kill() }() // which says nothing of a process that has ended
	if !out.await(regexp.MustCompile(`Ctrl-C stops`)) {
		t.Fatalf("the server did not start:\n%s", log.whole())
	}
	takesNothing(t, address)
	if left, err := os.ReadDir(tmp); err != nil || len(left) != 1 {
		t.Fatalf("while it runs: %v, %v", left, err)
	}
	if err := server.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	if !log.await(regexp.MustCompile(`stopping`)) {
		t.Fatalf("it does not stop:\n%s", log.whole())
	}
	again := time.NewTicker(50 * time.Millisecond) // one that comes at once is the same request
	defer again.Stop()
	for over := false; !over; {
		select {
		case <-ended:
			over = true
		case <-again.C:
			_ = server.Process.Signal(syscall.SIGINT) // it may have just ended
		}
	}
	if status := server.ProcessState.ExitCode(); status != statusInterrupted {
		t.Errorf("the exit status is %d:\n%s", status, log.whole())
	}
	if left, err := os.ReadDir(tmp); err != nil || len(left) > 0 {
		t.Errorf("afterwards there is still %v, %v", left, err)
	}
}

// takesNothing asks for the large file, and stops reading when it begins to come.
func takesNothing(t *testing.T, address string) {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(patience))
	if _, err := io.WriteString(conn, "ask for file:large.bin\n"); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(conn, make([]byte, 1<<20)); err != nil {
		t.Fatal(err)
	}
}

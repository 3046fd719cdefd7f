//go:build unix

package files

import (
	"net"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"parley"
)

// TestAPipeHoldsNobodyUp: opening a named pipe would wait for somebody to write into it.
func TestAPipeHoldsNobodyUp(t *testing.T) {
	dir, err := os.MkdirTemp("", "share") // short enough for the path of a socket
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := syscall.Mkfifo(filepath.Join(dir, "pipe"), 0o600); err != nil {
		t.Fatal(err)
	}
	socket, err := net.Listen("unix", filepath.Join(dir, "socket"))
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()
	sh := openShare(t, dir)
	for _, name := range []parley.FileName{"pipe", "socket"} {
		_, _, err := sh.Open(t.Context(), name)
		code(t, err, parley.CodeNoSuchFile)
	}
}

// TestAPipeInTheLastMomentHoldsNobodyUp: the flag for opening is what saves who looked a moment too early.
func TestAPipeInTheLastMomentHoldsNobodyUp(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mkfifo(filepath.Join(dir, "pipe"), 0o600); err != nil {
		t.Fatal(err)
	}
	sh := openShare(t, dir)
	f, err := sh.root.OpenFile("pipe", os.O_RDONLY|dontWait, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

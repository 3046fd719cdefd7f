//go:build unix

package sqlite

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// The database was as readable as the umask left it, for everybody with an account on the machine where the data
// directory was not made by the server.
func TestNobodyElseReadsTheDatabase(t *testing.T) {
	for _, umask := range []int{0, 0o022, 0o277} {
		was := syscall.Umask(umask)
		dir := t.TempDir()
		must := func(err error) {
			if err != nil {
				syscall.Umask(was)
				t.Fatal(err)
			}
		}
		must(os.Chmod(dir, 0o755))
		s := startStore(t, dir, Options{})
		syscall.Umask(was)
		openLobby(t, s)
		checkPrivate(t, dir, 3)
		must(s.Close())
		checkPrivate(t, dir, 1)
		must(os.Chmod(filepath.Join(dir, FileName), 0o644)) // as an older version left it
		openStore(t, dir, Options{})
		checkPrivate(t, dir, 1)
	}
}

// checkPrivate checks that there are so many files in dir at least, and who may read them.
func checkPrivate(t *testing.T, dir string, least int) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) < least {
		t.Fatalf("%d files: %v", len(entries), err)
	}
	for _, e := range entries {
		if info, err := e.Info(); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", e.Name(), info.Mode(), err)
		}
	}
}

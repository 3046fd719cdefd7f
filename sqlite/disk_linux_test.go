package sqlite

import (
	"errors"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"parley"
)

// mount makes a small disk of its own for a test.
func mount(t *testing.T, flags uintptr, options string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	if err := unix.Mount("tmpfs", dir, "tmpfs", flags, options); err != nil {
		t.Skipf("this test mounts a small disk, which needs root: %v", err)
	}
	t.Cleanup(func() {
		if err := unix.Unmount(dir, 0); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// TestFullDiskIsSurvived fills a real disk under a store that keeps nothing free, so that SQLite itself finds it
// full. It is told as a full disk, reading works, and when there is room again it goes on without a gap.
func TestFullDiskIsSurvived(t *testing.T) {
	dir := mount(t, 0, "size=4m")
	s := startStore(t, dir, Options{Reserve: -1})
	lobby := openLobby(t, s)
	acknowledged := 0
	write := func() error {
		e := said(lobby, alice, id(acknowledged), strings.Repeat("x", 20_000))
		_, err := s.Append(t.Context(), e)
		if err == nil {
			acknowledged++
		}
		return err
	}
	ballast := filepath.Join(dir, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 2<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	var err error
	for err == nil {
		err = write()
	}
	for range 3 {
		if parley.CodeOf(err) != parley.CodeDiskFull {
			t.Fatalf("on a full disk: %v", err)
		}
		if got := history(t, s, lobby); len(got) != acknowledged {
			t.Fatalf("%d messages were acknowledged, %d are read from a full disk", acknowledged, len(got))
		}
		err = write()
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if err := write(); err != nil {
			t.Fatalf("when there is room again: %v", err)
		}
	}
	noGaps(t, history(t, s, lobby))
}

// TestAReadOnlyDirectoryIsToldInOneSentence: as root on a disk that is mounted so, else in a folder without the
// permission.
func TestAReadOnlyDirectoryIsToldInOneSentence(t *testing.T) {
	var dir string
	if os.Geteuid() == 0 {
		dir = mount(t, unix.MS_RDONLY, "size=1m")
	} else {
		dir = t.TempDir()
		if err := os.Chmod(dir, 0o500); err != nil {
			t.Fatal(err)
		}
	}
	_, err := Open(t.Context(), dir, Options{Log: testLog(t)})
	want := "cannot write in the data directory " + dir + ": "
	if parley.CodeOf(err) != parley.CodeStore || !strings.HasPrefix(parley.Sentence(err), want) {
		t.Fatalf("told %v", err)
	}
}

// TestAfterAnIOErrorTheDatabaseIsOpenedAgain has every write fail for a while, by a limit on the size of files.
// Nothing of a batch that failed is there afterwards, and no number is left out.
func TestAfterAnIOErrorTheDatabaseIsOpenedAgain(t *testing.T) {
	dir := t.TempDir()
	s := startStore(t, dir, Options{})
	lobby := openLobby(t, s)
	appendAll(t, s, said(lobby, alice, id(1), "one"), said(lobby, alice, id(2), "two"))
	before := s.db.write

	restore := limitFiles(t, 1)
	for range 3 {
		_, err := s.Append(t.Context(), said(lobby, alice, id(3), "lost"), said(lobby, alice, id(4), "lost as well"))
		if parley.CodeOf(err) != parley.CodeStore || parley.Sentence(err) != sentenceFailed {
			t.Fatalf("on a disk that fails: %v", err)
		}
	}
	restore()

	if o := appendOne(t, s, said(lobby, alice, id(4), "three")); o.Seq != 3 || o.Repeat {
		t.Fatalf("when the disk works again: %v", o)
	}
	if s.db.write == before {
		t.Fatal("the database was not opened again")
	}
	messages := history(t, s, lobby)
	noGaps(t, messages)
	if len(messages) != 3 || messages[2].Text != "three" {
		t.Fatalf("history %v", messages)
	}
}

// TestAStoreWhoseDiskFailsIsNotReady, and is again when the disk works.
func TestAStoreWhoseDiskFailsIsNotReady(t *testing.T) {
	s := openStore(t, t.TempDir(), Options{})
	s.writer.health.every = time.Millisecond
	s.Start(func([]parley.Applied) {})
	lobby := openLobby(t, s)
	restore := limitFiles(t, 1)
	if _, err := s.Append(t.Context(), said(lobby, alice, id(1), "lost")); parley.CodeOf(err) != parley.CodeStore {
		t.Fatalf("on a disk that fails: %v", err)
	}
	afterTrials(s, 3)
	if err := s.Ready(); parley.CodeOf(err) != parley.CodeStore || parley.Sentence(err) != sentenceFailed {
		t.Fatalf("on a disk that fails: ready, %v", err)
	}
	restore()
	waitUntil(func() bool { return s.Ready() == nil })
}

// limitFiles lets no file of this process grow beyond so many bytes, until restore is called.
func limitFiles(t *testing.T, bytes uint64) (restore func()) {
	t.Helper()
	signal.Ignore(syscall.SIGXFSZ) // a write beyond the limit fails, and does not end the process
	var old unix.Rlimit
	set := func(limit uint64) error {
		return unix.Setrlimit(unix.RLIMIT_FSIZE, &unix.Rlimit{Cur: limit, Max: old.Max})
	}
	if err := errors.Join(unix.Getrlimit(unix.RLIMIT_FSIZE, &old), set(bytes)); err != nil {
		t.Fatal(err)
	}
	restore = func() {
		if err := set(old.Cur); err != nil {
			t.Error(err)
		}
		signal.Reset(syscall.SIGXFSZ)
	}
	t.Cleanup(restore)
	return restore
}

package files

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
	"time"

	"parley"
)

// openShare offers a folder until the test ends.
func openShare(t testing.TB, dir string) *Share {
	t.Helper()
	sh, err := OpenShare(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := sh.Close(); err != nil {
			t.Error(err)
		}
	})
	return sh
}

// shareOf offers a folder with one file in it, called a, that nobody has touched for an hour.
func shareOf(t testing.TB, content string) (sh *Share, path string) {
	t.Helper()
	dir := t.TempDir()
	write(t, dir, "a", []byte(content))
	path = filepath.Join(dir, "a")
	age(t, path, time.Hour)
	return openShare(t, dir), path
}

// age makes a file look as if it had been changed so long ago.
func age(t testing.TB, path string, d time.Duration) {
	t.Helper()
	then := time.Now().Add(-d)
	if err := os.Chtimes(path, then, then); err != nil {
		t.Fatal(err)
	}
}

func TestAShareOffersItsFiles(t *testing.T) {
	dir := t.TempDir()
	contents := map[parley.FileName]string{"出师表.txt": "臣亮言", "empty": "", "two words": "x", "..hidden": "y"}
	for name, content := range contents {
		write(t, dir, string(name), []byte(content))
	}
	sh := openShare(t, dir)
	for name, content := range contents {
		for range 2 { // read, and remembered
			f, file, err := sh.Open(t.Context(), name)
			if err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(f)
			if err != nil || string(got) != content {
				t.Errorf("%s: %q, %v", name, got, err)
			}
			want := parley.File{Name: name, Size: int64(len(content)), Digest: sum([]byte(content))}
			if file != want {
				t.Errorf("%v, not %v", file, want)
			}
			if err := f.Close(); err != nil {
				t.Error(err)
			}
		}
	}
}

// TestNothingElseIsReached: neither a path, nor what is no file, nor what is not there.
func TestNothingElseIsReached(t *testing.T) {
	top := t.TempDir()
	dir := filepath.Join(top, "shared")
	if err := os.MkdirAll(filepath.Join(dir, "folder"), 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, top, "secret", []byte("secret"))
	write(t, dir, "inside", []byte("x"))
	write(t, dir, "folder/deep", []byte("x"))
	secret := filepath.Join(top, "secret")
	links := map[string]string{"out": "../secret", "absolute": secret, "in": "inside", "loop": "loop"}
	for name, to := range links {
		if err := os.Symlink(to, filepath.Join(dir, name)); err != nil {
			t.Logf("no symbolic links here: %v", err)
		}
	}
	sh := openShare(t, dir)
	names := []parley.FileName{"../secret", "../shared/inside", "./inside", "folder/deep", `folder\deep`, "folder", "inside/",
		".", "..", "", "/etc/passwd", parley.FileName(secret), "missing", "a\x00b", "inside\n", "\xff",
		"out", "absolute", "in", "loop"}
	for _, name := range names {
		f, _, err := sh.Open(t.Context(), name)
		if err == nil {
			_ = f.Close()
			t.Errorf("%q was opened", name)
		}
		code(t, err, parley.CodeNoSuchFile)
	}
	if f, _, err := sh.Open(t.Context(), "inside"); err != nil {
		t.Error(err)
	} else if err := f.Close(); err != nil {
		t.Error(err)
	}
}

// reads reports whether opening the file reads it. Turning what is remembered into nonsense shows it.
func reads(t *testing.T, sh *Share) bool {
	t.Helper()
	nonsense := parley.Digest{0xBA, 0xD0}
	sh.known["a"].digest = nonsense
	f, file, err := sh.Open(t.Context(), "a")
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
	return file.Digest != nonsense
}

func TestADigestIsRememberedUntilTheFileChanges(t *testing.T) {
	sh, path := shareOf(t, "first")
	look := func() parley.Digest {
		f, file, err := sh.Open(t.Context(), "a")
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		return file.Digest
	}
	if look() != sum([]byte("first")) {
		t.Fatal("not the digest of what is in it")
	}
	if reads(t, sh) {
		t.Fatal("an unchanged file is read again")
	}

	write(t, filepath.Dir(path), "a", []byte("other")) // the same size, another time
	age(t, path, 2*time.Hour)
	if look() != sum([]byte("other")) {
		t.Fatal("another time is not noticed")
	}

	info, err := os.Stat(path) // another file with the same size and time
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Dir(path), "b", []byte("third"))
	if err := os.Rename(filepath.Join(filepath.Dir(path), "b"), path); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(path, info.ModTime(), info.ModTime()); err != nil {
		t.Fatal(err)
	}
	if look() != sum([]byte("third")) {
		t.Fatal("another file is not noticed")
	}

	write(t, filepath.Dir(path), "a", []byte("fresh")) // it may be changed again within the same moment
	if look(); !reads(t, sh) {
		t.Fatal("the digest of a file that was changed just now is remembered")
	}
}

// TestAFileFromTheFutureIsNotReadEachTime: a file whose time another clock made was read as a whole for everybody who
// asked for it, until that time came.
func TestAFileFromTheFutureIsNotReadEachTime(t *testing.T) {
	sh, path := shareOf(t, "from afar")
	age(t, path, -1000*time.Hour)
	now := time.Now()
	sh.now = func() time.Time { return now }
	f, _, err := sh.Open(t.Context(), "a")
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	now = now.Add(settled - 1)
	if !reads(t, sh) {
		t.Error("it is not read although it may have been changed within the same moment")
	}
	now = now.Add(1)
	if !reads(t, sh) {
		t.Error("what was read while it could still change is remembered")
	}
	if reads(t, sh) {
		t.Error("it is read again although nothing has changed it")
	}
	age(t, path, -1001*time.Hour)
	if !reads(t, sh) {
		t.Error("a change is not noticed")
	}
}

func TestAFileThatIsBeingChangedIsNotGiven(t *testing.T) {
	sh, path := shareOf(t, "first")
	f, err := sh.open("a")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Dir(path), "a", bytes.Repeat([]byte("x"), 100))
	known := sh.remembered("a")
	known.see(info, time.Now())
	code(t, known.read(t.Context(), f), parley.CodeNoSuchFile)
	if known.valid {
		t.Fatal("its digest is remembered")
	}
}

func TestOnlyAFolderCanBeShared(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "file", nil)
	for _, path := range []string{filepath.Join(dir, "file"), filepath.Join(dir, "missing")} {
		_, err := OpenShare(path)
		code(t, err, parley.CodeInvalid)
	}
}

// TestNothingIsReadForWhoHasLeft: the digest of 30 GB took a minute, also when nobody waited for it any more and the
// server was to stop.
func TestNothingIsReadForWhoHasLeft(t *testing.T) {
	sh, path := shareOf(t, "")
	if err := os.Truncate(path, 1<<40); err != nil { // a terabyte, with nothing on the disk
		t.Skipf("no file so large here: %v", err)
	}
	ctx, leave := context.WithCancel(t.Context())
	opened := make(chan error)
	for range 2 { // one reads, the other waits for that
		go func() {
			_, _, err := sh.Open(ctx, "a")
			opened <- err
		}()
	}
	for known := sh.remembered("a"); len(known.turn) == 0; {
		runtime.Gosched()
	}
	leave()
	code(t, <-opened, parley.CodeClosed)
	code(t, <-opened, parley.CodeClosed)
}

func TestWhyNothingCanBeSharedOrKeptIsSaid(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "file", nil)
	missing, inFile := filepath.Join(dir, "missing"), filepath.Join(dir, "file", "x")
	_, err := OpenShare(missing)
	if want := "cannot share the folder " + missing + ": " + syscall.ENOENT.Error(); parley.Sentence(err) != want {
		t.Errorf("told %q, want %q", parley.Sentence(err), want)
	}
	_, err = Open(inFile, Options{})
	if want := "cannot keep files in " + inFile + ": " + syscall.ENOTDIR.Error(); parley.Sentence(err) != want {
		t.Errorf("told %q, want %q", parley.Sentence(err), want)
	}
}

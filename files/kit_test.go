package files

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"math"
	"os"
	"path/filepath"
	"testing"

	"go.uber.org/goleak"

	"parley"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// plenty is a disk that is never full.
func plenty(string) (int64, error) { return math.MaxInt64, nil }

// openStore opens a store on a disk with so much free space.
func openStore(t testing.TB, dir string, o Options, free func(string) (int64, error)) *Store {
	t.Helper()
	o.Log = slog.New(slog.NewTextHandler(t.Output(), nil))
	s, err := open(dir, o, free)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// create begins an upload that is aborted with the test if it has not ended.
func create(t testing.TB, s *Store, size int64) *Upload {
	t.Helper()
	u, err := s.Create(size)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(u.Abort)
	return u
}

// bring stores content, whose event is still to be posted.
func bring(t testing.TB, s *Store, content []byte) *Held {
	t.Helper()
	u := create(t, s, int64(len(content)))
	if _, err := io.Copy(u, bytes.NewReader(content)); err != nil {
		t.Fatal(err)
	}
	h, err := u.Commit()
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// upload stores content, and keeps it.
func upload(t testing.TB, s *Store, content []byte) parley.Digest {
	t.Helper()
	h := bring(t, s, content)
	h.Keep()
	return h.Digest()
}

// kept reads a content.
func kept(t testing.TB, s *Store, d parley.Digest) []byte {
	t.Helper()
	f, err := s.Open(d)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	content, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// tree gives the paths of all regular files under dir.
func tree(t testing.TB, dir string) (paths []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			rel, _ := filepath.Rel(dir, path)
			paths = append(paths, filepath.ToSlash(rel))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return paths
}

// idle checks that no promise and no hold is left over.
func idle(t testing.TB, s *Store) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.promised != 0 || s.unwritten != 0 {
		t.Errorf("with no upload under way %d bytes are promised and %d unwritten", s.promised, s.unwritten)
	}
	if len(s.held) > 0 {
		t.Errorf("with no upload under way %d contents are held", len(s.held))
	}
}

// code checks the code of err.
func code(t testing.TB, err error, want parley.Code) {
	t.Helper()
	if parley.CodeOf(err) != want {
		t.Errorf("%v (%s), not %s", err, parley.CodeOf(err), want)
	}
	if e, ok := errors.AsType[*parley.Error](err); err != nil && (!ok || e.Sentence == "") {
		t.Errorf("no sentence for a person: %v", err)
	}
}

// write puts a file into a folder.
func write(t testing.TB, dir, name string, content []byte) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
		t.Fatal(err)
	}
}

func sum(content []byte) parley.Digest { return sha256.Sum256(content) }

package transfer

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley"
)

// write writes files below a folder: their paths, and what is in them.
func write(t *testing.T, folder string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		path := filepath.Join(folder, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// open opens a source until the test ends.
func open(t *testing.T, path string) *Source {
	t.Helper()
	s, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// bytesOf reads a source from its beginning to its end.
func bytesOf(t *testing.T, s *Source) []byte {
	t.Helper()
	all, err := io.ReadAll(io.NewSectionReader(s, 0, s.Size))
	if err != nil || int64(len(all)) != s.Size {
		t.Fatalf("%d of %d bytes, %v", len(all), s.Size, err)
	}
	return all
}

// A folder is an archive that tar understands, the same each time; wherever one begins to read one reads the same, and the digest
// is that of the whole.
func TestAFolderIsAnArchive(t *testing.T) {
	project := filepath.Join(t.TempDir(), "project")
	long := strings.Repeat("name", 40) + ".txt"
	files := map[string]string{"b/c.txt": "deep", "a.txt": strings.Repeat("x", 1000), "empty": "", "出师表/" + long: "long", "z": "last"}
	write(t, project, files)
	if err := os.Mkdir(filepath.Join(project, "nothing"), 0o777); err != nil {
		t.Fatal(err)
	}
	s := open(t, project+"/")
	all := bytesOf(t, s)
	if s.Name != "project.tar" || !bytes.Equal(all, bytesOf(t, open(t, project))) {
		t.Errorf("%s is another one the second time", s.Name)
	}
	found := make(map[string]string)
	for entries := tar.NewReader(bytes.NewReader(all)); ; {
		h, err := entries.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		text, _ := io.ReadAll(entries)
		found[strings.TrimPrefix(h.Name, "project/")] = string(text)
	}
	for name, text := range files {
		if got, ok := found[name]; !ok || got != text {
			t.Errorf("%s has %q", name, got)
		}
	}
	if _, ok := found["nothing/"]; !ok || len(found) != len(files)+4 {
		t.Errorf("there are %d entries", len(found))
	}
	for offset := 0; offset < len(all); offset += 61 {
		s := open(t, project)
		p := make([]byte, min(700, len(all)-offset))
		if n, err := s.ReadAt(p, int64(offset)); n != len(p) || err != nil || !bytes.Equal(p, all[offset:offset+n]) {
			t.Fatalf("at %d there are %d bytes, %v", offset, n, err)
		}
		if digest, err := s.Digest(); err != nil || digest != sha256.Sum256(all) {
			t.Fatalf("from %d on the digest is %s, %v", offset, digest, err)
		}
		_ = s.Close()
	}
}

func TestWhatChangesWhileItIsSentIsTold(t *testing.T) {
	for name, change := range map[string]func(path string) error{
		"a longer one":  func(path string) error { return os.WriteFile(path, []byte("longer than it was"), 0o666) },
		"a shorter one": func(path string) error { return os.Truncate(path, 3) },
		"another of the same length": func(path string) error {
			return os.Chtimes(path, time.Now(), time.Now().Add(time.Hour))
		},
		"none": os.Remove,
	} {
		folder := t.TempDir()
		write(t, folder, map[string]string{"p/a": "content", "p/b": "content"})
		path := filepath.Join(folder, "p", "b")
		file, archive := open(t, path), open(t, filepath.Join(folder, "p"))
		if _, err := file.ReadAt(make([]byte, 1), 0); err != nil {
			t.Fatal(err)
		}
		if err := change(path); err != nil {
			t.Fatal(err)
		}
		if _, err := archive.Digest(); err == nil {
			t.Errorf("%s: the archive is read to its end", name)
		}
		if name == "none" {
			continue // who has it open still reads it
		}
		if _, err := file.Digest(); parley.CodeOf(err) != parley.CodeInvalid || !strings.Contains(err.Error(), "has changed while it was sent") {
			t.Errorf("%s: %v", name, err)
		}
		if again := open(t, path); again.mark == file.mark {
			t.Errorf("%s has the same mark", name)
		}
	}
}

func TestWhatCannotBeSent(t *testing.T) {
	folder := t.TempDir()
	write(t, folder, map[string]string{"secret": "x", "odd/a\nb": "x", "deep/secret": "x", " ": "x"})
	for _, path := range []string{"secret", "deep/secret"} {
		if err := os.Chmod(filepath.Join(folder, path), 0); err != nil {
			t.Fatal(err)
		}
	}
	want := map[string]parley.Code{
		"nothing": parley.CodeNoSuchFile, "secret/x": parley.CodeInvalid, "odd": parley.CodeNameInvalid, " ": parley.CodeNameInvalid,
	}
	if os.Geteuid() != 0 { // whom no file is closed to
		want["secret"], want["deep"] = parley.CodeInvalid, parley.CodeInvalid
	}
	for path, code := range want {
		if s, err := Open(filepath.Join(folder, path)); parley.CodeOf(err) != code {
			t.Errorf("%s: %+v, %v", path, s, err)
		}
	}
}

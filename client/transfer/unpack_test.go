package transfer

import (
	"archive/tar"
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parley"
)

// entry is one of an archive.
type entry struct {
	name, text, link string
	kind             byte
}

// archiveOf writes an archive into a folder.
func archiveOf(t *testing.T, folder string, entries ...entry) (*os.File, parley.File) {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, e := range entries {
		h := &tar.Header{Name: e.name, Typeflag: e.kind, Size: int64(len(e.text)), Linkname: e.link, Mode: 0o644}
		if err := w.WriteHeader(h); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(e.text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return archiveWith(t, folder, b.Bytes())
}

func archiveWith(t *testing.T, folder string, content []byte) (*os.File, parley.File) {
	t.Helper()
	path := filepath.Join(folder, "p.tar")
	if err := os.WriteFile(path, content, 0o666); err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() })
	return file, parley.File{Name: "p.tar", Size: int64(len(content))}
}

// An archive that somebody made to do harm is refused as a whole, and nothing of it is anywhere.
func TestHostileArchivesAreNotUnpacked(t *testing.T) {
	dir := entry{name: "p/", kind: tar.TypeDir}
	for name, entries := range map[string][]entry{
		"a way out":             {dir, {name: "p/../../out", text: "x", kind: tar.TypeReg}},
		"a path from the root":  {dir, {name: "/p/x", text: "x", kind: tar.TypeReg}},
		"another folder":        {dir, {name: "q/x", text: "x", kind: tar.TypeReg}},
		"a file instead":        {{name: "p", text: "x", kind: tar.TypeReg}},
		"a link":                {dir, {name: "p/l", link: "/etc", kind: tar.TypeSymlink}},
		"a hard link":           {dir, {name: "p/l", link: "p/x", kind: tar.TypeLink}},
		"a device":              {dir, {name: "p/d", kind: tar.TypeChar}},
		"a pipe":                {dir, {name: "p/f", kind: tar.TypeFifo}},
		"a control character":   {dir, {name: "p/a\x1b[2J", text: "x", kind: tar.TypeReg}},
		"a backslash":           {dir, {name: `p/..\out`, text: "x", kind: tar.TypeReg}},
		"an empty name":         {dir, {name: "p//x", text: "x", kind: tar.TypeReg}},
		"a name twice":          {dir, {name: "p/x", text: "1", kind: tar.TypeReg}, {name: "p/x", text: "2", kind: tar.TypeReg}},
		"a file as a folder":    {dir, {name: "p/x", text: "1", kind: tar.TypeReg}, {name: "p/x/y", text: "2", kind: tar.TypeReg}},
		"a folder over a file":  {dir, {name: "p/x", text: "1", kind: tar.TypeReg}, {name: "p/x/", kind: tar.TypeDir}},
		"a direction mark in a": {dir, {name: "p/a\u202eb", text: "x", kind: tar.TypeReg}},
	} {
		folder := t.TempDir()
		archive, file := archiveOf(t, folder, entries...)
		savedAs, err := unpackInto(folder, archive, file)
		if savedAs != "" || err == nil {
			t.Errorf("%s: %q, %v", name, savedAs, err)
		}
		if left, _ := os.ReadDir(folder); len(left) != 1 {
			t.Errorf("%s: %d things are there", name, len(left))
		}
		if strings.ContainsAny(parley.Sentence(err), "\x1b\n") {
			t.Errorf("%s is told as %q", name, parley.Sentence(err))
		}
	}
	for name, content := range map[string][]byte{"nothing": nil, "no archive": bytes.Repeat([]byte("x"), 2000), "an empty one": make([]byte, 1024)} {
		folder := t.TempDir()
		archive, file := archiveWith(t, folder, content)
		if savedAs, err := unpackInto(folder, archive, file); err == nil {
			t.Errorf("%s is unpacked as %s", name, savedAs)
		}
	}
}

func TestAFolderIsUnpackedWhereNothingIs(t *testing.T) {
	folder := t.TempDir()
	archive, file := archiveOf(t, folder, entry{name: "p/", kind: tar.TypeDir}, entry{name: "p/a/b", text: "x", kind: tar.TypeReg})
	if err := os.WriteFile(filepath.Join(folder, "p"), []byte("mine"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(t.TempDir(), filepath.Join(folder, "p-1")); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"p-2", "p-3"} {
		savedAs, err := unpackInto(folder, archive, file)
		if err != nil || savedAs != want {
			t.Errorf("%q, %v", savedAs, err)
		}
		if got, err := os.ReadFile(filepath.Join(folder, want, "a", "b")); err != nil || string(got) != "x" {
			t.Errorf("%q, %v", got, err)
		}
	}
	if mine, err := os.ReadFile(filepath.Join(folder, "p")); err != nil || string(mine) != "mine" {
		t.Errorf("%q, %v", mine, err)
	}
}

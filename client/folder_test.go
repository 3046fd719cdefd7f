package client

import (
	"net/netip"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"parley"
)

// keep receives a file of that name and content.
func keep(t *testing.T, f *Folder, name parley.FileName, content string) string {
	t.Helper()
	in, err := f.Receive(name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := in.WriteString(content); err != nil {
		t.Fatal(err)
	}
	savedAs, err := in.Keep()
	if err != nil {
		t.Fatal(err)
	}
	return savedAs
}

// listing gives what is in a folder.
func listing(t *testing.T, folder string) []string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestFolderIsNamedAfterTheClient(t *testing.T) {
	for _, test := range []struct{ path, name, address, want string }{
		{"", "alice", "127.0.0.11", "alice"},
		{"", "", "127.0.0.11", "127.0.0.11"},
		{"", "", "::ffff:127.0.0.11", "127.0.0.11"},
		{"", "", "fe80::1%eth0", "fe80--1"},
		{"given", "alice", "127.0.0.11", "given"},
	} {
		f := NewFolder(test.path)
		f.NameAfter(test.name, netip.MustParseAddr(test.address))
		f.NameAfter("later", netip.Addr{})
		if f.Path() != test.want {
			t.Errorf("%+v: the folder is %s", test, f.Path())
		}
	}
}

func TestFileThatIsThereIsNeverOverwritten(t *testing.T) {
	f := NewFolder(filepath.Join(t.TempDir(), "made", "when needed"))
	var names []string
	for _, content := range []string{"first", "second", "third"} {
		names = append(names, keep(t, f, "shore.jpg", content))
	}
	if want := []string{"shore.jpg", "shore-1.jpg", "shore-2.jpg"}; !slices.Equal(names, want) {
		t.Errorf("kept as %q, want %q", names, want)
	}
	for i, want := range []string{"first", "second", "third"} {
		if got, err := os.ReadFile(filepath.Join(f.Path(), names[i])); err != nil || string(got) != want {
			t.Errorf("%s has %q, %v", names[i], got, err)
		}
	}
	if got := listing(t, f.Path()); len(got) != 3 {
		t.Errorf("the folder has %q", got)
	}
}

func TestDroppedFileLeavesNothing(t *testing.T) {
	f := NewFolder(t.TempDir())
	in, err := f.Receive("shore.jpg")
	if err != nil {
		t.Fatal(err)
	}
	in.Drop()
	if got := listing(t, f.Path()); len(got) != 0 {
		t.Errorf("the folder has %q", got)
	}
}

func TestNumbered(t *testing.T) {
	long := strings.Repeat("表", 85) // 255 bytes
	for _, test := range []struct{ name, want string }{
		{"shore.jpg", "shore-1.jpg"},
		{"README", "README-1"},
		{".profile", ".profile-1"},
		{"a.tar.gz", "a.tar-1.gz"},
		{"出师表.txt", "出师表-1.txt"},
		{"Mr. " + strings.Repeat("x", 40), "Mr. " + strings.Repeat("x", 40) + "-1"},
		{long, strings.Repeat("表", 84) + "-1"},
	} {
		if got := numbered(test.name, 1); got != test.want || len(got) > parley.MaxFileName {
			t.Errorf("%s becomes %s, want %s", test.name, got, test.want)
		}
	}
}

func TestOnlyFilesInTheFolderAreSent(t *testing.T) {
	outside := t.TempDir()
	f := NewFolder(filepath.Join(outside, "mine"))
	if err := os.MkdirAll(filepath.Join(f.Path(), "below"), 0o777); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"secret", "mine/keep.jpg", "mine/below/deep.txt"} {
		if err := os.WriteFile(filepath.Join(outside, name), []byte("content"), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if runtime.GOOS != "windows" { // where making a link takes a privilege
		if err := os.Symlink(filepath.Join(outside, "secret"), filepath.Join(f.Path(), "link")); err != nil {
			t.Fatal(err)
		}
	}
	for path, want := range map[string]parley.FileName{"keep.jpg": "keep.jpg", "below/deep.txt": "deep.txt"} {
		file, info, err := f.Open(path)
		if err != nil || info.Name != want || info.Size != 7 {
			t.Errorf("%s: %+v, %v", path, info, err)
			continue
		}
		_ = file.Close()
	}
	for path, want := range map[string]parley.Code{
		"../secret":                      parley.CodeNameInvalid,
		"below/../../secret":             parley.CodeNameInvalid,
		filepath.Join(outside, "secret"): parley.CodeNameInvalid,
		"":                               parley.CodeNameInvalid,
		"..":                             parley.CodeNameInvalid,
		"link":                           parley.CodeInvalid,
		"below":                          parley.CodeInvalid,
		"none.jpg":                       parley.CodeNoSuchFile,
	} {
		if runtime.GOOS == "windows" && path == "link" {
			want = parley.CodeNoSuchFile
		}
		if _, _, err := f.Open(path); parley.CodeOf(err) != want {
			t.Errorf("%q: %v, want %s", path, err, want)
		}
	}
	if _, _, err := NewFolder(filepath.Join(outside, "not there")).Open("x"); parley.CodeOf(err) != parley.CodeNoSuchFile {
		t.Errorf("in a folder that is not there: %v", err)
	}
}

package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// atRoot goes to the root of the project, which is where dist works.
func atRoot(t *testing.T) {
	t.Helper()
	t.Chdir("../..")
}

// testRelease is what the environment says in these tests.
func testRelease(t *testing.T) {
	t.Helper()
	t.Setenv("VERSION", "v1.2.3-rc.1")
	t.Setenv("SOURCE_DATE_EPOCH", "1777896000")
}

// Built twice, the archive, the Debian package and the sums have the same bytes.
func TestTwiceIsTheSame(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds the program")
	}
	atRoot(t)
	testRelease(t)
	once, twice := t.TempDir(), t.TempDir()
	for _, out := range []string{once, twice} {
		if err := dist(t.Context(), out, []string{"linux/amd64"}); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{
		"parley-v1.2.3-rc.1-linux-amd64.tar.gz", "parley_1.2.3~rc.1_amd64.deb", "SHA256SUMS",
	} {
		a, b := read(t, filepath.Join(once, name)), read(t, filepath.Join(twice, name))
		if !bytes.Equal(a, b) {
			t.Errorf("%s differs", name)
		}
	}
	archived(t, filepath.Join(once, "parley-v1.2.3-rc.1-linux-amd64.tar.gz"))
	packaged(t, filepath.Join(once, "parley_1.2.3~rc.1_amd64.deb"))
}

// archived looks into an archive.
func archived(t *testing.T, file string) {
	t.Helper()
	const dir = "parley-v1.2.3-rc.1-linux-amd64/"
	wanted := map[string]int64{"parley": 0o755, "LICENSE": 0o644, "THIRD-PARTY-LICENSES": 0o644, "README.md": 0o644,
		"man/man1/parley.1": 0o644, "completions/parley.bash": 0o644, "systemd/parley.service": 0o644}
	for name, h := range headers(t, read(t, file)) {
		if h.Uid != 0 || h.Gid != 0 || h.ModTime.Unix() != 1777896000 || !strings.HasPrefix(name, dir) {
			t.Errorf("%s is of %d:%d, at %s", name, h.Uid, h.Gid, h.ModTime)
		}
		if mode, known := wanted[strings.TrimPrefix(name, dir)]; known && mode == h.Mode {
			delete(wanted, strings.TrimPrefix(name, dir))
		}
	}
	if len(wanted) > 0 {
		t.Errorf("%s lacks, or has with other rights: %v", file, wanted)
	}
}

// packaged has dpkg read a package, where it is installed.
func packaged(t *testing.T, file string) {
	t.Helper()
	if _, err := exec.LookPath("dpkg-deb"); err != nil {
		t.Log("dpkg-deb is not installed")
		return
	}
	out, err := exec.Command("dpkg-deb", "--info", file).CombinedOutput()
	if err != nil || !strings.Contains(string(out), "Version: 1.2.3~rc.1\n") {
		t.Errorf("%v\n%s", err, out)
	}
	out, err = exec.Command("dpkg-deb", "--contents", file).CombinedOutput()
	for _, want := range []string{"-rwxr-xr-x root/root", " ./usr/bin/parley\n", " ./etc/parley/parley.yaml\n",
		" ./lib/systemd/system/parley.service\n", " ./usr/share/man/man1/parley.1.gz\n"} {
		if err != nil || !strings.Contains(string(out), want) {
			t.Errorf("no %q: %v\n%s", want, err, out)
		}
	}
}

// headers gives what a tar.gz says of each of its files.
func headers(t *testing.T, content []byte) map[string]*tar.Header {
	t.Helper()
	unpacked, err := gzip.NewReader(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	all := make(map[string]*tar.Header)
	for archive := tar.NewReader(unpacked); ; {
		h, err := archive.Next()
		if err == io.EOF {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		all[h.Name] = h
	}
}

func read(t *testing.T, file string) []byte {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func TestAZipHasNothingOfTheMachine(t *testing.T) {
	at := time.Unix(1777896000, 0).UTC()
	entries := []entry{{"b/x.exe", 0o755, []byte("x")}, {"a", 0o644, nil}}
	var once, twice bytes.Buffer
	if err := writeZip(&once, entries, at); err != nil {
		t.Fatal(err)
	}
	if err := writeZip(&twice, []entry{entries[1], entries[0]}, at); err != nil || !bytes.Equal(once.Bytes(), twice.Bytes()) {
		t.Errorf("the order of the entries shows: %v", err)
	}
	archive, err := zip.NewReader(bytes.NewReader(once.Bytes()), int64(once.Len()))
	if err != nil || len(archive.File) != 2 || archive.File[1].Mode() != 0o755 || !archive.File[1].Modified.Equal(at) {
		t.Errorf("%+v, %v", archive, err)
	}
}

// What a version may be, and what Debian makes of it. Nothing of it reaches a file name or a command line otherwise.
func TestAVersionIsPlain(t *testing.T) {
	for version, debian := range map[string]string{
		"v1.2.3":      "1.2.3",
		"v1.2.3-rc.1": "1.2.3~rc.1",
		"v0.0.0-20260102150405-0123456789ab+dirty": "0.0.0~20260102150405~0123456789ab+dirty",
	} {
		r := release{version: version}
		if err := r.check(); err != nil || r.debian() != debian {
			t.Errorf("%s: %s, %v", version, r.debian(), err)
		}
	}
	for _, bad := range []string{"", "v", "1.2.3", "v1/../../x", "v1 -X main.x=y", "v1\n", "va", "v1'", strings.Repeat("v", 9)} {
		if err := (release{version: bad}).check(); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}

func TestWhatIsWrongIsSaid(t *testing.T) {
	atRoot(t)
	testRelease(t)
	if err := dist(t.Context(), t.TempDir(), []string{"plan9/386"}); err == nil || !strings.Contains(err.Error(), `not "plan9/386"`) {
		t.Errorf("a system that is not built for: %v", err)
	}
	t.Setenv("SOURCE_DATE_EPOCH", "yesterday")
	if _, err := findRelease(t.Context()); err == nil || !strings.Contains(err.Error(), `not "yesterday"`) {
		t.Errorf("a time that is none: %v", err)
	}
	t.Setenv("SOURCE_DATE_EPOCH", "")
	t.Chdir(t.TempDir())
	if _, err := findRelease(t.Context()); err == nil || !strings.Contains(err.Error(), "set VERSION and SOURCE_DATE_EPOCH") {
		t.Errorf("without a checkout: %v", err)
	}
}

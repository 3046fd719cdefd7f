package classlist

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"parley"
)

const url = "http://192.168.1.5:7275"

// read gives what is in a file.
func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestSlips(t *testing.T) {
	path := filepath.Join(t.TempDir(), "slips.html")
	s, err := CreateSlips(path, url, false)
	must(t, err)
	must(t, s.Add(Slip{Name: "ada", Password: "k7mf-2xqa"}))
	if text := read(t, path); strings.Count(text, "k7mf-2xqa") != 1 {
		t.Errorf("a slip is not on the disk before Close:\n%s", text)
	}
	must(t, s.Add(Slip{Name: "bob", Password: "taken-back"}))
	must(t, s.TakeBack())
	must(t, s.Add(Slip{Person: "<b>Grace</b> & \"co\"", Name: "grace", Password: "a <i> & 'b'"}))
	must(t, s.Close())
	text := read(t, path)
	for _, want := range []string{
		"<span>parley login</span> <span>http://192.168.1.5:7275</span> <span>--name ada</span>", "<span>parley join</span>", ">k7mf-2xqa<",
		"&lt;b&gt;Grace&lt;/b&gt; &amp; &#34;co&#34;", "a &lt;i&gt; &amp; &#39;b&#39;", "</html>",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%s is not in\n%s", want, text)
		}
	}
	for _, bad := range []string{"taken-back", "<script", "<b>", "src=", "href=", "url(", "@import"} {
		if strings.Contains(text, bad) {
			t.Errorf("%s is in\n%s", bad, text)
		}
	}
	if n := strings.Count(text, `<section class="slip">`); n != 2 {
		t.Errorf("%d slips", n)
	}
	if info, err := os.Stat(path); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}

func TestSlipsThatAreThereAreReplacedOnlyIfAsked(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "slips.html")
	must(t, os.WriteFile(path, []byte("passwords of others"), 0o644))
	if _, err := CreateSlips(path, url, false); parley.CodeOf(err) != parley.CodeInvalid {
		t.Fatalf("%v", err)
	}
	if text := read(t, path); text != "passwords of others" {
		t.Fatalf("%q", text)
	}
	s, err := CreateSlips(path, url, true)
	must(t, err)
	must(t, s.Add(Slip{Name: "ada", Password: "k7mf-2xqa"}))
	must(t, s.Close())
	if info, err := os.Stat(path); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	for _, other := range []string{dir, filepath.Join(dir, "nowhere", "slips.html"), filepath.Join(path, "slips.html")} {
		if _, err := CreateSlips(other, url, true); err == nil {
			t.Errorf("%s was written", other)
		}
	}
}

func TestAPageWithoutSlipsIsNotLeftBehind(t *testing.T) {
	path := filepath.Join(t.TempDir(), "slips.html")
	s, err := CreateSlips(path, url, false)
	must(t, err)
	must(t, s.Add(Slip{Name: "ada", Password: "k7mf-2xqa"}))
	must(t, s.TakeBack())
	must(t, s.Close())
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Errorf("%v", err)
	}
}

package files

import (
	"path/filepath"
	"testing"
)

func TestFilesThatAreSetAsideAreKept(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "files")
	for _, want := range []string{dir + "-1", dir + "-2"} {
		d := upload(t, openStore(t, dir, Options{}, plenty), []byte(want))
		aside, err := SetAside(dir)
		if err != nil || aside != want {
			t.Fatalf("set aside as %q, %v", aside, err)
		}
		if got := kept(t, openStore(t, aside, Options{}, plenty), d); string(got) != want {
			t.Errorf("%s keeps %q", aside, got)
		}
	}
}

func TestNothingIsSetAsideWhereNothingIsKept(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "files")
	for range 2 { // where there is no store, and an empty one
		if aside, err := SetAside(dir); aside != "" || err != nil {
			t.Errorf("set aside as %q, %v", aside, err)
		}
		openStore(t, dir, Options{}, plenty)
	}
}

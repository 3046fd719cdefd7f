package server

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parley"
)

// pageSize is how many bytes of a database are read and written at a time; SQLite's own choice.
const pageSize = 4096

// TestWhicheverPageIsDamagedTheFileIsNamed damages one page of a database at a time. The server either starts, because it
// does not need that page, or says which file is damaged and what to do.
func TestWhicheverPageIsDamagedTheFileIsNamed(t *testing.T) {
	data := t.TempDir()
	before := opened(t, data, 0)
	alice, x := sender(t, before)
	for n := range 50 {
		if err := alice.Post(t.Context(), fmt.Sprint(n, strings.Repeat(" many words", 30))); err != nil {
			t.Fatal(err)
		}
	}
	post := func(f parley.File) error { return alice.PostFile(t.Context(), f) }
	if _, err := x.Receive(t.Context(), "poem.txt", 5, strings.NewReader("roses"), post); err != nil {
		t.Fatal(err)
	}
	before.Close()
	path := filepath.Join(data, "parley.db")
	sound, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	refused := 0
	for at := 0; at < len(sound); at += pageSize {
		spoilt := bytes.Clone(sound)
		copy(spoilt[at:], bytes.Repeat([]byte("nonsense"), pageSize/8))
		if err := os.WriteFile(path, spoilt, 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := New(t.Context(), Config{Listen: []string{"plain://127.0.0.1:0"}, Data: data}, quiet())
		if err == nil {
			s.Close()
			continue
		}
		refused++
		if told := parley.Sentence(err); !strings.HasPrefix(told, "the database "+path+" is damaged: ") {
			t.Errorf("page %d: told %q", at/pageSize+1, told)
		}
	}
	if pages := len(sound) / pageSize; refused < 3 || refused == pages {
		t.Errorf("the server refuses %d of %d pages", refused, pages)
	}
}

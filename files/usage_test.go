package files

import (
	"bytes"
	"os"
	"testing"
)

func TestUsageIsWhatThereIsNow(t *testing.T) {
	dir := t.TempDir()
	s := openStore(t, dir, Options{Quota: 1000}, plenty)
	want := func(when string, files int, kept, promised int64) {
		t.Helper()
		if got := s.Usage(); got != (Usage{Files: files, Bytes: kept, Promised: promised, Quota: 1000}) {
			t.Errorf("%s: %+v", when, got)
		}
	}
	want("at first", 0, 0, 0)
	digest := upload(t, s, []byte("roses"))
	upload(t, s, []byte("roses"))
	want("the same content twice", 1, 5, 0)
	u := create(t, s, 100)
	want("an upload under way", 1, 5, 100)
	u.Abort()
	held := bring(t, s, []byte("violets"))
	want("not yet posted", 2, 12, 0)
	held.Drop(func() (bool, error) { return false, nil })
	want("not posted", 1, 5, 0)

	_, place := s.place(digest)
	if err := os.WriteFile(place, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	s = openStore(t, dir, Options{Quota: 1000}, plenty)
	want("a damaged file, after a start", 1, 0, 0)
	upload(t, s, []byte("roses"))
	want("brought again", 1, 5, 0)
	if content, err := os.ReadFile(place); err != nil || !bytes.Equal(content, []byte("roses")) {
		t.Errorf("kept: %q, %v", content, err)
	}
}

package server

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parley"
	"parley/hub"
)

// contents gives the digests of the files that a data directory keeps.
func contents(t *testing.T, data string) (digests []string) {
	t.Helper()
	err := filepath.WalkDir(filepath.Join(data, "files", "blobs"), func(_ string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			digests = append(digests, d.Name())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return digests
}

// sender is somebody in the lobby of a server that is not run, with its exchange.
func sender(t *testing.T, s *Server) (*hub.Session, *exchange) {
	t.Helper()
	room, err := s.store.Room(t.Context(), parley.Lobby)
	if err != nil {
		t.Fatal(err)
	}
	session, err := s.hub.Connect(t.Context(), room, hub.Profile{Identity: parley.Identity{Name: "alice"}}, unshown{}, unshown{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(session.Leave)
	return session, &exchange{store: s.store, blobs: s.blobs}
}

// opened opens a server on data that is closed with the test, or before.
func opened(t *testing.T, data string, quota int64) *Server {
	t.Helper()
	s, err := New(t.Context(), Config{Listen: []string{"plain://127.0.0.1:0"}, Data: data, Quota: quota}, quiet())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// TestAFileWhoseMessageIsRefusedLeavesNothing: its content stayed, and its size counted against the quota for ever.
func TestAFileWhoseMessageIsRefusedLeavesNothing(t *testing.T) {
	data := t.TempDir()
	alice, x := sender(t, opened(t, data, 10))
	full := parley.Errorf(parley.CodeDiskFull, "the disk is full")
	refuse := func(parley.File) error { return full }
	post := func(f parley.File) error { return alice.PostFile(t.Context(), f) }
	receive := func(content string, post func(parley.File) error) error {
		_, err := x.Receive(t.Context(), "poem.txt", int64(len(content)), strings.NewReader(content), post)
		return err
	}
	for _, content := range []string{"roses", "tulip", "daisy"} { // twice as many as there is room for, at a time
		if err := receive(content, refuse); !errors.Is(err, full) {
			t.Fatal(err)
		}
		if got := contents(t, data); got != nil {
			t.Errorf("a file that nobody knows of is kept: %v", got)
		}
	}
	if err := receive("roses", post); err != nil {
		t.Fatal(err)
	}
	if err := receive("roses", refuse); !errors.Is(err, full) {
		t.Fatal(err)
	}
	if got := ask(t, x, "poem.txt"); got != "roses" {
		t.Errorf("what another message names has become %q", got)
	}
}

// ask gives the content of a file that was sent to the lobby.
func ask(t *testing.T, x *exchange, name parley.FileName) string {
	t.Helper()
	room, err := x.store.Room(t.Context(), parley.Lobby)
	if err != nil {
		t.Fatal(err)
	}
	_, content, err := x.Open(t.Context(), room.ID, name)
	if err != nil {
		t.Fatal(err)
	}
	defer content.Close()
	all, err := io.ReadAll(content)
	if err != nil {
		t.Fatal(err)
	}
	return string(all)
}

// TestAFileWhoseMessageACrashPreventedIsGoneAfterTheStart: nothing ever removed it.
func TestAFileWhoseMessageACrashPreventedIsGoneAfterTheStart(t *testing.T) {
	data := t.TempDir()
	before := opened(t, data, 0)
	alice, x := sender(t, before)
	post := func(f parley.File) error { return alice.PostFile(t.Context(), f) }
	posted, err := x.Receive(t.Context(), "poem.txt", 5, strings.NewReader("roses"), post)
	if err != nil {
		t.Fatal(err)
	}
	upload, err := x.blobs.Create(5)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(upload, "tulip"); err != nil {
		t.Fatal(err)
	}
	if _, err := upload.Commit(); err != nil { // and here the power goes
		t.Fatal(err)
	}
	before.Close()
	if got := contents(t, data); len(got) != 2 {
		t.Fatalf("kept %v", got)
	}
	opened(t, data, 0)
	if got := contents(t, data); len(got) != 1 || got[0] != posted.Digest.String() {
		t.Errorf("kept %v", got)
	}
}

// TestFilesOutliveTheirDatabase: whoever moves a damaged database away, to put it back when it is mended, finds its files
// where they were set aside.
func TestFilesOutliveTheirDatabase(t *testing.T) {
	data := t.TempDir()
	before := opened(t, data, 0)
	alice, x := sender(t, before)
	post := func(f parley.File) error { return alice.PostFile(t.Context(), f) }
	file, err := x.Receive(t.Context(), "poem.txt", 5, strings.NewReader("roses"), post)
	if err != nil {
		t.Fatal(err)
	}
	before.Close()
	if err := os.Remove(filepath.Join(data, "parley.db")); err != nil {
		t.Fatal(err)
	}
	opened(t, data, 0)
	if got := contents(t, data); got != nil {
		t.Errorf("a new database begins with %v", got)
	}
	name := file.Digest.String()
	if _, err := os.Stat(filepath.Join(data, "files-1", "blobs", name[:2], name)); err != nil {
		t.Error(err)
	}
}

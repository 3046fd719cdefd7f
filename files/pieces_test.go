package files

import (
	"crypto/sha256"
	"os"
	"path/filepath"
	"testing"
	"time"

	"parley"
)

// begin begins an upload of ann's that lasts for an hour.
func begin(t *testing.T, s *Store, size int64) parley.UploadID {
	t.Helper()
	u := parley.Upload{ID: parley.NewUploadID(), By: "ann", Name: "a.txt", Size: size, Expires: s.options.Now().Add(time.Hour)}
	if err := s.Begin(u); err != nil {
		t.Fatal(err)
	}
	return u.ID
}

// resume takes ann's turn at an upload, which nobody else wants.
func resume(t *testing.T, s *Store, id parley.UploadID) *Turn {
	t.Helper()
	turn, err := s.Resume(t.Context(), id, "ann", func() {})
	if err != nil {
		t.Fatal(err)
	}
	return turn
}

// pieceStore opens a store whose time stands still, and in which nothing is named that was not kept.
func pieceStore(t *testing.T, dir string, o Options) *Store {
	t.Helper()
	now := time.Unix(1, 0)
	if o.Now == nil {
		o.Now = func() time.Time { return now }
	}
	o.Named = func(parley.Digest) (bool, error) { return false, nil }
	s, err := Open(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// leftIn counts the regular files below a folder.
func leftIn(t *testing.T, dir string) (n int) {
	t.Helper()
	err := filepath.WalkDir(dir, func(_ string, d os.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			n++
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// Whatever was noted is there in the next life of the process, and nothing more; the hash goes on from there.
func TestPiecesSurviveTheEndAfterEachByte(t *testing.T) {
	const poem = "roses are red"
	for cut := range len(poem) + 1 {
		dir := t.TempDir()
		s := pieceStore(t, dir, Options{})
		id := begin(t, s, int64(len(poem)))
		turn := resume(t, s, id)
		_, _ = turn.Write([]byte(poem[:cut]))
		if err := turn.Note(); err != nil {
			t.Fatal(err)
		}
		_, _ = turn.Write([]byte("garbage"[:min(7, len(poem)-cut)])) // and here it ends, without a word
		s = pieceStore(t, dir, Options{})
		if u := s.Usage(); u.Promised != int64(len(poem)) {
			t.Fatalf("after %d: %+v", cut, u)
		}
		turn = resume(t, s, id)
		if turn.Offset() != int64(cut) {
			t.Fatalf("%d bytes after %d", turn.Offset(), cut)
		}
		if _, err := turn.Write([]byte(poem[cut:])); err != nil {
			t.Fatal(err)
		}
		if err := turn.Note(); err != nil {
			t.Fatal(err)
		}
		var got parley.File
		if err := turn.Finish(func(f parley.File) error { got = f; return nil }); err != nil {
			t.Fatal(err)
		}
		turn.End()
		if got.Digest != sha256.Sum256([]byte(poem)) || got.Name != "a.txt" {
			t.Fatalf("after %d: %+v", cut, got)
		}
		if u := s.Usage(); u.Promised != 0 || u.Bytes != int64(len(poem)) || s.unwritten != 0 {
			t.Fatalf("after %d: %+v, %d unwritten", cut, u, s.unwritten)
		}
	}
}

// What is noted while more comes counts when the turn ends, and never more than was written.
func TestWhatIsNotedSoonIsThereAtTheEndOfATurn(t *testing.T) {
	const poem = "roses are red"
	s := pieceStore(t, t.TempDir(), Options{})
	id := begin(t, s, int64(len(poem)))
	turn := resume(t, s, id)
	for i := range len(poem) - 1 {
		_, _ = turn.Write([]byte(poem[i : i+1]))
		if err := turn.NoteSoon(); err != nil {
			t.Fatal(err)
		}
		if got := turn.Offset(); got > int64(i+1) {
			t.Fatalf("%d bytes count of %d", got, i+1)
		}
	}
	if err := turn.Note(); err != nil || turn.Offset() != int64(len(poem)-1) {
		t.Fatalf("%d bytes count, %v", turn.Offset(), err)
	}
	_, _ = turn.Write([]byte(poem[len(poem)-1:]))
	_ = turn.NoteSoon()
	turn.End() // waits for it
	turn = resume(t, s, id)
	defer turn.End()
	var got parley.File
	if err := turn.Finish(func(f parley.File) error { got = f; return nil }); err != nil || got.Digest != sha256.Sum256([]byte(poem)) {
		t.Errorf("%+v, %v", got, err)
	}
}

// An upload that is removed while it is being noted is gone.
func TestPiecesAreRemovedWhileTheyAreNoted(t *testing.T) {
	dir := t.TempDir()
	s := pieceStore(t, dir, Options{})
	before := leftIn(t, dir)
	turn := resume(t, s, begin(t, s, 1000))
	_, _ = turn.Write(make([]byte, 999))
	_ = turn.NoteSoon()
	turn.Remove()
	turn.End()
	if n := leftIn(t, dir); n != before || s.Usage() != (Usage{}) {
		t.Errorf("%d files are left, and %+v", n-before, s.Usage())
	}
}

// The process ends when the content has its place and nobody was told yet. It is posted in the next life.
func TestPiecesThatAreWholeArePostedLater(t *testing.T) {
	dir := t.TempDir()
	s := pieceStore(t, dir, Options{})
	id := begin(t, s, 3)
	turn := resume(t, s, id)
	_, _ = turn.Write([]byte("abc"))
	_ = turn.Note()
	err := turn.Finish(func(parley.File) error { return parley.Errorf(parley.CodeShutdown, "stopping") })
	if parley.CodeOf(err) != parley.CodeShutdown {
		t.Fatal(err)
	}
	turn.End()
	s = pieceStore(t, dir, Options{})
	if err := s.Sweep(func(func(parley.Digest, error) bool) {}); err != nil {
		t.Fatal(err)
	}
	turn = resume(t, s, id)
	posted := 0
	for range 2 {
		if err := turn.Finish(func(parley.File) error { posted++; return nil }); err != nil {
			t.Fatal(err)
		}
	}
	turn.End()
	if posted != 1 || turn.Offset() != 3 {
		t.Errorf("posted %d times, %d bytes", posted, turn.Offset())
	}
}

// A person has at most MaxPieces under way. Those that were posted are no more under way, also in the next life of the process, and
// of as many it is remembered that they were.
func TestPiecesOfOnePersonAreLimited(t *testing.T) {
	dir, now := t.TempDir(), time.Unix(1, 0)
	clock := func() time.Time { now = now.Add(time.Second); return now }
	s := pieceStore(t, dir, Options{Now: clock})
	var all []parley.UploadID
	for range MaxPieces + 5 {
		id := begin(t, s, 0)
		turn := resume(t, s, id)
		if err := turn.Finish(func(parley.File) error { return nil }); err != nil {
			t.Fatal(err)
		}
		turn.End()
		all = append(all, id)
	}
	s = pieceStore(t, dir, Options{Now: clock})
	for i, id := range all {
		turn, err := s.Resume(t.Context(), id, "ann", func() {})
		if forgotten := i < 5; forgotten != (parley.CodeOf(err) == parley.CodeNoSuchUpload) {
			t.Errorf("%d of %d: %v", i, len(all), err)
		}
		if err != nil {
			continue
		}
		if err := turn.Finish(func(parley.File) error { t.Error("it is posted again"); return nil }); err != nil {
			t.Error(err)
		}
		turn.End()
	}
	for range MaxPieces {
		begin(t, s, 1)
	}
	before := s.Usage()
	err := s.Begin(parley.Upload{ID: parley.NewUploadID(), By: "ann", Size: 1, Expires: now.Add(time.Hour)})
	if parley.CodeOf(err) != parley.CodeThrottled || s.Usage() != before {
		t.Errorf("%v, %+v", err, s.Usage())
	}
	if err := s.Begin(parley.Upload{ID: parley.NewUploadID(), By: "bob", Size: 1, Expires: now.Add(time.Hour)}); err != nil {
		t.Errorf("somebody else: %v", err)
	}
}

// What is refused, removed or too late leaves nothing, and gives its room back.
func TestPiecesThatComeToNothing(t *testing.T) {
	for name, end := range map[string]func(t *testing.T, s *Store, now *time.Time, id parley.UploadID){
		"refused": func(t *testing.T, s *Store, _ *time.Time, id parley.UploadID) {
			turn := resume(t, s, id)
			defer turn.End()
			_, _ = turn.Write([]byte("c"))
			_ = turn.Note()
			if err := turn.Finish(func(parley.File) error { return parley.Errorf(parley.CodeForbidden, "no") }); err == nil {
				t.Error("it was not refused")
			}
		},
		"removed": func(t *testing.T, s *Store, _ *time.Time, id parley.UploadID) {
			turn := resume(t, s, id)
			_, _ = turn.Write([]byte("c"))
			turn.Remove()
			turn.End()
		},
		"expired": func(_ *testing.T, s *Store, now *time.Time, _ parley.UploadID) {
			*now = now.Add(time.Hour)
			s.Expire()
		},
		"too late": func(t *testing.T, s *Store, now *time.Time, id parley.UploadID) {
			*now = now.Add(time.Hour)
			if _, err := s.Resume(t.Context(), id, "ann", func() {}); parley.CodeOf(err) != parley.CodeExpired {
				t.Error(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir, now := t.TempDir(), time.Unix(1, 0)
			s := pieceStore(t, dir, Options{Quota: 3, Now: func() time.Time { return now }})
			id := begin(t, s, 3)
			if err := s.Begin(parley.Upload{ID: parley.NewUploadID(), Size: 1}); parley.CodeOf(err) != parley.CodeTooLarge {
				t.Errorf("room was given twice: %v", err)
			}
			turn := resume(t, s, id)
			_, _ = turn.Write([]byte("ab"))
			_ = turn.Note()
			turn.End()
			end(t, s, &now, id)
			if u := s.Usage(); u != (Usage{Quota: 3}) || s.unwritten != 0 || leftIn(t, dir) != 0 {
				t.Errorf("%+v, %d unwritten, %d files", u, s.unwritten, leftIn(t, dir))
			}
			if _, err := s.Resume(t.Context(), id, "ann", func() {}); parley.CodeOf(err) != parley.CodeNoSuchUpload {
				t.Error(err)
			}
		})
	}
}

// Nobody else gets to see an upload, and two who may never write at once: the newer one asks the older to come to an end.
func TestOneTurnAtATime(t *testing.T) {
	s := pieceStore(t, t.TempDir(), Options{})
	id := begin(t, s, 3)
	if _, err := s.Resume(t.Context(), id, "bob", nil); parley.CodeOf(err) != parley.CodeNoSuchUpload {
		t.Error(err)
	}
	asked := make(chan struct{}, 9)
	first, err := s.Resume(t.Context(), id, "ann", func() { asked <- struct{}{} })
	if err != nil {
		t.Fatal(err)
	}
	second := make(chan *Turn)
	go func() {
		turn, _ := s.Resume(t.Context(), id, "ann", func() {})
		second <- turn
	}()
	<-asked
	_, _ = first.Write([]byte("a"))
	_ = first.Note()
	first.End()
	turn := <-second
	if turn.Offset() != 1 {
		t.Errorf("%d bytes", turn.Offset())
	}
	turn.End()
}

// Notes that are no notes stop nobody, and go.
func TestDamagedNotesAreRemoved(t *testing.T) {
	dir := t.TempDir()
	s := pieceStore(t, dir, Options{})
	whole := begin(t, s, 3)
	for name, text := range map[string]string{
		string(parley.NewUploadID()) + ".note": "", string(parley.NewUploadID()) + ".data": "abc", "x.note": "0 00\n{}",
		string(parley.NewUploadID()) + ".note.new": "0", string(parley.NewUploadID()) + ".note.": "0",
	} {
		if err := os.WriteFile(filepath.Join(dir, "pieces", name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s = pieceStore(t, dir, Options{})
	resume(t, s, whole).End()
	if n := leftIn(t, dir); n != 2 {
		t.Errorf("%d files", n)
	}
}

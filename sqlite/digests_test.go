package sqlite

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"testing"

	"parley"
)

// sentFiles makes the events of n files in a room, each with a content of its own, under few names.
func sentFiles(room parley.RoomID, n int) (events []parley.Event, contents map[parley.Digest]bool) {
	contents = make(map[parley.Digest]bool)
	for i := range n {
		digest := parley.Digest(sha256.Sum256(fmt.Append(nil, room, i)))
		contents[digest] = true
		file := parley.File{Name: parley.FileName(fmt.Sprint("file ", i%7)), Size: 1, Digest: digest}
		events = append(events, sent(room, alice, parley.MessageID(fmt.Sprint(room, i)), file))
	}
	return events, contents
}

// TestEveryFileIsAmongTheDigests has more files than one read gives, in two rooms, among messages.
func TestEveryFileIsAmongTheDigests(t *testing.T) {
	s := startStore(t, t.TempDir(), Options{})
	missing := make(map[parley.Digest]bool)
	for _, room := range []parley.RoomID{openLobby(t, s), parley.DirectRoom(alice.ID, bob.ID)} {
		events, contents := sentFiles(room, digestsPage+17)
		appendAll(t, s, events...)
		o := appendOne(t, s, said(room, bob, parley.MessageID("text-in-"+room), "no file"))
		if o.Err != nil {
			t.Fatal(o.Err)
		}
		for d := range contents {
			missing[d] = true
		}
	}
	for d, err := range s.Digests(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if !missing[d] {
			t.Fatalf("%s is given twice, or nobody sent it", d)
		}
		delete(missing, d)
	}
	if len(missing) > 0 {
		t.Errorf("%d contents are not given", len(missing))
	}
}

func TestAContentIsNamedFromItsMessageOn(t *testing.T) {
	s := startStore(t, t.TempDir(), Options{})
	lobby := openLobby(t, s)
	content := parley.Digest(sha256.Sum256([]byte("roses")))
	named := func() bool {
		t.Helper()
		named, err := s.Named(t.Context(), content)
		if err != nil {
			t.Fatal(err)
		}
		return named
	}
	appendOne(t, s, sent(lobby, alice, id(1), parley.File{Name: "other.txt", Size: 1}))
	if named() {
		t.Error("named before anybody has sent it")
	}
	appendOne(t, s, sent(lobby, alice, id(2), parley.File{Name: "poem.txt", Size: 5, Digest: content}))
	if !named() {
		t.Error("not named when somebody has sent it")
	}
}

func TestDigestsEndWithTheContext(t *testing.T) {
	s := startStore(t, t.TempDir(), Options{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var told []error
	for _, err := range s.Digests(ctx) {
		told = append(told, err)
	}
	if len(told) != 1 || !errors.Is(told[0], context.Canceled) {
		t.Errorf("%v", told)
	}
	if _, err := s.Named(ctx, parley.Digest{}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

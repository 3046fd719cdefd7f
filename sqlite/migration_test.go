package sqlite

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"testing/fstest"
	"time"

	"github.com/pressly/goose/v3"

	"parley"
)

// openSchema1 makes a database as the first version made it, with what that version kept: a room and two conversations,
// and in them messages and a file.
func openSchema1(t *testing.T, dir string) {
	t.Helper()
	d := &database{path: filepath.Join(dir, "parley.db")}
	db, err := d.pool("rwc", 1, d.writing(patience))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	steps, err := fs.Sub(migrations, "migrations")
	if err != nil {
		t.Fatal(err)
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, db, steps, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.UpTo(context.Background(), 1); err != nil {
		t.Fatal(err)
	}
	_, err = db.Exec(`
		INSERT INTO rooms (num, id, name, kind, last) VALUES
			(1, 'r-old', 'lobby', 'public', 2), (2, 'd-g-alice+g-bob', NULL, 'direct', 1), (3, 'd-g-bob+g-bob', NULL, 'direct', 0),
			(4, 'd-g-bob+g-alice', NULL, 'direct', 0);
		INSERT INTO entries (room, seq, kind, at, sender, id, name, text) VALUES
			(1, 1, 1, 1777896000123456, 'g-alice', 'id-000001', 'alice', 'hello'),
			(2, 1, 1, 1777896000123456, 'g-alice', 'id-000002', 'alice', 'psst');
		INSERT INTO entries (room, seq, kind, at, sender, id, name, text, file_name, file_size, file_digest) VALUES
			(1, 2, 1, 1777896000123456, 'g-alice', 'id-000003', 'alice', '', 'a.txt', 7,
				x'0100000000000000000000000000000000000000000000000000000000000000')`)
	if err != nil {
		t.Fatal(err)
	}
}

// TestAnOldDatabaseIsReadAndGoesOn opens what the first version wrote.
func TestAnOldDatabaseIsReadAndGoesOn(t *testing.T) {
	dir := t.TempDir()
	openSchema1(t, dir)
	s := startStore(t, dir, Options{})
	file := parley.File{Name: "a.txt", Size: 7, Digest: parley.Digest{1}}
	both := parley.DirectRoom(alice.ID, bob.ID)

	room, err := s.Room(t.Context(), parley.Lobby)
	if want := (parley.Room{ID: "r-old", Name: parley.Lobby, Kind: parley.RoomPublic, First: 1, Last: 2}); err != nil || room != want {
		t.Errorf("room %+v, %v", room, err)
	}
	want := []parley.Message{
		{Room: room.ID, Seq: 1, ID: id(1), By: alice, At: noon, Text: "hello"},
		{Room: room.ID, Seq: 2, ID: id(3), By: alice, At: noon, File: &file},
	}
	if got := history(t, s, room.ID); !reflect.DeepEqual(got, want) {
		t.Errorf("history %+v", got)
	}
	events, err := s.Events(t.Context(), room.ID, 0, 10)
	if err != nil || len(events) != 2 || !reflect.DeepEqual(events[1].Event, parley.MessagePosted{Message: want[1]}) {
		t.Errorf("events %+v, %v", events, err)
	}
	if got, err := s.NewestFile(t.Context(), room.ID, "a.txt"); err != nil || got != file {
		t.Errorf("newest file %v, %v", got, err)
	}
	for who, n := range map[parley.Sender]int{alice: 1, bob: 2} {
		if got, err := s.Conversations(t.Context(), who.ID); err != nil || len(got) != n || got[0].Room.ID != both || got[0].At != noon {
			t.Errorf("conversations of %s: %+v, %v", who.Name, got, err)
		}
	}

	// An id with the two the other way round was never made, and is nobody's.
	refusedWith(t, s, parley.CodeNoSuchRoom, said("d-g-bob+g-alice", alice, id(9), "hello"))
	repeated(t, s, 1, said(room.ID, alice, id(1), "hello"))
	if seq := done(t, s, edited(room.ID, alice, 1, "hello again")); seq != 3 {
		t.Errorf("the next number is %d", seq)
	}
	done(t, s, deleted(room.ID, alice, 2))
	done(t, s, reacted(both, bob, 1, "+1", true))
	if got := history(t, s, room.ID); got[0].Text != "hello again" || !got[1].Deleted {
		t.Errorf("then the history is %+v", got)
	}
	if got, err := s.Conversations(t.Context(), bob.ID); err != nil || got[0].With != alice || got[0].At.Before(noon.Add(-time.Second)) {
		t.Errorf("then the conversations are %+v, %v", got, err)
	}
}

// TestAnUpgradeCanBeTakenBack does what the manual says: the directory is copied, then a newer version upgrades it. The
// version before, which knows the first schema alone, refuses what was upgraded, and goes on with the copy.
func TestAnUpgradeCanBeTakenBack(t *testing.T) {
	dir, before := t.TempDir(), t.TempDir()
	openSchema1(t, dir)
	if err := os.CopyFS(before, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	s := startStore(t, dir, Options{})
	lobby, err := s.Room(t.Context(), parley.Lobby)
	if err != nil {
		t.Fatal(err)
	}
	done(t, s, said(lobby.ID, bob, id(9), "since the upgrade"))
	after := dump(t, s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}

	want := fmt.Sprintf("the data in %s was written by a newer parley (schema %d, this one knows 1); ", dir, newestSchema(t)) +
		"use that version, or another data directory"
	if err := openBySchema1(t, dir); parley.CodeOf(err) != parley.CodeStore || parley.Sentence(err) != want {
		t.Errorf("the older one on the upgraded data: %v", err)
	}
	if err := openBySchema1(t, before); err != nil {
		t.Errorf("the older one on the copy: %v", err)
	}
	if got := dump(t, startStore(t, dir, Options{})); got != after {
		t.Errorf("the refusal has changed the upgraded data from\n%s\nto\n%s", after, got)
	}
	again := startStore(t, before, Options{})
	if got := history(t, again, lobby.ID); len(got) != 2 || got[0].Text != "hello" {
		t.Errorf("upgraded once more, the copy has %+v", got)
	}
}

// openBySchema1 has the database in dir opened by a version that knows the first schema alone.
func openBySchema1(t *testing.T, dir string) error {
	t.Helper()
	first, err := fs.ReadFile(migrations, "migrations/00001_rooms_and_entries.sql")
	if err != nil {
		t.Fatal(err)
	}
	d := &database{path: filepath.Join(dir, "parley.db")}
	db, err := d.pool("rw", 1, d.writing(patience))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	steps := fstest.MapFS{"00001_rooms_and_entries.sql": {Data: first}}
	return migrateBy(t.Context(), db, dir, steps)
}

// newestSchema gives the number of the schema that this version makes.
func newestSchema(t *testing.T) int {
	t.Helper()
	steps, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	return len(steps)
}

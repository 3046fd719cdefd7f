package sqlite

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"parley"
)

func TestAnEditGivesAMessageItsNewText(t *testing.T) {
	s := startStore(t, t.TempDir(), Options{})
	lobby := openLobby(t, s)
	done(t, s, said(lobby, alice, id(1), "helo"))
	first, second := edited(lobby, alice, 1, "hello"), edited(lobby, alice, 1, "hello, all")
	first.Entry.At, second.Entry.At = noon.Add(time.Minute), noon.Add(time.Hour)
	if seq := done(t, s, first); seq != 2 {
		t.Fatalf("the edit has number %d", seq)
	}
	done(t, s, second)

	want := parley.Message{Room: lobby, Seq: 1, ID: id(1), By: alice, At: noon, Text: "hello, all", Edited: true}
	if got, err := s.Message(t.Context(), lobby, 1); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("the message is %+v, %v", got, err)
	}
	revisions, err := s.Revisions(t.Context(), lobby, 1)
	if err != nil || !reflect.DeepEqual(revisions, []parley.Revision{{Text: "helo", At: noon}, {Text: "hello", At: first.Entry.At}}) {
		t.Errorf("it said before: %v, %v", revisions, err)
	}
	if _, err := s.Message(t.Context(), lobby, 2); parley.CodeOf(err) != parley.CodeNoSuchMessage {
		t.Errorf("an edit is no message: %v", err)
	}
	repeated(t, s, 2, first)
}

func TestOnlyTheLastRevisionsAreGiven(t *testing.T) {
	s := startStore(t, t.TempDir(), Options{Volatile: true})
	lobby := openLobby(t, s)
	events := []parley.Event{said(lobby, alice, id(1), "0")}
	for n := range MaxRevisions + 1 {
		e := edited(lobby, alice, 1, strings.Repeat("1", n+1))
		events = append(events, e)
	}
	appendAll(t, s, events...)
	got, err := s.Revisions(t.Context(), lobby, 1)
	if err != nil || len(got) != MaxRevisions || got[0].Text != "1" || len(got[MaxRevisions-1].Text) != MaxRevisions {
		t.Errorf("%d revisions, %v", len(got), err)
	}
}

func TestEditsThatAreRefused(t *testing.T) {
	s := startStore(t, t.TempDir(), Options{})
	stage := openKind(t, s, "stage", parley.RoomAnnounce, alice)
	done(t, s, appointed(stage, alice, bob, parley.RoleModerator))
	done(t, s, said(stage, bob, id(1), "news"))
	done(t, s, sent(stage, bob, id(2), parley.File{Name: "a.txt"}))
	done(t, s, said(stage, bob, id(3), "a mistake"))
	done(t, s, deleted(stage, bob, 4))
	both := parley.DirectRoom(alice.ID, bob.ID)
	for _, c := range []struct {
		code  parley.Code
		event parley.Event
	}{
		{parley.CodeForbidden, edited(stage, alice, 2, "no news")},
		{parley.CodeInvalid, edited(stage, bob, 3, "words for a file")},
		{parley.CodeNoSuchMessage, edited(stage, bob, 1, "an appointment is no message")},
		{parley.CodeNoSuchMessage, edited(stage, bob, 4, "it is deleted")},
		{parley.CodeNoSuchMessage, edited(stage, bob, 99, "from the future")},
		{parley.CodeNoSuchMessage, edited(stage, bob, -1, "from before")},
		{parley.CodeInvalid, edited(stage, bob, 2, "  ")},
		{parley.CodeTooLong, edited(stage, bob, 2, strings.Repeat("x", parley.MaxText+1))},
		{parley.CodeInvalid, parley.MessageEdited{Entry: parley.Entry{Room: stage, By: bob}, Target: 2, Text: "no id"}},
		{parley.CodeNoSuchRoom, edited("r-nowhere", bob, 2, "hello")},
		{parley.CodeNoSuchRoom, edited(both, bob, 1, "a conversation that has not begun")},
	} {
		refusedWith(t, s, c.code, c.event)
	}
	done(t, s, appointed(stage, alice, bob, parley.RoleMember))
	refusedWith(t, s, parley.CodeForbidden, edited(stage, bob, 2, "who may not speak may not edit"))
}

// TestDeletingLeavesNothingButThatThereWasAMessage looks for what a message said, and all that was said about it, in what
// can be read and in the files themselves.
func TestDeletingLeavesNothingButThatThereWasAMessage(t *testing.T) {
	dir := t.TempDir()
	s := startStore(t, dir, Options{})
	carol := addAccount(t, s, "carol", parley.RoleMember)
	lobby := openLobby(t, s)
	secret := parley.File{Name: "SECRET.txt", Size: 5, Digest: parley.Digest{0xAB, 0xCD, 0xEF, 0x12, 0x34}, Width: 31415, Height: 27182}
	older := parley.File{Name: secret.Name, Size: 4, Width: 3, Height: 2}
	posted := said(lobby, alice, id(1), "SECRET first @carol"+strings.Repeat(" SECRET", 3000)) // over several pages of the database
	posted.Mentions = []parley.NameKey{"carol"}
	done(t, s, posted)
	done(t, s, edited(lobby, alice, 1, "SECRET second @carol"))
	done(t, s, reacted(lobby, bob, 1, "SECRET3", true))
	done(t, s, reacted(lobby, bob, 1, "SECRET4", true))
	done(t, s, reacted(lobby, bob, 1, "SECRET4", false))
	done(t, s, sent(lobby, bob, id(2), older))
	done(t, s, sent(lobby, alice, id(3), secret))
	if u, err := s.Unread(t.Context(), carol.ID, lobby); err != nil || u != (parley.Unread{Messages: 3, Mentions: 1}) {
		t.Fatalf("unread %+v, %v", u, err)
	}
	gone := deleted(lobby, alice, 1)
	done(t, s, gone)
	done(t, s, deleted(lobby, alice, 7))

	want := parley.Message{Room: lobby, Seq: 1, ID: id(1), By: alice, At: noon, Deleted: true}
	if got, err := s.Message(t.Context(), lobby, 1); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("the message is %+v, %v", got, err)
	}
	if got, err := s.Revisions(t.Context(), lobby, 1); err != nil || got != nil {
		t.Errorf("it said before: %v, %v", got, err)
	}
	if u, err := s.Unread(t.Context(), carol.ID, lobby); err != nil || u != (parley.Unread{Messages: 1}) {
		t.Errorf("unread %+v, %v", u, err)
	}
	if got, err := s.NewestFile(t.Context(), lobby, secret.Name); err != nil || got != older {
		t.Errorf("the newest file of that name: %v, %v", got, err)
	}
	done(t, s, deleted(lobby, bob, 6))
	if _, err := s.NewestFile(t.Context(), lobby, secret.Name); parley.CodeOf(err) != parley.CodeNoSuchFile {
		t.Errorf("the newest file when all are deleted: %v", err)
	}
	repeated(t, s, 8, gone)

	events, err := s.Events(t.Context(), lobby, 0, parley.MaxPage)
	if err != nil || len(events) != 10 {
		t.Fatalf("events %v, %v", events, err)
	}
	for _, e := range events {
		if p, ok := e.Event.(parley.MessagePosted); ok && (p.Message.File != nil || !p.Message.Deleted) {
			t.Errorf("told again: %+v", p)
		}
	}
	if text := dump(t, s); strings.Contains(text, "SECRET") || strings.Contains(text, "31415") || strings.Contains(text, "27182") {
		t.Errorf("it is still in the database:\n%s", text)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile(filepath.Join(dir, "parley.db"))
	if err != nil || strings.Contains(string(file), "SECRET") || strings.Contains(string(file), string(secret.Digest[:5])) {
		t.Errorf("it is still in the file (%v)", err)
	}
}

func TestDeletionsThatAreRefused(t *testing.T) {
	s := startStore(t, t.TempDir(), Options{})
	lobby := openKind(t, s, parley.Lobby, parley.RoomPublic, alice)
	carol := addAccount(t, s, "carol", parley.RoleModerator)
	both := parley.DirectRoom(alice.ID, bob.ID)
	appendAll(t, s, said(lobby, alice, id(1), "hello"), said(lobby, bob, id(2), "yes?"), said(both, bob, id(3), "psst"))
	for _, c := range []struct {
		code  parley.Code
		event parley.Event
	}{
		{parley.CodeForbidden, deleted(lobby, bob, 1)},
		{parley.CodeForbidden, deleted(both, alice, 1)},
		{parley.CodeNoSuchRoom, deleted(both, carol, 1)},
		{parley.CodeNoSuchMessage, deleted(lobby, bob, 3)},
		{parley.CodeNoSuchRoom, deleted("r-nowhere", bob, 1)},
	} {
		refusedWith(t, s, c.code, c.event)
	}
	done(t, s, deleted(lobby, carol, 1)) // a moderator of the server
	refusedWith(t, s, parley.CodeNoSuchMessage, deleted(lobby, alice, 1))
	done(t, s, deleted(lobby, alice, 2)) // the room's owner
	done(t, s, deleted(both, bob, 1))
}

func TestRepliesNameAMessage(t *testing.T) {
	s := startStore(t, t.TempDir(), Options{})
	lobby := openLobby(t, s)
	reply := func(room parley.RoomID, n int, to parley.Seq) parley.MessagePosted {
		e := said(room, bob, id(n), "an answer")
		e.Message.Reply = to
		return e
	}
	file := sent(lobby, bob, id(3), parley.File{Name: "a.txt"})
	file.Message.Reply = 1
	outcomes := appendAll(t, s, said(lobby, alice, id(1), "a question"), reply(lobby, 2, 1), file, said(lobby, bob, id(4), "x"))
	for i, o := range outcomes {
		if o != (parley.Outcome{Seq: parley.Seq(i + 1)}) {
			t.Errorf("message %d: %+v", i+1, o)
		}
	}
	if got := history(t, s, lobby); got[1].Reply != 1 || got[1].Text != "an answer" || got[2].Reply != 1 || got[2].File == nil {
		t.Errorf("history %+v", got)
	}
	repeated(t, s, 2, reply(lobby, 2, 1))
	done(t, s, deleted(lobby, alice, 1))
	repeated(t, s, 2, reply(lobby, 2, 1)) // what was accepted stays so
	for _, to := range []parley.Seq{1, 5, 6, -1} {
		refusedWith(t, s, parley.CodeNoSuchMessage, reply(lobby, 5, to))
	}
	refusedWith(t, s, parley.CodeNoSuchMessage, reply(parley.DirectRoom(bob.ID, bob.ID), 5, 1))
	if got := history(t, s, lobby); got[1].Reply != 1 {
		t.Errorf("an answer to what is deleted: %+v", got[1])
	}
}

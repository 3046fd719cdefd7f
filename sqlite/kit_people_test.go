package sqlite

import (
	"fmt"
	"strings"
	"testing"

	"parley"
)

// addAccount makes an account whose id tells its name.
func addAccount(t testing.TB, s *Store, name string, role parley.Role) parley.Sender {
	t.Helper()
	done(t, s, added(name, role))
	return parley.Sender{ID: accountID(name), Name: name}
}

func accountID(name string) parley.SenderID { return parley.SenderID("a-" + strings.ToLower(name)) }

// added makes the event of a new account. Names of tests look like each other when they begin with the same letter.
func added(name string, role parley.Role) parley.AccountAdded {
	return parley.AccountAdded{
		Account:   parley.Account{ID: accountID(name), Name: parley.Name(name), Role: role, Created: noon},
		Key:       parley.Name(name).Key(),
		Lookalike: parley.LookalikeKey(strings.ToLower(name[:1])),
		Password:  parley.PasswordHash("$" + name),
	}
}

// entryBy makes the head of something that somebody does in a room. No two have the same id.
func entryBy(room parley.RoomID, by parley.Sender) parley.Entry {
	return parley.Entry{Room: room, ID: parley.NewMessageID(noon), By: by, At: noon}
}

// changed makes the event of a member's change.
func changed(room parley.RoomID, by, who parley.Sender, c parley.MemberChange) parley.MemberChanged {
	return parley.MemberChanged{Entry: entryBy(room, by), Who: who, Change: c}
}

// appointed makes the event of somebody's getting a role.
func appointed(room parley.RoomID, by, who parley.Sender, role parley.Role) parley.MemberChanged {
	e := changed(room, by, who, parley.MemberAppointed)
	e.Role = role
	return e
}

// edited, deleted and reacted make the events about a message.
func edited(room parley.RoomID, by parley.Sender, target parley.Seq, text string) parley.MessageEdited {
	return parley.MessageEdited{Entry: entryBy(room, by), Target: target, Text: text}
}

func deleted(room parley.RoomID, by parley.Sender, target parley.Seq) parley.MessageDeleted {
	return parley.MessageDeleted{Entry: entryBy(room, by), Target: target}
}

func reacted(room parley.RoomID, by parley.Sender, target parley.Seq, emoji string, on bool) parley.MessageReacted {
	return parley.MessageReacted{Entry: entryBy(room, by), Target: target, Emoji: emoji, On: on}
}

// openKind makes a room of a kind, owned by somebody unless that is the zero Sender.
func openKind(t testing.TB, s *Store, name parley.RoomName, kind parley.RoomKind, by parley.Sender) parley.RoomID {
	t.Helper()
	room := parley.Room{ID: parley.NewRoomID(), Name: name, Kind: kind}
	done(t, s, parley.RoomOpened{Room: room, By: by, At: noon})
	return room.ID
}

// done appends an event that must be done, and gives its number.
func done(t testing.TB, s *Store, e parley.Event) parley.Seq {
	t.Helper()
	o := appendOne(t, s, e)
	if o.Err != nil || o.Repeat {
		t.Fatalf("%+v: %+v", e, o)
	}
	return o.Seq
}

// refusedWith appends an event that must be refused with a code, and change nothing.
func refusedWith(t testing.TB, s *Store, code parley.Code, e parley.Event) {
	t.Helper()
	before := dump(t, s)
	o := appendOne(t, s, e)
	if parley.CodeOf(o.Err) != code {
		t.Errorf("%+v: refused with %q (%v), want %q", e, parley.CodeOf(o.Err), o.Err, code)
	}
	if after := dump(t, s); after != before {
		t.Errorf("%+v was refused, and changed\n%s\ninto\n%s", e, before, after)
	}
}

// repeated appends an event that must be answered with the first outcome, and change nothing: alone, and in a batch with a
// message that is a repeat too, so that all of it is looked at carefully.
func repeated(t testing.TB, s *Store, first parley.Seq, e parley.Event) {
	t.Helper()
	before := dump(t, s)
	want := parley.Outcome{Seq: first, Repeat: true}
	if o := appendOne(t, s, e); o != want {
		t.Errorf("%+v again: %+v, want %+v", e, o, want)
	}
	both := said(parley.DirectRoom(alice.ID, bob.ID), alice, "repeated", "and again")
	if o := appendAll(t, s, e, both, e, both, e); o[0] != want || o[2] != want || o[4] != want || !o[3].Repeat {
		t.Errorf("%+v again, in a batch: %+v", e, o)
	}
	if after := dump(t, s); withoutDirect(after) != withoutDirect(before) {
		t.Errorf("%+v was repeated, and changed\n%s\ninto\n%s", e, before, after)
	}
}

// withoutDirect leaves out of a dump what repeated itself adds.
func withoutDirect(dump string) string {
	var kept []string
	for line := range strings.Lines(dump) {
		if !strings.Contains(line, "repeated") && !strings.Contains(line, string(parley.DirectRoom(alice.ID, bob.ID))) &&
			!strings.HasPrefix(line, "conversations ") {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "")
}

// tables are all that the state is.
var tables = []string{"rooms", "entries", "revisions", "reactions", "mentions", "members", "conversations", "reads",
	"accounts", "logins", "invites", "uses", "claims"}

// dump gives every row of the database, one a line.
func dump(t testing.TB, s *Store) string {
	t.Helper()
	var all strings.Builder
	for _, table := range tables {
		rows, err := s.db.reads.pool.QueryContext(t.Context(), "SELECT *, '' FROM "+table+" ORDER BY 1, 2")
		if err != nil {
			t.Fatal(err)
		}
		columns, err := rows.Columns()
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			values, into := make([]any, len(columns)), make([]any, len(columns))
			for i := range values {
				into[i] = &values[i]
			}
			if err := rows.Scan(into...); err != nil {
				t.Fatal(err)
			}
			fmt.Fprintln(&all, table, fmt.Sprintf("%q", fmt.Sprint(values...)))
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
	}
	return all.String()
}

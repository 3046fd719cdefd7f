package wire

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"parley"
)

// byStandard writes a message as the standard library does, with its type before the rest.
func byStandard(t testing.TB, kind Type, m any) string {
	t.Helper()
	body, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	head := `{"type":"` + string(kind) + `"`
	if string(body) == "{}" {
		return head + "}"
	}
	return head + "," + string(body[1:])
}

func TestMessagesAreWrittenAsTheStandardLibraryDoes(t *testing.T) {
	for _, m := range clientSamples() {
		if got, want := string(m.Append(nil)), byStandard(t, m.Type(), m); got != want {
			t.Errorf("%T is written\n%s\nnot\n%s", m, got, want)
		}
	}
	for _, m := range serverSamples() {
		if got, want := string(m.Append([]byte("x"))), "x"+byStandard(t, m.Type(), m); got != want {
			t.Errorf("%T is written\n%s\nnot\n%s", m, got, want)
		}
	}
}

func TestWhatIsWrittenLooksLikeThis(t *testing.T) {
	for want, m := range map[string]ServerMessage{
		`{"type":"message","room":"lobby","number":42,"id":"m1","by":{"id":"a-1","name":"alice"},` +
			`"at":"2026-10-16T12:00:00.000250Z","text":"\u003cscript\u003e\n\u2028","reply":7}`: Message{
			Entry:   Entry{Room: "lobby", Number: 42, ID: "m1", By: Person{ID: "a-1", Name: "alice"}, At: At(noon)},
			Content: Content{Text: "<script>\n\u2028", Reply: 7}},
		`{"type":"ack","id":"m1","room":"lobby","number":42}`: Ack{ID: "m1", Room: "lobby", Number: 42},
		`{"type":"presence","room":"lobby","count":2000}`:     Presence{Room: "lobby", Count: 2000},
		`{"type":"pong"}`: Pong{},
		`{"type":"read","room":"d-a-1+a-2","number":8}`:              ReadUpTo{Room: "d-a-1+a-2", Number: 8},
		`{"type":"typing","room":"lobby","people":[]}`:               PeopleTyping{Room: "lobby"},
		`{"type":"bye","code":"idle","sentence":"bye","retry":true}`: Bye{Code: "idle", Sentence: "bye", Retry: true},
	} {
		if got := string(m.Append(nil)); got != want {
			t.Errorf("written\n%s\nnot\n%s", got, want)
		}
	}
}

// Times of any zone and any precision are written alike, so that they can be compared as they stand.
func TestTimesAreUTCWithMicroseconds(t *testing.T) {
	zone := time.FixedZone("", 2*60*60)
	at := time.Date(2026, 10, 16, 14, 0, 0, 999, zone)
	if got := string(appendTime(nil, at)); got != `"2026-10-16T12:00:00.000000Z"` {
		t.Error(got)
	}
	var read Time
	if err := json.Unmarshal([]byte(`"2026-10-16T14:00:00.5+02:00"`), &read); err != nil || read.String() != "2026-10-16 12:00:00.5 +0000 UTC" {
		t.Errorf("%v, %v", read, err)
	}
	for _, bad := range []string{`"yesterday"`, `12`, `""`, `{}`} {
		if err := json.Unmarshal([]byte(bad), &read); err == nil {
			t.Errorf("%s is read as %v", bad, read)
		}
	}
}

// events gives an event of each kind that people are shown.
func events() []parley.RoomEvent {
	entry := parley.Entry{Room: "r-1", Seq: 42, ID: "m1", By: parley.Sender{ID: "a-1", Name: "alice"}, At: noon}
	file := parley.File{Name: "a.txt", Size: 3, Digest: parley.Digest{1}}
	message := parley.Message{Room: entry.Room, Seq: entry.Seq, ID: entry.ID, By: entry.By, At: entry.At, Text: "hi", Reply: 3}
	withFile := message
	withFile.Text, withFile.File = "", &file
	picture, withPicture := file, message
	picture.Width, picture.Height = 1600, 1200
	withPicture.Text, withPicture.File = "", &picture
	return []parley.RoomEvent{
		parley.MessagePosted{Message: message, Mentions: []parley.NameKey{"bob"}},
		parley.MessagePosted{Message: withFile},
		parley.MessagePosted{Message: withPicture},
		parley.MessageEdited{Entry: entry, Target: 7, Text: "ho"},
		parley.MessageDeleted{Entry: entry, Target: 7},
		parley.MessageReacted{Entry: entry, Target: 7, Emoji: "👍", On: true},
		parley.MemberChanged{Entry: entry, Who: parley.Sender{ID: "g-2", Name: "bob"}, Change: parley.MemberBanned},
		parley.RoomChanged{Entry: entry, Topic: "tea", Kind: parley.RoomAnnounce},
	}
}

// An event is the same bytes whether it is shown on the socket or in a page, and is read back as what it was.
func TestEventsAreShownAlikeEverywhere(t *testing.T) {
	for _, room := range []parley.Room{
		{ID: "r-1", Name: "lobby", Kind: parley.RoomPublic}, {ID: "d-a-1+g-2", Kind: parley.RoomDirect},
	} {
		for _, e := range events() {
			live := AppendEvent([]byte("x"), &room, e)[1:]
			event, ok := EventOf(&room, e)
			if !ok || event.Type() == "" {
				t.Fatalf("%T is not shown", e)
			}
			page, err := json.Marshal(EventPage{Items: []Event{event}, First: 1, Last: 42, Next: 42})
			if err != nil || !bytes.Contains(page, live) {
				t.Errorf("live  %s\nin a page %s, %v", live, page, err)
			}
			again, err := DecodeAnswer[EventPage](page)
			if err != nil || string(again.Items[0].Append(nil)) != string(live) {
				t.Errorf("%s is read as %+v, %v", page, again, err)
			}
		}
	}
}

func TestWhoADirectMessageIsTo(t *testing.T) {
	for by, to := range map[parley.SenderID]parley.SenderID{"a-1": "g-2", "g-2": "a-1"} {
		room := parley.Room{ID: parley.DirectRoom("a-1", "g-2"), Kind: parley.RoomDirect}
		e := parley.MessagePosted{Message: parley.Message{Room: room.ID, By: parley.Sender{ID: by}, Text: "hi"}}
		m, err := DecodeServer(AppendEvent(nil, &room, e))
		direct, ok := m.(DirectMessage)
		if err != nil || !ok || direct.To.ID != to || direct.By.ID != by || direct.Room != Place(room.ID) {
			t.Errorf("from %s: %+v, %v", by, m, err)
		}
	}
}

// What everybody in a room is shown is written without a byte of garbage.
func TestTheFanOutPathAllocatesNothing(t *testing.T) {
	dst := make([]byte, 0, 1<<12)
	room := parley.Room{ID: "r-1", Name: "lobby", Kind: parley.RoomPublic}
	direct := parley.Room{ID: "d-a-1+g-2", Kind: parley.RoomDirect}
	for _, e := range events() {
		if n := testing.AllocsPerRun(10, func() { AppendEvent(dst, &room, e) }); n > 0 {
			t.Errorf("%T: %v allocations", e, n)
		}
		if n := testing.AllocsPerRun(10, func() { AppendEvent(dst, &direct, e) }); n > 0 {
			t.Errorf("%T in a conversation: %v allocations", e, n)
		}
	}
	people := []Person{{ID: "a-1", Name: "alice", Role: parley.RoleOwner}}
	for name, write := range map[string]func(){
		"presence": func() { Presence{Room: "lobby", Joined: people, Left: people, Count: 1}.Append(dst) },
		"typing":   func() { PeopleTyping{Room: "lobby", People: people}.Append(dst) },
		"ack":      func() { Ack{ID: "m1", Room: "lobby", Number: 42}.Append(dst) },
		"read":     func() { ReadUpTo{Room: "lobby", Number: 42}.Append(dst) },
		"header":   func() { AppendFrameHeader(dst, 70_000) },
	} {
		if n := testing.AllocsPerRun(10, write); n > 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}

// FuzzString compares strings with what the standard library makes of them.
func FuzzString(f *testing.F) {
	f.Add(awkward)
	f.Add("\xff\xed\xa0\x80 cut off \xe2\x80")
	f.Add("</script><!-- \u2028")
	f.Fuzz(func(t *testing.T, s string) {
		want, err := json.Marshal(s)
		if got := appendString(nil, s); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%q is written %s, not %s", s, got, want)
		}
	})
}

// FuzzEvents writes events of any fields, by hand and by the standard library, and reads them back.
func FuzzEvents(f *testing.F) {
	f.Add(byte(0), "m1", "alice", awkward, "a.txt", int64(42), int64(7), int64(1_790_000_000_000_250))
	f.Add(byte(0x13), "\"", "\u2028", "\xff", "<>", int64(-1), int64(0), int64(0))
	f.Fuzz(func(t *testing.T, kind byte, id, name, text, file string, number, target, micros int64) {
		at := time.UnixMicro(micros % (250_000 * 365 * 24 * 3600 * 10)).UTC() // years of four digits
		entry := Entry{Room: Place(file), Number: parley.Seq(number), ID: parley.MessageID(id),
			By: Person{ID: parley.SenderID(name), Name: text}, At: At(at)}
		content := Content{Text: Text(text), Reply: parley.Seq(target), Edited: kind&16 > 0, Deleted: kind&32 > 0}
		if kind&64 > 0 {
			content.File = &File{Name: parley.FileName(file), Size: target, Digest: parley.Digest{kind}, Width: int(int32(number)), Height: int(int32(micros))}
		}
		people := []Person{{ID: parley.SenderID(id), Role: parley.Role(name)}, entry.By}
		m := []ServerMessage{
			Message{Entry: entry, Content: content},
			DirectMessage{Entry: entry, To: people[0], Content: content},
			Edited{Entry: entry, Target: parley.Seq(target), Text: Text(text)},
			Deleted{Entry: entry, Target: parley.Seq(target)},
			Reaction{Entry: entry, Target: parley.Seq(target), Emoji: text, Off: kind&16 > 0},
			MemberChanged{Entry: entry, Who: people[0], Change: parley.MemberChange(text), Role: parley.Role(id)},
			RoomChanged{Entry: entry, Kind: parley.RoomKind(id), Topic: text},
			Presence{Room: entry.Room, Joined: people[:kind>>4&1], Left: people, Count: int(target)},
			PeopleTyping{Room: entry.Room, People: people},
			ReadUpTo{Room: entry.Room, Number: entry.Number},
			Ack{ID: entry.ID, Room: entry.Room, Number: entry.Number},
		}[kind&15%11]
		written := m.Append(nil)
		if want := byStandard(t, m.Type(), m); string(written) != want {
			t.Fatalf("%T is written\n%s\nnot\n%s", m, written, want)
		}
		read, err := DecodeServer(written)
		if err != nil {
			t.Fatalf("%s is not read: %v", written, err)
		}
		clean := true // each by itself: two halves of a character are none, and together they are one
		for _, part := range []string{id, name, text, file} {
			clean = clean && parley.CleanLine(part) == part
		}
		if again := read.Append(nil); clean && !bytes.Equal(again, written) {
			t.Errorf("%s is read as\n%s", written, again)
		}
	})
}

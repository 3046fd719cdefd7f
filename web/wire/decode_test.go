package wire

import (
	"reflect"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"parley"
)

func TestClientMessagesAreReadAsTheyWereWritten(t *testing.T) {
	for _, m := range clientSamples() {
		got, err := DecodeClient(m.Append(nil))
		if err != nil || !reflect.DeepEqual(got, m) {
			t.Errorf("%s\nis read as %+v, %v", m.Append(nil), got, err)
		}
	}
}

func TestServerMessagesAreReadAsTheyWereWritten(t *testing.T) {
	for _, m := range serverSamples() {
		got, err := DecodeServer(m.Append(nil))
		want := reflect.New(reflect.TypeOf(m)).Elem()
		want.Set(reflect.ValueOf(m))
		cleanValue(want) // the samples have what nobody is shown
		if err != nil || string(got.Append(nil)) != string(want.Interface().(ServerMessage).Append(nil)) {
			t.Errorf("%s\nis read as %+v, %v", m.Append(nil), got, err)
		}
	}
}

// Type may stand anywhere in a message, and white space wherever JSON lets it.
func TestTheTypeMayStandAnywhere(t *testing.T) {
	for _, frame := range []string{
		`{"type":"leave","room":"lobby"}`,
		`{"room":"lobby","type":"leave"}`,
		`{"id":"1","type":"leave","room":"lobby"}`,
		" {\t\"room\" : \"lobby\" ,\r\n \"type\" : \"leave\" } ",
		`{ "type" : "leave" , "room" : "lobby" }`,
	} {
		m, err := DecodeClient([]byte(frame))
		if leave, ok := m.(Leave); err != nil || !ok || leave.Room != "lobby" {
			t.Errorf("%s: %+v, %v", frame, m, err)
		}
	}
	if m, err := DecodeClient([]byte(` { "type" : "ping" } `)); err != nil || m != (Ping{}) {
		t.Errorf("%+v, %v", m, err)
	}
}

// What a client got wrong it is told in a sentence that helps.
func TestWhatIsRefusedAndWhy(t *testing.T) {
	deep := strings.Repeat(`{"a":`, 9) + "1" + strings.Repeat("}", 9)
	rooms := strings.Repeat(`{"room":"lobby"},`, MaxRooms) + `{"room":"lobby"}`
	many := "{"
	for i := range maxFields + 1 {
		many += `"a` + strconv.Itoa(i) + `":1,`
	}
	many = strings.TrimSuffix(many, ",") + "}"
	for _, c := range []struct{ frame, sentence string }{
		{``, `this is JSON that stops before its end`},
		{`{`, `this is JSON that stops before its end`},
		{`hello`, `this is not JSON from byte 1 on`},
		{`{"type":"ping"} x`, `this is not JSON from byte 17 on`},
		{`{"type":"ping",}`, `this is not JSON from byte 16 on`},
		{`{"type":"ping"}{"type":"ping"}`, `this is not JSON from byte 16 on`},
		{`[{"type":"ping"}]`, `this is JSON, but no object`},
		{`"ping"`, `this is JSON, but no object`},
		{`null`, `this is JSON, but no object`},
		{"{\"type\":\"ping\",\"id\":\"\xff\"}", `this is not UTF-8 text`},
		{`{}`, `the field type is missing`},
		{`{"type":7}`, `the field type is missing`},
		{`{"type":{"type":"ping"}}`, `the field type is missing`},
		{`{"a":{"type":"ping"}}`, `the field type is missing`},
		{`{"type":"welcome"}`, `there is no message of the type "welcome"`},
		{`{"type":"PING"}`, `there is no message of the type "PING"`},
		{`{"type":"` + strings.Repeat("é", 50) + `"}`, `there is no message of the type "` + strings.Repeat("é", 20) + `…"`},
		{`{"type":"ping","type":"ping"}`, `the field type is there twice`},
		{`{"type":"leave","room":"lobby","room":"den"}`, `the field room is there twice`},
		{`{"type":"hello","rooms":[{"room":"a"},{"room":"b","room":"c"}]}`, `the field room is there twice`},
		{`{"Type":"ping"}`, `there is no field "Type" here`},
		{`{"type":"leave","Room":"lobby"}`, `there is no field "Room" here`},
		{`{"type":"leave","\u0072oom":"lobby"}`, `there is no field "\\u0072oom" here`},
		{`{"type":"ping","text":"x"}`, `there is no field "text" here`},
		{`{"type":"hello","rooms":[{"room":"lobby","since":1}]}`, `there is no field "since" here`},
		{`{"type":"ping","id":null}`, `null stands for nothing here, leave the field out`},
		{`{"type":"ping","id":7}`, `the field id takes no number`},
		{`{"type":"post","id":"1","room":"lobby","text":["x"]}`, `the field text takes no array`},
		{`{"type":"edit","id":"1","room":"lobby","target":1.5,"text":"x"}`, `the field target takes no number 1.5`},
		{`{"type":"hello","rooms":[{"room":"lobby","after":"1"}]}`, `the field after takes no string`},
		{`{"type":"hello","rooms":{}}`, `the field rooms takes no object`},
		{deep, `this is nested too deep (limit 8)`},
		{`{"type":` + strings.Repeat("[", 5000) + strings.Repeat("]", 5000) + `}`, `this is nested too deep (limit 8)`},
		{many, `this has too many fields (limit 32)`},
		{`{"type":"hello","rooms":[` + rooms + `]}`, `a hello names at most 100 rooms, join the others afterwards`},
		{`{"type":"hello","token":"p-1","name":"alice"}`, `a hello has a token or a name, not both`},
		{`{"type":"hello","password":"x"}`, `a password needs the name that it belongs to`},
		{`{"type":"hello","client":"` + strings.Repeat("x", 65) + `"}`, `the field client has at most 64 bytes`},
		{`{"type":"hello","rooms":[{"room":"lobby","after":-1}]}`, `the field after is out of range`},
		{`{"type":"join"}`, `the field room is missing`},
		{`{"type":"join","room":"@"}`, `a name stands behind '@'`},
		{`{"type":"join","room":"Lobby"}`, `a room name has 1 to 32 lower-case letters, digits, '_', '-' and '.', not "Lobby"`},
		{`{"type":"join","room":"lobby","after":9007199254740992}`, `the field after is out of range`},
		{`{"type":"join","room":"lobby","after":9223372036854775808}`, `the field after takes no number 9223372036854775808`},
		{`{"type":"post","room":"lobby","text":"x"}`, `the field id is missing`},
		{`{"type":"post","id":"1 2","room":"lobby","text":"x"}`, `an id has 1 to 64 visible characters of ASCII`},
		{`{"type":"post","id":"1","room":"lobby"}`, `a message cannot be empty`},
		{`{"type":"post","id":"1","room":"lobby","text":"x","reply":-1}`, `the field reply is out of range`},
		{`{"type":"direct","id":"1","text":"x"}`, `the field to is missing`},
		{`{"type":"edit","id":"1","room":"lobby","target":1}`, `the field text is missing`},
		{`{"type":"delete","id":"1","room":"lobby"}`, `the field target is missing`},
		{`{"type":"react","id":"1","room":"lobby","target":1}`, `the field emoji is missing`},
		{`{"type":"read","room":"lobby"}`, `the field number is missing`},
		{strings.Repeat(" ", MaxFrame) + `{}`, `this is too long (limit 131072 bytes)`},
	} {
		m, err := DecodeClient([]byte(c.frame))
		if m != nil || parley.Sentence(err) != c.sentence {
			t.Errorf("%.80s:\n%v\nnot\n%s", c.frame, err, c.sentence)
		}
		switch parley.CodeOf(err) {
		case parley.CodeInvalid, parley.CodeTooLong, parley.CodeNameInvalid:
		default:
			t.Errorf("%.80s: code %q", c.frame, parley.CodeOf(err))
		}
	}
}

// An error names the request that it is about, even one that could not be understood.
func TestTheIDOfWhatIsRefused(t *testing.T) {
	for frame, id := range map[string]parley.MessageID{
		`{"type":"pots","id":"m1"}`: "m1", `{"id":"m1","text":null,"text":1}`: "m1",
		`{"id":"m 1"}`: "", `{"id":7}`: "", `{"type":"ping"}`: "", `{"id":"m1"`: "", ``: "", `[]`: "", `null`: "",
	} {
		if got := RequestID([]byte(frame)); got != id {
			t.Errorf("%s: %q", frame, got)
		}
	}
}

// A client of today reads a server of tomorrow: it passes over what it does not know.
func TestAClientPassesOverWhatIsNew(t *testing.T) {
	m, err := DecodeServer([]byte(`{"type":"pong","id":"1","mood":{"good":[1,null]}}`))
	if err != nil || m != (Pong{ID: "1"}) {
		t.Errorf("%+v, %v", m, err)
	}
	if m, err := DecodeServer([]byte(`{"type":"ho\u001blo"}`)); m != nil || parley.CodeOf(err) != parley.CodeUnsupported ||
		strings.ContainsFunc(err.Error(), unicode.IsControl) {
		t.Errorf("%+v, %v", m, err)
	}
	page, err := DecodeAnswer[EventPage]([]byte(`{"items":[{"type":"poll"},{"type":"deleted","target":3}],"next":9}`))
	if err != nil || page.Items[0].ServerMessage != nil || page.Items[1].ServerMessage.(Deleted).Target != 3 || page.Next != 9 {
		t.Errorf("%+v, %v", page, err)
	}
	for _, bad := range []string{"", "[]", `{"type":"message","number":"x"}`, `{"type":"message","at":"now"}`} {
		if m, err := DecodeServer([]byte(bad)); m != nil && err == nil || parley.CodeOf(err) != parley.CodeInvalid {
			t.Errorf("%s: %+v, %v", bad, m, err)
		}
	}
}

// Nothing that a server sends reaches a terminal as an escape sequence, or a line as a second line.
func TestWhatAServerSendsIsCleaned(t *testing.T) {
	m, err := DecodeServer([]byte(`{"type":"message","by":{"id":"a-1","name":"eve\n* bob left"},"text":"\u001b[2J\r\nx"}`))
	message, ok := m.(Message)
	if err != nil || !ok || message.By.Name != "eve * bob left" || message.Text != "\uFFFD[2J\nx" {
		t.Errorf("%+v, %v", m, err)
	}
	rooms, err := DecodeAnswer[Rooms]([]byte(`{"items":[{"name":"a\u009bb","topic":"x\ny"}]}`))
	if err != nil || rooms.Items[0].Name != "a\uFFFDb" || rooms.Items[0].Topic != "x y" {
		t.Errorf("%+v, %v", rooms, err)
	}
}

// FuzzDecodeClient reads anything. What is refused has a sentence, and what is not is written and read again as the same.
func FuzzDecodeClient(f *testing.F) {
	for _, m := range clientSamples() {
		f.Add(m.Append(nil))
	}
	f.Add([]byte(`{"room":"lobby" , "type": "leave"}`))
	f.Add([]byte(`{"type":[{"type":"\"}"}],"a":"\\"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		before := string(data)
		m, err := DecodeClient(data)
		if string(data) != before {
			t.Error("the frame was changed")
		}
		if err != nil {
			if m != nil || parley.CodeOf(err) == parley.CodeInternal || parley.CleanLine(err.Error()) != err.Error() {
				t.Errorf("%q is refused by %q", data, err)
			}
			return
		}
		again, err := DecodeClient(m.Append(nil))
		if err != nil || !reflect.DeepEqual(again, m) {
			t.Errorf("%q is %+v\nand then %+v, %v", data, m, again, err)
		}
	})
}

// FuzzDecodeServer reads anything a server might send. What is read can be shown.
func FuzzDecodeServer(f *testing.F) {
	for _, m := range serverSamples() {
		f.Add(m.Append(nil))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := DecodeServer(data)
		if err != nil {
			if parley.CodeOf(err) != parley.CodeInvalid && parley.CodeOf(err) != parley.CodeUnsupported {
				t.Errorf("%q: %v", data, err)
			}
			return
		}
		again, err := DecodeServer(m.Append(nil))
		if err != nil || string(again.Append(nil)) != string(m.Append(nil)) {
			t.Errorf("%q is %+v\nand then %+v, %v", data, m, again, err)
		}
	})
}

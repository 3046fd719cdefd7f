package wire

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"parley"
)

func TestBodiesAreReadStrictly(t *testing.T) {
	if b, err := DecodeRequest[Login]([]byte(`{"name":"alice","password":" x "}`)); err != nil || b.Password != " x " {
		t.Errorf("%+v, %v", b, err)
	}
	if b, err := DecodeRequest[NewMessage]([]byte(`{"text":"hi","reply":3}`)); err != nil || b.Text != "hi" || b.Reply != 3 {
		t.Errorf("%+v, %v", b, err)
	}
	if b, err := DecodeRequest[AccountChange]([]byte(`{"disabled":false}`)); err != nil || *b.Disabled || b.Role != nil {
		t.Errorf("%+v, %v", b, err)
	}
	if b, err := DecodeRequest[RoomChange]([]byte(`{"topic":""}`)); err != nil || *b.Topic != "" || b.Kind != nil {
		t.Errorf("%+v, %v", b, err)
	}
}

func TestBodiesThatAreRefused(t *testing.T) {
	role := func(data []byte) error { _, err := DecodeRequest[AccountChange](data); return err }
	for sentence, err := range map[string]error{
		`there is no field "type" here`:                           refuse[Login](`{"type":"hello"}`),
		`the field name is there twice`:                           refuse[Login](`{"name":"a","name":"b"}`),
		`a password needs the name that it belongs to`:            refuse[Login](`{"password":"x"}`),
		`the field password is missing`:                           refuse[NewAccount](`{"name":"x"}`),
		`this role is member, moderator or owner`:                 refuse[NewAccount](`{"name":"x","password":"y","role":"guest"}`),
		`a role is guest, member, moderator or owner, not "king"`: role([]byte(`{"role":"king"}`)),
		`the field role is missing`:                               role([]byte(`{"role":""}`)),
		`this changes nothing`:                                    role([]byte(`{}`)),
		`the field old is missing`:                                refuse[PasswordChange](`{"new":"x"}`),
		`a room is public, private or announce, not "direct"`:     refuse[NewRoom](`{"name":"x","kind":"direct"}`),
		`the field kind is missing`:                               refuse[RoomChange](`{"kind":""}`),
		`this changes either the role or the ban`:                 refuse[MemberChange](`{"role":"owner","banned":true}`),
		`the field name is missing`:                               refuse[Invitation](`{}`),
		`a message cannot be empty`:                               refuse[NewMessage](`{"id":"1"}`),
		`the field text is missing`:                               refuse[MessageEdit](`{}`),
		`the field number is out of range`:                        refuse[ReadPosition](`{"number":-4}`),
		`this is JSON, but no object`:                             refuse[ReadPosition](`4`),
	} {
		if parley.Sentence(err) != sentence {
			t.Errorf("%q, not %q", err, sentence)
		}
	}
}

// refuse reads a body that is to be refused.
func refuse[T Request](body string) error {
	_, err := DecodeRequest[T]([]byte(body))
	return err
}

// A list without anything in it is an empty array, which programs can go through as any other.
func TestAListIsNeverNull(t *testing.T) {
	for _, body := range []any{Rooms{}, Accounts{}, MessagePage{}, Joined{}, ReactionCount{}} {
		if written, err := json.Marshal(body); err != nil || !strings.Contains(string(written), `":[]`) {
			t.Errorf("%s, %v", written, err)
		}
	}
}

func TestAMessageAsItIsNow(t *testing.T) {
	room := parley.Room{ID: "r-1", Name: "lobby", Kind: parley.RoomPublic}
	alice := parley.Sender{ID: "a-1", Name: "alice"}
	kept := KeptMessageOf(&room, &parley.Message{Room: "r-1", Seq: 4, ID: "m1", By: alice, At: noon, Text: "hi", Edited: true,
		Reactions: []parley.ReactionCount{{Emoji: "👍", By: []parley.Sender{alice}}}})
	written, err := json.Marshal(kept)
	want := `{"room":"lobby","number":4,"id":"m1","by":{"id":"a-1","name":"alice"},"at":"2026-10-16T12:00:00.000250Z",` +
		`"text":"hi","edited":true,"reactions":[{"emoji":"👍","by":[{"id":"a-1","name":"alice"}]}]}`
	if err != nil || string(written) != want {
		t.Errorf("%s, %v", written, err)
	}
}

// Every code has an HTTP status of its own choosing, and a problem tells it whole.
func TestEveryCodeHasAStatus(t *testing.T) {
	for _, code := range parley.Codes() {
		status := StatusOf(code)
		if status < 400 || status > 599 || StatusText(status) == "" {
			t.Errorf("%s is %d", code, status)
		}
		if status == http.StatusInternalServerError && code != parley.CodeInternal {
			t.Errorf("%s has no status", code)
		}
		p := ProblemOf(parley.Errorf(code, "that is so"))
		if p.Code != code || p.Detail != "that is so" || p.Status != status || p.Title != StatusText(status) ||
			p.Retry != code.Retry() || parley.CodeOf(p.Err()) != code {
			t.Errorf("%+v", p)
		}
	}
	if p := ProblemOf(json.Unmarshal([]byte("{"), new(any))); p.Status != 500 || strings.Contains(p.Detail, "JSON") {
		t.Errorf("what nobody is to see is told: %+v", p)
	}
}

func TestErrorsOnTheSocket(t *testing.T) {
	err := parley.Wrap(parley.CodeStore, http.ErrBodyNotAllowed, "the disk failed")
	if m := RefusedFor("m1", err); m != (Refused{ID: "m1", Code: parley.CodeStore, Sentence: "the disk failed", Retry: true}) {
		t.Errorf("%+v", m)
	}
	if m := ByeFor(http.ErrBodyNotAllowed); m.Code != parley.CodeInternal || strings.Contains(m.Sentence, "body") {
		t.Errorf("%+v", m)
	}
	if err := ByeFor(err).Err(); parley.CodeOf(err) != parley.CodeStore || err.Sentence != "the disk failed" {
		t.Error(err)
	}
}

package parley_test

import (
	"strings"
	"testing"

	"parley"
)

func TestKindsOfRoomThatPeopleMake(t *testing.T) {
	for _, kind := range []parley.RoomKind{parley.RoomPublic, parley.RoomPrivate, parley.RoomAnnounce} {
		if got, err := parley.ParseRoomKind(string(kind)); err != nil || got != kind {
			t.Errorf("%s: %q, %v", kind, got, err)
		}
	}
	for _, s := range []string{"", "direct", "Public", "secret\x07"} { // nobody makes a conversation of two
		if got, err := parley.ParseRoomKind(s); parley.CodeOf(err) != parley.CodeInvalid || got != "" {
			t.Errorf("%q: %q, %v", s, got, err)
		}
	}
}

func TestTopics(t *testing.T) {
	for topic, want := range map[string]parley.Code{
		"":                                     "",
		"quiet, please":                        "",
		strings.Repeat("x", parley.MaxTopic):   "",
		strings.Repeat("x", parley.MaxTopic+1): parley.CodeTooLong,
		"two\nlines":                           parley.CodeInvalid,
	} {
		if got := parley.CodeOf(parley.CheckTopic(topic)); got != want {
			t.Errorf("%.20q: %q, want %q", topic, got, want)
		}
	}
}

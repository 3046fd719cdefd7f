package parley_test

import (
	"crypto/sha256"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"parley"
)

func TestFileNames(t *testing.T) {
	for name, good := range map[string]bool{
		"shore.jpg": true, "出师表.txt": true, "two words.txt": true, ".hidden": true, "a..b": true,
		strings.Repeat("x", parley.MaxFileName): true,
		"":                                      false, ".": false, "..": false, "../../x": false, "/etc/passwd": false, `a\b`: false, "a/b": false,
		"a\x00b": false, "a\nb": false, "a\tb": false, " a": false, "a ": false, "\xff": false, "a\u202eb": false,
		strings.Repeat("x", parley.MaxFileName+1): false,
	} {
		got, err := parley.ParseFileName(name)
		if good != (err == nil) || good && string(got) != name {
			t.Errorf("%.40q: %v", name, err)
		}
		if err != nil && parley.CodeOf(err) != parley.CodeNameInvalid {
			t.Errorf("%.40q: code %s", name, parley.CodeOf(err))
		}
	}
}

func TestDigestsAreReadAsTheyAreWritten(t *testing.T) {
	d := parley.Digest(sha256.Sum256([]byte("hello")))
	if got, err := parley.ParseDigest(d.String()); err != nil || got != d {
		t.Errorf("%s is read as %s, %v", d, got, err)
	}
	for _, bad := range []string{"", "00", d.String() + "0", strings.Repeat("x", 64)} {
		if _, err := parley.ParseDigest(bad); parley.CodeOf(err) != parley.CodeInvalid {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func TestDigestsAreTextInJSON(t *testing.T) {
	digest := parley.Digest(sha256.Sum256([]byte("hello")))
	written, err := json.Marshal(digest)
	if err != nil || string(written) != `"`+digest.String()+`"` {
		t.Errorf("written as %s, %v", written, err)
	}
	var read parley.Digest
	if err := json.Unmarshal(written, &read); err != nil || read != digest {
		t.Errorf("read as %v, %v", read, err)
	}
	if err := json.Unmarshal([]byte(`"12ab"`), &read); parley.CodeOf(err) != parley.CodeInvalid {
		t.Errorf("too short a digest: %v", err)
	}
}

func TestMessageIDs(t *testing.T) {
	now := time.UnixMilli(1_800_000_000_123)
	a, b := parley.NewMessageID(now), parley.NewMessageID(now.Add(time.Millisecond))
	if !a.Valid() || len(a) != 36 || a[14] != '7' || a >= b {
		t.Errorf("ids %s and %s", a, b)
	}
	for id, good := range map[parley.MessageID]bool{
		"x": true, "": false, "a b": false, "é": false, parley.MessageID(strings.Repeat("x", 64)): true,
		parley.MessageID(strings.Repeat("x", 65)): false,
	} {
		if id.Valid() != good {
			t.Errorf("%q is valid: %v", id, id.Valid())
		}
	}
	if parley.DirectRoom("b", "a") != parley.DirectRoom("a", "b") || parley.DirectRoom("a", "a") == parley.DirectRoom("a", "b") {
		t.Error("a conversation has one room, whoever begins it")
	}
}

func TestFilesThatMakeSense(t *testing.T) {
	for file, good := range map[parley.File]bool{
		{Name: "a", Size: 0}:                             true,
		{Name: "a", Size: 1, Width: 1, Height: 1}:        true,
		{Name: "a", Width: 1<<31 - 1, Height: 1<<31 - 1}: true,
		{}:                                 false,
		{Name: "a", Size: -1}:              false,
		{Name: "a", Width: 1}:              false,
		{Name: "a", Height: 1}:             false,
		{Name: "a", Width: -1, Height: -1}: false,
		{Name: "a", Width: -1, Height: 1}:  false,
	} {
		if err := parley.CheckFile(file); (err == nil) != good || err != nil && parley.CodeOf(err) != parley.CodeInvalid {
			t.Errorf("%+v: %v", file, err)
		}
	}
}

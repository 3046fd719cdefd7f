package wire

import (
	"encoding/json"
	"net/netip"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// entry makes an Entry of two strings.
func entry(name, address string) Entry {
	return Entry{Name: name, Address: netip.MustParseAddr(address)}
}

// aliceAndBob is the roster of the documentation, as it travels.
const aliceAndBob = `!{"alice": "10.20.30.11", "bob": "10.20.30.12"}`

func TestRosterIsWrittenWithNamesInOrder(t *testing.T) {
	for _, c := range []struct {
		entries []Entry
		want    string
	}{
		{nil, `!{}`},
		{[]Entry{entry("alice", "10.20.30.11")}, `!{"alice": "10.20.30.11"}`},
		{[]Entry{entry("bob", "10.20.30.12"), entry("alice", "10.20.30.11")}, aliceAndBob},
		{[]Entry{entry("李雷", "2001:db8::1")}, `!{"李雷": "2001:db8::1"}`},
		{[]Entry{entry("a\"b\\c\nd\x7f\u2028", "::1")}, "!{\"a\\\"b\\\\c\\u000ad\x7f\u2028\": \"::1\"}"},
		{[]Entry{entry("no\xffutf8", "::1")}, "!{\"no\uFFFDutf8\": \"::1\"}"},
		{[]Entry{entry("twice", "::2"), entry("twice", "::1")}, `!{"twice": "::1"}`},
	} {
		if got := string(NewRoster(c.entries).Append(nil)); got != c.want {
			t.Errorf("%v is written as %s, want %s", c.entries, got, c.want)
		}
	}
}

// What every classroom client does with a roster: json.loads of all behind the '!'.
func TestPythonReadsRosters(t *testing.T) {
	roster := NewRoster([]Entry{
		entry("alice", "10.20.30.11"), entry("Ümit", "::1"), entry("李雷", "10.20.30.13"), entry("q\"\\\t\x01\U0001F600", "1.2.3.4"),
	})
	python := exec.Command("python3", "-c",
		"import json, sys; sys.stdout.write(json.dumps(json.loads(sys.stdin.buffer.read().decode()[1:])))")
	python.Stdin = strings.NewReader(string(roster.Append(nil)))
	said, err := python.Output()
	if err != nil {
		t.Fatal(err)
	}
	read := map[string]string{}
	if err := json.Unmarshal(said, &read); err != nil {
		t.Fatal(err)
	}
	if len(read) != len(roster) {
		t.Errorf("Python read %v", read)
	}
	for _, e := range roster {
		if read[e.Name] != e.Address.String() {
			t.Errorf("Python read %q for %q", read[e.Name], e.Name)
		}
	}
}

func TestRosterFindsNamesAndAddresses(t *testing.T) {
	roster, ok := parseRoster([]byte(`{"bob": "10.20.30.12", "alice": "::ffff:10.20.30.11", "eve": "nowhere", "zoe": "10.20.30.12"}`))
	if !ok {
		t.Fatal("not read")
	}
	if a, ok := roster.Address("alice"); !ok || a.String() != "10.20.30.11" {
		t.Errorf("alice is at %v, %v", a, ok)
	}
	for _, nobody := range []string{"eve", "carol", ""} {
		if a, ok := roster.Address(nobody); ok {
			t.Errorf("%q is at %v", nobody, a)
		}
	}
	for address, want := range map[string]string{
		"10.20.30.11": "alice", "::ffff:10.20.30.11": "alice", "10.20.30.12": "bob", "10.20.30.99": "",
	} {
		if got := roster.NameOf(netip.MustParseAddr(address)); got != want {
			t.Errorf("at %s is %q, want %q", address, got, want)
		}
	}
	if got := roster.NameOf(netip.Addr{}); got != "" {
		t.Errorf("nobody's address is that of %q", got)
	}
}

func TestNamesOfARosterCanBeShown(t *testing.T) {
	roster, ok := parseRoster([]byte(`{"evil\u001b[2J\nname": "1.2.3.4"}`))
	if want := (Roster{entry("evil\uFFFD[2J name", "1.2.3.4")}); !ok || !slices.Equal(roster, want) {
		t.Errorf("read %q, %v", roster, ok)
	}
}

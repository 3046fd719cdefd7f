package parley_test

import (
	"os"
	"strings"
	"testing"

	"parley"
)

// rows gives the cells of the table under a heading of docs/rights.md, by its first column without the quotes.
func rows(t *testing.T, heading string) map[string][]string {
	t.Helper()
	text, err := os.ReadFile("docs/rights.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, found := strings.Cut(string(text), "\n## "+heading+"\n")
	if !found {
		t.Fatalf("docs/rights.md has no section %q", heading)
	}
	section, _, _ = strings.Cut(section, "\n## ")
	table := make(map[string][]string)
	for line := range strings.Lines(section) {
		if !strings.HasPrefix(line, "| `") {
			continue
		}
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		for i := range cells {
			cells[i] = strings.Trim(strings.TrimSpace(cells[i]), "`")
		}
		table[cells[0]] = cells[1:]
	}
	return table
}

// everyStanding gives all that somebody can be to a room, but for bans.
func everyStanding() (all []parley.Standing) {
	for _, role := range parley.Roles() {
		for _, inRoom := range append([]parley.Role{""}, parley.Roles()[1:]...) {
			all = append(all, parley.Standing{Role: role, InRoom: inRoom})
		}
	}
	return all
}

// higher is the role that counts.
func higher(s parley.Standing) parley.Role {
	if s.InRoom.AtLeast(s.Role) {
		return s.InRoom
	}
	return s.Role
}

// says reads one cell of the table: whether somebody may.
func says(t *testing.T, cell string, s parley.Standing, kind parley.RoomKind) bool {
	t.Helper()
	insider := kind != parley.RoomPrivate || s.InRoom != "" || s.Role == parley.RoleOwner
	switch cell {
	case "nobody":
		return false
	case "invited":
		return insider
	case "the two":
		return true // whoever is not one of them has no standing at all
	}
	least, err := parley.ParseRole(cell)
	if err != nil {
		t.Fatalf("the table says %q", cell)
	}
	return insider && higher(s).AtLeast(least)
}

func TestTheTableOfRightsIsWhatHolds(t *testing.T) {
	table := rows(t, "In a room")
	kinds := []parley.RoomKind{parley.RoomPublic, parley.RoomPrivate, parley.RoomAnnounce, parley.RoomDirect}
	for _, verb := range parley.RoomVerbs() {
		cells := table[string(verb)]
		if len(cells) != 1+len(kinds) {
			t.Fatalf("the table has %q for %s", cells, verb)
		}
		for i, kind := range kinds {
			for _, s := range everyStanding() {
				want := says(t, cells[1+i], s, kind)
				if got := parley.May(s, kind, verb) == nil; got != want {
					t.Errorf("%s in a room that is %s, as %+v: %v, but the table says %v", verb, kind, s, got, want)
				}
			}
		}
	}
	if len(table) != len(parley.RoomVerbs()) {
		t.Errorf("the table has %d verbs, there are %d", len(table), len(parley.RoomVerbs()))
	}
}

func TestTheTableOfRightsOnTheServerIsWhatHolds(t *testing.T) {
	table := rows(t, "On the server")
	for _, verb := range parley.ServerVerbs() {
		cells := table[string(verb)]
		if len(cells) != 2 {
			t.Fatalf("the table has %q for %s", cells, verb)
		}
		for _, role := range parley.Roles() {
			want := cells[1] != "nobody" && role.AtLeast(parley.Role(cells[1]))
			if got := parley.MayServer(role, verb) == nil; got != want {
				t.Errorf("%s as %s: %v, but the table says %v", verb, role, got, want)
			}
		}
	}
}

func TestBansHoldForAllButOwnersOfTheServer(t *testing.T) {
	for _, s := range everyStanding() {
		s.Banned = true
		for _, kind := range []parley.RoomKind{parley.RoomPublic, parley.RoomPrivate, parley.RoomAnnounce} {
			got := parley.CodeOf(parley.May(s, kind, parley.VerbEnter))
			want := parley.CodeBanned
			switch {
			case s.Role == parley.RoleOwner:
				want = ""
			case kind == parley.RoomPrivate && s.InRoom == "":
				want = parley.CodeNoSuchRoom // not even that there is something to be banned from
			}
			if got != want {
				t.Errorf("entering a room that is %s, banned, as %+v: %q, want %q", kind, s, got, want)
			}
		}
	}
}

func TestNobodySendsAwayTheirEquals(t *testing.T) {
	for _, a := range everyStanding() {
		for _, b := range everyStanding() {
			want := higher(a) == parley.RoleOwner || higher(a).AtLeast(higher(b)) && higher(a) != higher(b)
			if got := a.Outranks(b); got != want {
				t.Errorf("%+v above %+v: %v", a, b, got)
			}
		}
	}
}

func TestAConversationIsOfItsTwoPeople(t *testing.T) {
	id := parley.DirectRoom("a-B", "a-A")
	if a, b, ok := id.Pair(); !ok || a != "a-A" || b != "a-B" {
		t.Errorf("the pair of %s is %s and %s, %v", id, a, b, ok)
	}
	for who, want := range map[parley.SenderID]parley.Code{"a-A": "", "a-B": "", "a-C": parley.CodeNoSuchRoom, "": parley.CodeNoSuchRoom} {
		if got := parley.CodeOf(parley.Participant(id, who)); got != want {
			t.Errorf("%q in %s: %q", who, id, got)
		}
	}
	for _, id := range []parley.RoomID{"", "r-A+B", "d-", "d-a", "d-+b", "d-a+"} {
		if _, _, ok := id.Pair(); ok {
			t.Errorf("%q passes for a conversation", id)
		}
	}
}

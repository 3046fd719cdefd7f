package parley_test

import (
	"strings"
	"testing"

	"parley"
)

// standings are the columns of the table below: what somebody is on the server and in the room.
var standings = []parley.Standing{
	{Role: parley.RoleGuest},
	{Role: parley.RoleMember},
	{Role: parley.RoleModerator},
	{Role: parley.RoleOwner},
	{Role: parley.RoleGuest, InRoom: parley.RoleMember},
	{Role: parley.RoleGuest, InRoom: parley.RoleModerator},
	{Role: parley.RoleGuest, InRoom: parley.RoleOwner},
	{Role: parley.RoleModerator, InRoom: parley.RoleMember}, // the higher one counts
	{Role: parley.RoleGuest, Banned: true},
	{Role: parley.RoleModerator, InRoom: parley.RoleOwner, Banned: true},
	{Role: parley.RoleOwner, Banned: true},
}

// mayTable has, for each kind of room and verb, the answer for each standing, in the order of standings: "yes", or no
// because it is forbidden, because the room is not to be known, or because they are banned.
const mayTable = `
kind      verb        | guest  member mod    owner  | +member +mod  +owner mod+member | banned: guest, mod+owner, owner

public    enter       | yes    yes    yes    yes    | yes    yes    yes    yes        | banned banned yes
public    post        | yes    yes    yes    yes    | yes    yes    yes    yes        | banned banned yes
public    react       | yes    yes    yes    yes    | yes    yes    yes    yes        | banned banned yes
public    edit-own    | yes    yes    yes    yes    | yes    yes    yes    yes        | banned banned yes
public    delete-own  | yes    yes    yes    yes    | yes    yes    yes    yes        | banned banned yes
public    delete-any  | no     no     yes    yes    | no     yes    yes    yes        | banned banned yes
public    revisions   | no     no     yes    yes    | no     yes    yes    yes        | banned banned yes
public    invite      | no     no     no     no     | no     no     no     no         | banned banned no
public    kick        | no     no     yes    yes    | no     yes    yes    yes        | banned banned yes
public    appoint     | no     no     no     yes    | no     no     yes    no         | banned banned yes
public    set         | no     no     no     yes    | no     no     yes    no         | banned banned yes

private   enter       | hidden hidden hidden yes    | yes    yes    yes    yes        | hidden banned yes
private   post        | hidden hidden hidden yes    | yes    yes    yes    yes        | hidden banned yes
private   react       | hidden hidden hidden yes    | yes    yes    yes    yes        | hidden banned yes
private   edit-own    | hidden hidden hidden yes    | yes    yes    yes    yes        | hidden banned yes
private   delete-own  | hidden hidden hidden yes    | yes    yes    yes    yes        | hidden banned yes
private   delete-any  | hidden hidden hidden yes    | no     yes    yes    yes        | hidden banned yes
private   revisions   | hidden hidden hidden yes    | no     yes    yes    yes        | hidden banned yes
private   invite      | hidden hidden hidden yes    | no     yes    yes    yes        | hidden banned yes
private   kick        | hidden hidden hidden yes    | no     yes    yes    yes        | hidden banned yes
private   appoint     | hidden hidden hidden yes    | no     no     yes    no         | hidden banned yes
private   set         | hidden hidden hidden yes    | no     no     yes    no         | hidden banned yes

announce  enter       | yes    yes    yes    yes    | yes    yes    yes    yes        | banned banned yes
announce  post        | no     no     yes    yes    | no     yes    yes    yes        | banned banned yes
announce  react       | yes    yes    yes    yes    | yes    yes    yes    yes        | banned banned yes
announce  edit-own    | no     no     yes    yes    | no     yes    yes    yes        | banned banned yes
announce  delete-own  | yes    yes    yes    yes    | yes    yes    yes    yes        | banned banned yes
announce  delete-any  | no     no     yes    yes    | no     yes    yes    yes        | banned banned yes
announce  revisions   | no     no     yes    yes    | no     yes    yes    yes        | banned banned yes
announce  invite      | no     no     no     no     | no     no     no     no         | banned banned no
announce  kick        | no     no     yes    yes    | no     yes    yes    yes        | banned banned yes
announce  appoint     | no     no     no     yes    | no     no     yes    no         | banned banned yes
announce  set         | no     no     no     yes    | no     no     yes    no         | banned banned yes

direct    enter       | yes    yes    yes    yes    | yes    yes    yes    yes        | banned banned yes
direct    post        | yes    yes    yes    yes    | yes    yes    yes    yes        | banned banned yes
direct    react       | yes    yes    yes    yes    | yes    yes    yes    yes        | banned banned yes
direct    edit-own    | yes    yes    yes    yes    | yes    yes    yes    yes        | banned banned yes
direct    delete-own  | yes    yes    yes    yes    | yes    yes    yes    yes        | banned banned yes
direct    delete-any  | no     no     no     no     | no     no     no     no         | banned banned no
direct    revisions   | no     no     no     no     | no     no     no     no         | banned banned no
direct    invite      | no     no     no     no     | no     no     no     no         | banned banned no
direct    kick        | no     no     no     no     | no     no     no     no         | banned banned no
direct    appoint     | no     no     no     no     | no     no     no     no         | banned banned no
direct    set         | no     no     no     no     | no     no     no     no         | banned banned no
`

// codes are what stands for each answer.
var codes = map[string]parley.Code{"yes": "", "no": parley.CodeForbidden, "hidden": parley.CodeNoSuchRoom,
	"banned": parley.CodeBanned}

func TestWhoMayDoWhatInARoom(t *testing.T) {
	rows := strings.Split(strings.TrimSpace(mayTable), "\n")[1:]
	seen := make(map[string]bool)
	for _, row := range rows {
		cells := strings.Fields(strings.ReplaceAll(row, "|", " "))
		if len(cells) == 0 {
			continue
		}
		kind, verb, answers := parley.RoomKind(cells[0]), parley.Verb(cells[1]), cells[2:]
		seen[cells[0]+" "+cells[1]] = true
		if len(answers) != len(standings) {
			t.Fatalf("%s: %d answers", row, len(answers))
		}
		for i, answer := range answers {
			want, known := codes[answer]
			if got := parley.CodeOf(parley.May(standings[i], kind, verb)); got != want || !known {
				t.Errorf("%s %s by %+v: %q, want %q", kind, verb, standings[i], got, answer)
			}
		}
	}
	for _, kind := range []parley.RoomKind{parley.RoomPublic, parley.RoomPrivate, parley.RoomAnnounce, parley.RoomDirect} {
		for _, verb := range parley.RoomVerbs() {
			if !seen[string(kind)+" "+string(verb)] {
				t.Errorf("the table lacks %s %s", kind, verb)
			}
			delete(seen, string(kind)+" "+string(verb))
		}
	}
	if len(seen) > 0 {
		t.Errorf("nothing is known of %v", seen)
	}
}

func TestWhoMayDoWhatOnTheServer(t *testing.T) {
	const table = `
		guest     accounts no  invites no  connections no  metrics no  logs no
		member    accounts no  invites no  connections no  metrics no  logs no
		moderator accounts no  invites no  connections yes metrics no  logs no
		owner     accounts yes invites yes connections yes metrics yes logs no`
	tried := 0
	for row := range strings.Lines(strings.TrimSpace(table)) {
		cells := strings.Fields(row)
		for i := 1; i < len(cells); i += 2 {
			tried++
			err := parley.MayServer(parley.Role(cells[0]), parley.Verb(cells[i]))
			if got := parley.CodeOf(err); got != codes[cells[i+1]] {
				t.Errorf("%s by a %s: %v", cells[i], cells[0], err)
			}
		}
	}
	if want := len(parley.Roles()) * len(parley.ServerVerbs()); tried != want {
		t.Errorf("the table has %d answers of %d", tried, want)
	}
	for _, verb := range append(parley.RoomVerbs(), "", "fly") {
		if parley.MayServer(parley.RoleOwner, verb) == nil {
			t.Errorf("%q is allowed on the server", verb)
		}
	}
	for _, verb := range append(parley.ServerVerbs(), "", "fly") {
		if parley.May(parley.Standing{Role: parley.RoleOwner}, parley.RoomPublic, verb) == nil {
			t.Errorf("%q is allowed in a room", verb)
		}
	}
}

func TestOnlyThoseAboveDoThingsToOthers(t *testing.T) {
	const table = `
		by \ whom  guest member mod owner +mod +owner
		guest      no    no     no  no    no   no
		member     yes   no     no  no    no   no
		mod        yes   yes    no  no    no   no
		owner      yes   yes    yes yes   yes  yes
		+mod       yes   yes    no  no    no   no
		+owner     yes   yes    yes yes   yes  yes`
	who := []parley.Standing{{Role: parley.RoleGuest}, {Role: parley.RoleMember}, {Role: parley.RoleModerator},
		{Role: parley.RoleOwner}, {Role: parley.RoleGuest, InRoom: parley.RoleModerator},
		{Role: parley.RoleMember, InRoom: parley.RoleOwner}}
	rows := strings.Split(strings.TrimSpace(table), "\n")[1:]
	for i, row := range rows {
		for j, answer := range strings.Fields(row)[1:] {
			if got := who[i].Outranks(who[j]); got != (answer == "yes") {
				t.Errorf("%+v outranks %+v: %v", who[i], who[j], got)
			}
		}
	}
}

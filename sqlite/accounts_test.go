package sqlite

import (
	"reflect"
	"testing"
	"time"

	"parley"
)

func changeRole(who parley.Sender, role parley.Role) parley.AccountChanged {
	return parley.AccountChanged{ID: who.ID, Role: &role}
}

func disable(who parley.Sender, disabled bool) parley.AccountChanged {
	return parley.AccountChanged{ID: who.ID, Disabled: &disabled}
}

func TestAccountsAreFoundByAllTheyHave(t *testing.T) {
	s := startStore(t, t.TempDir(), Options{})
	carol := addAccount(t, s, "Carol", parley.RoleMember)
	addAccount(t, s, "bert", parley.RoleOwner)
	want := parley.Account{ID: carol.ID, Name: "Carol", Role: parley.RoleMember, Created: noon}
	find := map[string]func() (parley.Account, error){
		"name":       func() (parley.Account, error) { return s.Account(t.Context(), "carol") },
		"id":         func() (parley.Account, error) { return s.AccountByID(t.Context(), carol.ID) },
		"look-alike": func() (parley.Account, error) { return s.Lookalike(t.Context(), "c") },
	}
	for by, find := range find {
		if got, err := find(); err != nil || got != want {
			t.Errorf("by %s: %+v, %v", by, got, err)
		}
	}
	all, err := s.Accounts(t.Context())
	if err != nil || len(all) != 2 || all[0].Name != "bert" || all[1] != want {
		t.Errorf("all: %+v, %v", all, err)
	}
	if got, err := s.Password(t.Context(), carol.ID); err != nil || got != "$Carol" {
		t.Errorf("password %q, %v", got, err)
	}
	done(t, s, parley.AccountRemoved{ID: carol.ID})
	for by, find := range find {
		if _, err := find(); parley.CodeOf(err) != parley.CodeNoSuchAccount {
			t.Errorf("when it is removed, by %s: %v", by, err)
		}
	}
	if _, err := s.Password(t.Context(), carol.ID); parley.CodeOf(err) != parley.CodeNoSuchAccount {
		t.Errorf("its password: %v", err)
	}
	addAccount(t, s, "carola", parley.RoleMember) // names are free again, and those that look like them
}

func TestOneTimePasswords(t *testing.T) {
	dir := t.TempDir()
	s := startStore(t, dir, Options{})
	carol := addAccount(t, s, "carol", parley.RoleMember)
	dave := added("dave", parley.RoleMember)
	dave.Account.OneTime = true
	done(t, s, dave)
	isOneTime := func(id parley.SenderID, want bool) {
		t.Helper()
		if a, err := s.AccountByID(t.Context(), id); err != nil || a.OneTime != want {
			t.Errorf("%+v, %v", a, err)
		}
	}
	isOneTime(carol.ID, false)
	isOneTime(dave.Account.ID, true)
	yes, no, hash := true, false, parley.PasswordHash("$own")
	done(t, s, parley.AccountChanged{ID: dave.Account.ID, Password: &hash}) // the same password, kept in another way
	isOneTime(dave.Account.ID, true)
	done(t, s, parley.AccountChanged{ID: dave.Account.ID, Password: &hash, OneTime: &no})
	done(t, s, parley.AccountChanged{ID: carol.ID, Password: &hash, OneTime: &yes})
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = startStore(t, dir, Options{})
	isOneTime(dave.Account.ID, false)
	isOneTime(carol.ID, true)
}

func TestAccountsThatAreRefused(t *testing.T) {
	s := startStore(t, t.TempDir(), Options{})
	addAccount(t, s, "carol", parley.RoleMember)
	with := func(change func(*parley.AccountAdded)) parley.AccountAdded {
		e := added("dave", parley.RoleMember)
		change(&e)
		return e
	}
	king := parley.Role("king")
	for name, c := range map[string]struct {
		code  parley.Code
		event parley.Event
	}{
		"the same name":      {parley.CodeNameTaken, with(func(e *parley.AccountAdded) { e.Key = "carol" })},
		"a look-alike":       {parley.CodeNameTaken, with(func(e *parley.AccountAdded) { e.Lookalike = "c" })},
		"the same id":        {parley.CodeNameTaken, with(func(e *parley.AccountAdded) { e.Account.ID = "a-carol" })},
		"a guest's id":       {parley.CodeInvalid, with(func(e *parley.AccountAdded) { e.Account.ID = "g-dave" })},
		"no name":            {parley.CodeInvalid, with(func(e *parley.AccountAdded) { e.Account.Name = "" })},
		"no key":             {parley.CodeInvalid, with(func(e *parley.AccountAdded) { e.Key = "" })},
		"no look-alike key":  {parley.CodeInvalid, with(func(e *parley.AccountAdded) { e.Lookalike = "" })},
		"a guest's role":     {parley.CodeInvalid, with(func(e *parley.AccountAdded) { e.Account.Role = parley.RoleGuest })},
		"no role":            {parley.CodeInvalid, with(func(e *parley.AccountAdded) { e.Account.Role = "" })},
		"another role":       {parley.CodeInvalid, parley.AccountChanged{ID: "a-carol", Role: &king}},
		"nobody changes":     {parley.CodeNoSuchAccount, disable(parley.Sender{ID: "a-nobody"}, true)},
		"nobody is removed":  {parley.CodeNoSuchAccount, parley.AccountRemoved{ID: "a-nobody"}},
		"a guest is removed": {parley.CodeNoSuchAccount, parley.AccountRemoved{ID: alice.ID}},
	} {
		t.Run(name, func(t *testing.T) { refusedWith(t, s, c.code, c.event) })
	}
}

// TestAServerKeepsAnOwner: whoever is the only owner who can log in cannot be lost, until there is another one.
func TestAServerKeepsAnOwner(t *testing.T) {
	s := startStore(t, t.TempDir(), Options{})
	first := addAccount(t, s, "first", parley.RoleOwner)
	other := addAccount(t, s, "other", parley.RoleMember)
	lost := []parley.Event{changeRole(first, parley.RoleModerator), disable(first, true), parley.AccountRemoved{ID: first.ID}}
	for _, e := range lost {
		refusedWith(t, s, parley.CodeForbidden, e)
	}
	done(t, s, changeRole(first, parley.RoleOwner)) // as it is
	done(t, s, disable(other, true))
	done(t, s, changeRole(other, parley.RoleOwner)) // who cannot log in
	for _, e := range lost {
		refusedWith(t, s, parley.CodeForbidden, e)
	}
	done(t, s, disable(other, false))
	done(t, s, lost[2])
	refusedWith(t, s, parley.CodeForbidden, parley.AccountRemoved{ID: other.ID})
}

// TestADisabledAccountDoesNothing: neither in rooms nor by its logins, until it is enabled; everything it has is kept.
func TestADisabledAccountDoesNothing(t *testing.T) {
	s := startStore(t, t.TempDir(), Options{})
	lobby := openLobby(t, s)
	carol := addAccount(t, s, "carol", parley.RoleOwner)
	addAccount(t, s, "other", parley.RoleOwner)
	login := parley.Login{ID: "l-1", Token: parley.TokenHash{1}, Who: carol, Created: noon, Expires: noon.Add(time.Hour)}
	done(t, s, parley.LoginOpened{Login: login})
	password := parley.PasswordHash("$new")
	done(t, s, parley.AccountChanged{ID: carol.ID, Password: &password})
	appendAll(t, s, said(lobby, carol, id(1), "hello"))
	refusals := []parley.Event{
		said(lobby, carol, id(2), "hello"), edited(lobby, carol, 1, "hi"), reacted(lobby, carol, 1, "+1", true),
		parley.Read{Room: lobby, Who: carol.ID, Seq: 1}, changed(lobby, carol, alice, parley.MemberKicked),
		said(parley.DirectRoom(alice.ID, carol.ID), carol, id(3), "psst"),
		parley.RoomOpened{Room: parley.Room{ID: "r-den", Name: "den", Kind: parley.RoomPublic}, By: carol},
	}

	outcomes := appendAll(t, s, disable(carol, true), refusals[0], said(parley.DirectRoom(alice.ID, carol.ID), alice, id(1), "for later"))
	if outcomes[0].Err != nil || parley.CodeOf(outcomes[1].Err) != parley.CodeUnauthorized || outcomes[2].Err != nil {
		t.Errorf("in one batch: %+v", outcomes)
	}
	for _, e := range refusals {
		refusedWith(t, s, parley.CodeUnauthorized, e)
	}
	repeated(t, s, 1, said(lobby, carol, id(1), "hello"))
	refusedWith(t, s, parley.CodeNoSuchAccount, parley.LoginOpened{Login: parley.Login{ID: "l-2", Token: parley.TokenHash{2}, Who: carol}})
	if _, err := s.Login(t.Context(), login.Token); parley.CodeOf(err) != parley.CodeUnauthorized {
		t.Errorf("its login: %v", err)
	}
	if got, err := s.Password(t.Context(), carol.ID); err != nil || got != password {
		t.Errorf("its password: %q, %v", got, err)
	}

	done(t, s, disable(carol, false))
	if got, err := s.Login(t.Context(), login.Token); err != nil || got != login {
		t.Errorf("its login when it is enabled: %+v, %v", got, err)
	}
	for _, e := range refusals {
		if o := appendOne(t, s, e); o.Err != nil {
			t.Errorf("%+v when it is enabled: %v", e, o.Err)
		}
	}
}

// TestARemovedAccountLeavesWhatItSaid, and nothing else. The writer has the room in mind meanwhile.
func TestARemovedAccountLeavesWhatItSaid(t *testing.T) {
	s := startStore(t, t.TempDir(), Options{})
	carol, dave := addAccount(t, s, "carol", parley.RoleMember), addAccount(t, s, "dave", parley.RoleMember)
	den := openKind(t, s, "den", parley.RoomPrivate, carol)
	hello := said(den, carol, id(1), "hello")
	appendAll(t, s, changed(den, carol, dave, parley.MemberInvited), hello,
		parley.MessagePosted{Message: said(den, dave, id(2), "hello @carol").Message, Mentions: []parley.NameKey{"carol"}},
		parley.Read{Room: den, Who: carol.ID, Seq: 2},
		parley.LoginOpened{Login: parley.Login{ID: "l-1", Token: parley.TokenHash{1}, Who: carol}})
	done(t, s, parley.AccountRemoved{ID: carol.ID})

	if got := members(t, s, den); !reflect.DeepEqual(got, map[parley.SenderID]member{dave.ID: {role: parley.RoleMember}}) {
		t.Errorf("members %v", got)
	}
	if u, err := s.Unread(t.Context(), carol.ID, den); err != nil || u != (parley.Unread{Messages: 1}) {
		t.Errorf("unread %+v, %v", u, err)
	}
	if got, err := s.Logins(t.Context(), carol.ID); err != nil || got != nil {
		t.Errorf("logins %v, %v", got, err)
	}
	if _, err := s.Login(t.Context(), parley.TokenHash{1}); parley.CodeOf(err) != parley.CodeUnauthorized {
		t.Errorf("login: %v", err)
	}
	if got := history(t, s, den); len(got) != 2 || got[0].By != carol || got[0].Text != "hello" {
		t.Errorf("history %+v", got)
	}
	refusedWith(t, s, parley.CodeUnauthorized, said(den, carol, id(3), "still here?"))
	done(t, s, added("carol", parley.RoleMember)) // a server that uses an id again does so against the rules
	refusedWith(t, s, parley.CodeNoSuchRoom, said(den, carol, id(3), "and inherits nothing"))
}

package hub_test

import (
	"strings"
	"testing"
	"time"

	"parley"
	"parley/hub"
)

func TestWhoIsSentOutOfTheirOnlyRoomIsDisconnected(t *testing.T) {
	w := newTown(t)
	bob, bobs := w.person("bob", w.form)
	carol, carols := w.person("carol", w.form)
	mallory, mallorys := w.person("mallory", w.form)
	w.does(parley.Operator(), lobby, parley.MemberKicked, sender(bob))
	w.does(parley.Operator(), lobby, parley.MemberBanned, sender(mallory))
	w.says(parley.Operator(), lobby, "peace")
	bobs.wait(t, "+carol\n+mallory\nserver: kicked bob\nclosed, forbidden: you were sent out of lobby by server\n")
	mallorys.wait(t, "server: kicked bob\n-bob\nserver: banned mallory\n"+
		"closed, banned: you were banned from lobby by server\n")
	carols.wait(t, "+mallory\nserver: kicked bob\n-bob\nserver: banned mallory\n-mallory\nserver: peace\n")
	refused(t, "bob's last word", bob.Post(t.Context(), "but"), parley.CodeClosed)
	_, err := bob.Do(t.Context(), parley.MessagePosted{Message: parley.Message{Room: lobby.ID, Text: "but"}})
	refused(t, "bob's last word", err, parley.CodeClosed)
	_, err = bob.Join(t.Context(), games.ID, 0, nil)
	refused(t, "bob in another room", err, parley.CodeClosed)
	if got := shown(carol.Online()); got != "carol" {
		t.Errorf("online: %s", got)
	}
	bob.Leave()
	w.person("bob", w.form) // the name is free
}

func TestWhoIsSentOutOfOneRoomStaysInTheOthers(t *testing.T) {
	w := newTown(t)
	bob, bobs := w.connect(parley.Room{}, parley.Identity{Name: "bob"}, w.form)
	joins(t, bob, bobs, games, hub.FromNow)
	joins(t, bob, bobs, lobby, hub.FromNow)
	w.does(parley.Operator(), games, parley.MemberKicked, sender(bob))
	w.says(parley.Operator(), games, "without bob")
	w.says(parley.Operator(), lobby, "with bob")
	bobs.wait(t, "games to 0 with bob\nlobby to 0 with bob\nserver: kicked bob\nserver: with bob\n")
	joins(t, bob, bobs, games, hub.FromNow) // he was not banned
}

func TestARoomThatBecomesPrivate(t *testing.T) {
	w := newTown(t)
	_, guests := w.connect(games, parley.Identity{Name: "bob"}, w.form)
	alice := w.account("alice", parley.RoleOwner)
	_, owners := w.connect(games, alice, w.form)
	carol, carols := w.connect(games, parley.Identity{Name: "carol"}, w.form)
	w.does(alice, games, parley.MemberAppointed, sender(carol))
	_, err := w.Do(t.Context(), alice, parley.RoomChanged{
		Entry: parley.Entry{Room: games.ID}, Topic: "only us", Kind: parley.RoomPrivate})
	check(t, err)
	w.says(alice, games, "nobody else hears this")
	const change = "alice: topic \"only us\", private\n"
	guests.wait(t, "+alice\n+carol\nalice: appointed carol\n"+change+"closed, forbidden: games is private now\n")
	owners.wait(t, "+carol\nalice: appointed carol\n"+change+"-bob\nalice: nobody else hears this\n")
	carols.wait(t, "alice: appointed carol\n"+change+"-bob\nalice: nobody else hears this\n")
	role := parley.RoleMember
	w.append(parley.AccountChanged{ID: alice.ID, Role: &role}) // who was in it only because she was an owner
	w.says(parley.Operator(), games, "two less")
	carols.waitFor(t, func(text string) bool {
		return len(text) > 0 && text[len(text)-len("server: two less\n"):] == "server: two less\n"
	})
	if got := shown(w.Present(games.ID)); got != "carol" {
		t.Errorf("present: %s", got)
	}
}

// Somebody made an account, and a guest who had the name went on under it.
func TestAGuestDoesNotKeepANameThatHasBecomeAnAccounts(t *testing.T) {
	w := newTown(t)
	_, guests := w.person("Alice", w.form)
	bob, bobs := w.person("bob", w.form)
	alice := parley.Account{ID: parley.NewAccountID(), Name: "alice", Role: parley.RoleMember}
	w.append(parley.AccountAdded{Account: alice, Key: alice.Name.Key(), Lookalike: alice.Name.Lookalike(), Password: "x"})
	guests.wait(t, "+bob\nclosed, password-needed: the name alice belongs to an account now\n")
	w.connect(lobby, parley.Identity{ID: alice.ID}, w.form)
	w.says(parley.Operator(), lobby, "welcome")
	bobs.wait(t, "-Alice\n+alice\nserver: welcome\n")
	if got := shown(bob.Online()); got != "alice bob" {
		t.Errorf("online: %s", got)
	}
}

func TestARoleIsShownAsItIs(t *testing.T) {
	w := newTown(t)
	alice, _ := w.connect(lobby, w.account("alice", parley.RoleMember), w.form)
	role := parley.RoleModerator
	w.append(parley.AccountChanged{ID: alice.Person().ID, Role: &role})
	if got := alice.Person().Role; got != parley.RoleModerator {
		t.Errorf("alice is %s", got)
	}
}

func TestAnAccountThatIsDisabledOrRemovedIsDisconnected(t *testing.T) {
	w := newTown(t)
	alice, bob := w.account("alice", parley.RoleMember), w.account("bob", parley.RoleMember)
	_, alices := w.connect(lobby, alice, w.form)
	_, seconds := w.connect(parley.Room{}, alice, w.form)
	_, bobs := w.connect(lobby, bob, w.form)
	yes := true
	w.append(parley.AccountChanged{ID: alice.ID, Disabled: &yes})
	alices.wait(t, "+bob\nclosed, unauthorized: this account is disabled\n")
	seconds.wait(t, "closed, unauthorized: this account is disabled\n")
	w.append(parley.AccountRemoved{ID: bob.ID})
	bobs.wait(t, "closed, unauthorized: this account was removed\n")
	if got := w.Connections(); len(got) > 0 {
		t.Errorf("connected: %v", got)
	}
}

func TestALoginThatEndsEndsItsConnections(t *testing.T) {
	w := newTown(t)
	alice := w.account("alice", parley.RoleMember)
	phone, laptop, tablet := w.login(alice, "l-1"), w.login(alice, "l-2"), w.login(alice, "l-3")
	_, phones := w.connect(parley.Room{}, phone, w.form)
	_, laptops := w.connect(parley.Room{}, laptop, w.form)
	_, tablets := w.connect(parley.Room{}, tablet, w.form)
	_, lines := w.connect(lobby, alice, w.form) // by password, on a line protocol
	w.append(parley.LoginEnded{ID: "l-1"})
	phones.wait(t, "closed, unauthorized: you were logged out\n")
	if got := len(w.Connections()); got != 3 {
		t.Errorf("%d connections", got)
	}
	w.append(parley.LoginsEnded{Who: alice.ID, Except: "l-2"})
	tablets.wait(t, "closed, unauthorized: you were logged out\n")
	lines.wait(t, "closed, unauthorized: you were logged out\n")
	_, guests := w.connect(lobby, parley.Identity{Name: "bob"}, w.form)
	w.append(parley.LoginsExpired{Before: time.Now()}) // all of them, in this test
	laptops.wait(t, "closed, unauthorized: you were logged out\n")
	w.says(parley.Operator(), lobby, "only guests are left")
	guests.wait(t, "server: only guests are left\n")
}

// An owner of the server was sent out by the ban of somebody who owns a room, and could come back at once. They stay, until they are
// none any more.
func TestOwnersOfTheServerAreNotKeptOut(t *testing.T) {
	w := newTown(t)
	olga := w.account("olga", parley.RoleOwner)
	_, olgas := w.connect(lobby, olga, w.form)
	w.does(parley.Operator(), lobby, parley.MemberBanned, parley.Sender{ID: olga.ID, Name: "olga"})
	w.says(parley.Operator(), lobby, "still here?")
	olgas.wait(t, "server: banned olga\nserver: still here?\n")
	role := parley.RoleModerator
	w.append(parley.AccountChanged{ID: olga.ID, Role: &role})
	w.says(parley.Operator(), lobby, "and now?")
	olgas.wait(t, "server: banned olga\nserver: still here?\nclosed, banned: you are banned from this room\n")
}

// TestAGuestWhoBecomesAnAccountGoesOn: on all of their connections, and whoever else has the name they take has to go.
func TestAGuestWhoBecomesAnAccountGoesOn(t *testing.T) {
	w := newTown(t)
	carol, carols := w.person("carol", w.form)
	bob, _ := w.person("bob", w.form)
	_, posers := w.person("Dana", w.form)
	id := bob.Person().ID
	login := parley.Login{ID: "l-1", Token: parley.TokenHash{1}, Who: parley.Sender{ID: id, Name: "bob"},
		Created: time.Unix(1, 0), Expires: time.Unix(1e9, 0)}
	w.append(parley.LoginOpened{Login: login})
	dana := parley.Account{ID: id, Name: "dana", Role: parley.RoleMember}
	w.append(parley.AccountClaimed{Account: dana, Key: dana.Name.Key(), Lookalike: dana.Name.Lookalike(), Password: "x",
		Login: login.ID, Expires: login.Expires})
	posers.wait(t, "closed, password-needed: the name dana belongs to an account now\n")
	check(t, bob.Post(t.Context(), "still here"))
	carols.waitFor(t, func(text string) bool { return strings.HasSuffix(text, "-bob\n+dana\ndana: still here\n") })
	if got := bob.Person(); got.ID != id || got.Role != parley.RoleMember || got.Name != "dana" {
		t.Errorf("bob is %+v", got)
	}
	refused(t, "another name", bob.Rename("erin"), parley.CodeForbidden)
	if got := shown(carol.Online()); got != "carol dana" {
		t.Errorf("online: %s", got)
	}

	// By an identity from before they became one, they come in as the account.
	_, outs := w.connect(lobby, parley.Identity{ID: id, Name: "bob", Role: parley.RoleGuest, Login: login.ID}, w.form)
	w.says(parley.Operator(), lobby, "hello")
	outs.waitFor(t, func(text string) bool { return strings.HasSuffix(text, "server: hello\n") })
	if got := shown(carol.Online()); got != "carol dana" {
		t.Errorf("online: %s", got)
	}
}

// An account that was made by an invite takes its name from a guest as any other does.
func TestWhatAnInviteGivesHasItsEffect(t *testing.T) {
	w := newTown(t)
	_, guests := w.person("alice", w.form)
	alice := parley.Account{ID: parley.NewAccountID(), Name: "alice", Role: parley.RoleMember}
	w.append(parley.InviteUsed{Gives: parley.AccountAdded{Account: alice, Key: alice.Name.Key(), Password: "x"}})
	guests.wait(t, "closed, password-needed: the name alice belongs to an account now\n")
	if err := w.Free("Alice"); err != nil {
		t.Error(err)
	}
	w.person("bob", w.form)
	refused(t, "a name that is somebody's", w.Free("Bob"), parley.CodeNameTaken)
}

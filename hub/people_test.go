package hub_test

import (
	"sync"
	"testing"

	"parley"
	"parley/hub"
)

// login makes a login of somebody, and gives the identity of whoever shows its token.
func (w *town) login(who parley.Identity, id parley.LoginID) parley.Identity {
	w.append(parley.LoginOpened{Login: parley.Login{ID: id, Who: parley.Sender{ID: who.ID, Name: string(who.Name)}}})
	who.Login = id
	return who
}

func TestANameIsTakenByOthersOnly(t *testing.T) {
	w := newTown(t)
	alice := w.account("alice", parley.RoleMember)
	_, _ = w.connect(lobby, alice, w.form)
	_, _ = w.connect(games, alice, w.form)
	_, err := w.Connect(t.Context(), lobby, named("Alice"), w.form, newScreen())
	refused(t, "another alice", err, parley.CodeNameTaken)
	guest := parley.Identity{ID: "g-1", Name: "bob", Role: parley.RoleGuest} // with a token
	first, _ := w.connect(lobby, guest, w.form)
	second, _ := w.connect(lobby, guest, w.form)
	first.Leave()
	_, err = w.Connect(t.Context(), lobby, named("bob"), w.form, newScreen())
	refused(t, "another bob", err, parley.CodeNameTaken)
	second.Leave()
	w.person("bob", w.form)
}

func TestWhoIsNotWhoTheyWereCannotConnect(t *testing.T) {
	w := newTown(t)
	alice := w.login(w.account("alice", parley.RoleMember), "l-1")
	bob := w.account("bob", parley.RoleMember)
	yes := true
	w.append(parley.LoginEnded{ID: "l-1"}, parley.AccountChanged{ID: bob.ID, Disabled: &yes})
	for _, who := range []parley.Identity{alice, bob, {ID: "a-nobody", Name: "nobody", Role: parley.RoleOwner}} {
		_, err := w.Connect(t.Context(), parley.Room{}, hub.Profile{Identity: who}, w.form, newScreen())
		refused(t, string(who.Name), err, parley.CodeUnauthorized)
	}
	carol := w.account("carol", parley.RoleMember)
	carol.Role = parley.RoleOwner // which she was when she was asked
	s, _ := w.connect(lobby, carol, w.form)
	if got := s.Person().Role; got != parley.RoleMember {
		t.Errorf("carol is %s", got)
	}
}

// Somebody who has logged in a moment before their account was given a one-time password is not let in any more.
func TestAOneTimePasswordThatComesBetween(t *testing.T) {
	w := newTown(t)
	alice := w.account("alice", parley.RoleMember)
	s, _ := w.person("bob", w.form)
	yes := true
	w.append(parley.AccountChanged{ID: alice.ID, OneTime: &yes})
	_, err := w.Connect(t.Context(), lobby, hub.Profile{Identity: alice}, w.form, newScreen())
	refused(t, "connecting", err, parley.CodeNewPassword)
	refused(t, "becoming", s.Become(t.Context(), alice), parley.CodeNewPassword)
}

// A token that is taken back while its owner connects opens nothing.
func TestALoginThatEndsWhileSomebodyConnects(t *testing.T) {
	w := newTown(t)
	alice := w.login(w.account("alice", parley.RoleMember), "l-1")
	var once sync.Once
	w.journal.asked = func() { once.Do(func() { w.append(parley.LoginEnded{ID: "l-1"}) }) }
	_, err := w.Connect(t.Context(), lobby, hub.Profile{Identity: alice}, w.form, newScreen())
	refused(t, "connecting", err, parley.CodeUnauthorized)
}

func TestAGuestBecomesAnAccountAndAGuestAgain(t *testing.T) {
	w := newTown(t)
	ctx := t.Context()
	alice := w.account("alice", parley.RoleMember)
	_, seen := w.person("watcher", w.form)
	s, out := w.person("", w.form)
	bob, _ := w.person("bob", w.form)
	guest := s.Person()
	check(t, bob.Direct(ctx, guest.Shown, "who are you?"))
	check(t, s.Become(ctx, alice))
	check(t, s.Post(ctx, "alice is here"))
	if p := s.Person(); p.ID != alice.ID || p.Role != parley.RoleMember || p.Shown != "alice" || p.Address != guest.Address {
		t.Errorf("she is %+v", p)
	}
	refused(t, "an account with another name", s.Rename("eve"), parley.CodeForbidden)
	if err := bob.Direct(ctx, guest.Shown, "still there?"); parley.CodeOf(err) != parley.CodeNoSuchUser {
		t.Errorf("the guest of before: %v", err)
	}
	// What is said between the guest of before and bob is nothing to alice.
	_, err := bob.Do(ctx, parley.MessagePosted{Message: parley.Message{
		Room: parley.DirectRoom(bob.Person().ID, guest.ID), Text: "for a guest"}})
	check(t, err)
	check(t, s.Become(ctx, parley.Identity{Name: "eve"}))
	check(t, s.Post(ctx, "and now eve"))
	if p := s.Person(); p.ID == alice.ID || p.ID == guest.ID || p.Role != parley.RoleGuest {
		t.Errorf("she is %+v", p)
	}
	out.wait(t, "+bob\nbob privately: who are you?\n")
	seen.wait(t, "+"+guest.Shown+"\n+bob\n-"+guest.Shown+"\n+alice\nalice: alice is here\n-alice\n+eve\neve: and now eve\n")
	refused(t, "somebody who is here", s.Become(ctx, parley.Identity{Name: "bob"}), parley.CodeNameTaken)
	w.does(parley.Operator(), lobby, parley.MemberBanned, parley.Sender{ID: alice.ID, Name: "alice"})
	refused(t, "somebody banned", s.Become(ctx, alice), parley.CodeBanned)
	if got := s.Person().Shown; got != "eve" {
		t.Errorf("she is %s", got)
	}
}

func TestOneReadsAConversationOnAllConnections(t *testing.T) {
	w := newTown(t)
	ctx := t.Context()
	alice := w.account("alice", parley.RoleMember)
	_, phones := w.connect(parley.Room{}, alice, w.form)
	bob, bobs := w.person("bob", w.form)
	check(t, bob.Direct(ctx, "alice", "one"))
	laptop, laptops := w.connect(parley.Room{}, alice, w.form) // which was not there
	check(t, bob.Direct(ctx, "alice", "two"))
	between := parley.DirectRoom(alice.ID, bob.Person().ID)
	_, err := laptop.Do(ctx, parley.MessagePosted{Message: parley.Message{Room: between, Text: "three"}})
	check(t, err)
	phones.wait(t, "bob privately: one\nbob privately: two\nalice privately: three\n")
	laptops.wait(t, "bob privately: two\n")
	bobs.wait(t, "alice privately: three\n")
	if got := shown(w.Present(between)); got != "alice bob" {
		t.Errorf("present: %s", got)
	}
	room := parley.Room{ID: between}
	fresh, freshs := w.connect(parley.Room{}, alice, w.form)
	joins(t, fresh, freshs, room, 1)
	freshs.wait(t, " to 3 with alice bob\nbob privately: two\nalice privately: three\n")
	carol, _ := w.person("carol", w.form)
	_, err = carol.Join(ctx, between, 0, nil)
	refused(t, "a third", err, parley.CodeNoSuchRoom)
	_, err = carol.Do(ctx, parley.MessagePosted{Message: parley.Message{Room: between, Text: "hi"}})
	refused(t, "words of a third", err, parley.CodeNoSuchRoom)
}

func TestAnAccountCanBeWrittenToWhileItIsAway(t *testing.T) {
	w := newTown(t)
	ctx := t.Context()
	alice, gone := w.account("alice", parley.RoleMember), w.account("gone", parley.RoleMember)
	yes := true
	w.append(parley.AccountChanged{ID: gone.ID, Disabled: &yes})
	bob, _ := w.person("bob", w.form)
	to, text, ok := bob.Recipient(ctx, "Alice: when you are back: hello")
	if to != "Alice" || text != "when you are back: hello" || !ok {
		t.Errorf("to %q, %q, %v", to, text, ok)
	}
	check(t, bob.Direct(ctx, to, text))
	refused(t, "a disabled account", bob.Direct(ctx, "gone", "hello"), parley.CodeNoSuchUser)
	room, err := w.Conversation(ctx, bob.Person().ID, "alice")
	check(t, err)
	if room.Kind != parley.RoomDirect || room.Last != 1 {
		t.Errorf("the conversation: %+v", room)
	}
	_, err = w.Conversation(ctx, alice.ID, "nobody")
	refused(t, "nobody", err, parley.CodeNoSuchUser)
	s, alices := w.connect(parley.Room{}, alice, w.form)
	joins(t, s, alices, room, 0)
	alices.wait(t, " to 1 with alice bob\nbob privately: when you are back: hello\n")
}

func TestReadingIsToldToOnesOtherConnections(t *testing.T) {
	w := newTown(t)
	ctx := t.Context()
	alice := w.account("alice", parley.RoleMember)
	phone, phones := w.connect(parley.Room{}, alice, w.form)
	_, laptops := w.connect(parley.Room{}, alice, w.form)
	_, bobs := w.connect(games, parley.Identity{Name: "bob"}, w.form)
	w.says(parley.Operator(), games, "one")
	check(t, phone.Read(ctx, games.ID, 1))
	check(t, phone.Read(ctx, games.ID, 1)) // which changes nothing
	check(t, w.Read(ctx, alice, games.ID, 2))
	laptops.wait(t, "read games to 1\nread games to 2\n")
	phones.wait(t, "read games to 2\n")
	bobs.wait(t, "server: one\n")
	refused(t, "a room unknown to her", phone.Read(ctx, cellar.ID, 1), parley.CodeNoSuchRoom)
	refused(t, "a number", phone.Read(ctx, games.ID, -1), parley.CodeInvalid)
}

package sqlite

import (
	"reflect"
	"testing"
	"time"

	"parley"
)

// login makes somebody's nth login of a test, which lasts for so long.
func login(n byte, who parley.Sender, lasts time.Duration) parley.Login {
	return parley.Login{ID: parley.LoginID(rune('a' + n)), Token: parley.TokenHash{n}, Who: who,
		Created: noon.Add(time.Duration(n) * time.Second), Expires: noon.Add(lasts)}
}

func TestLoginsAreOpenedListedAndEnded(t *testing.T) {
	s := startStore(t, t.TempDir(), Options{})
	carol := addAccount(t, s, "carol", parley.RoleMember)
	one, two, three := login(1, carol, time.Hour), login(2, carol, time.Hour), login(3, carol, time.Hour)
	other := login(4, alice, time.Hour)
	for _, l := range []parley.Login{three, one, two, other} {
		done(t, s, parley.LoginOpened{Login: l})
	}
	repeated(t, s, 0, parley.LoginOpened{Login: one})
	if got, err := s.Logins(t.Context(), carol.ID); err != nil || !reflect.DeepEqual(got, []parley.Login{one, two, three}) {
		t.Errorf("logins %+v, %v", got, err)
	}
	if got, err := s.Login(t.Context(), other.Token); err != nil || got != other {
		t.Errorf("a guest's: %+v, %v", got, err)
	}
	done(t, s, parley.LoginEnded{ID: one.ID})
	repeated(t, s, 0, parley.LoginEnded{ID: one.ID})
	if _, err := s.Login(t.Context(), one.Token); parley.CodeOf(err) != parley.CodeUnauthorized {
		t.Errorf("what has ended: %v", err)
	}
	done(t, s, parley.LoginsEnded{Who: carol.ID, Except: three.ID})
	if got, err := s.Logins(t.Context(), carol.ID); err != nil || !reflect.DeepEqual(got, []parley.Login{three}) {
		t.Errorf("all but one have ended: %+v, %v", got, err)
	}
	done(t, s, parley.LoginsEnded{Who: carol.ID})
	if got, err := s.Logins(t.Context(), carol.ID); err != nil || got != nil {
		t.Errorf("all have ended: %+v, %v", got, err)
	}
	if _, err := s.Login(t.Context(), other.Token); err != nil {
		t.Errorf("another's: %v", err)
	}
}

func TestLoginsThatAreRefused(t *testing.T) {
	s := startStore(t, t.TempDir(), Options{})
	done(t, s, parley.LoginOpened{Login: login(1, alice, time.Hour)})
	sameToken := login(2, bob, time.Hour)
	sameToken.Token = login(1, alice, time.Hour).Token
	for _, c := range []struct {
		code  parley.Code
		login parley.Login
	}{
		{parley.CodeInvalid, sameToken},
		{parley.CodeInvalid, parley.Login{Token: parley.TokenHash{3}, Who: alice}},
		{parley.CodeInvalid, parley.Login{ID: "l-3", Who: alice}},
		{parley.CodeInvalid, parley.Login{ID: "l-3", Token: parley.TokenHash{3}}},
		{parley.CodeNoSuchAccount, login(3, parley.Sender{ID: "a-nobody"}, time.Hour)},
	} {
		refusedWith(t, s, c.code, parley.LoginOpened{Login: c.login})
	}
	if _, err := s.Login(t.Context(), parley.TokenHash{9}); parley.CodeOf(err) != parley.CodeUnauthorized {
		t.Errorf("an unknown token: %v", err)
	}
}

// TestWhatExpiresIsForgotten: logins at once; what guests have read and are in rooms when they have no login and it is a
// week old. What accounts have stays.
func TestWhatExpiresIsForgotten(t *testing.T) {
	s := startStore(t, t.TempDir(), Options{})
	carol := addAccount(t, s, "carol", parley.RoleMember)
	den := openKind(t, s, "den", parley.RoomPrivate, carol)
	lasting, passing := login(1, alice, 30*24*time.Hour), login(2, bob, time.Hour)
	fresh := parley.Sender{ID: "g-fresh", Name: "fresh"}
	late := changed(den, carol, fresh, parley.MemberInvited)
	late.Entry.At = noon.Add(24 * time.Hour)
	appendAll(t, s, parley.LoginOpened{Login: lasting}, parley.LoginOpened{Login: passing},
		parley.LoginOpened{Login: login(3, carol, time.Hour)},
		changed(den, carol, alice, parley.MemberInvited), changed(den, carol, bob, parley.MemberInvited), late)
	for _, who := range []parley.Sender{alice, bob, carol} {
		done(t, s, parley.Read{Room: den, Who: who.ID, Seq: 1})
	}
	done(t, s, parley.Read{Room: den, Who: fresh.ID, Seq: 3})
	read := func() (marks [4]parley.Seq) {
		for i, who := range []parley.Sender{alice, bob, carol, fresh} {
			u, err := s.Unread(t.Context(), who.ID, den)
			if err != nil {
				t.Fatal(err)
			}
			marks[i] = u.Read
		}
		return marks
	}

	done(t, s, parley.LoginsExpired{Before: passing.Expires})
	if _, err := s.Login(t.Context(), passing.Token); err != nil {
		t.Errorf("at the very end of its time: %v", err)
	}
	done(t, s, parley.LoginsExpired{Before: passing.Expires.Add(time.Second)})
	if _, err := s.Login(t.Context(), passing.Token); parley.CodeOf(err) != parley.CodeUnauthorized {
		t.Errorf("after that: %v", err)
	}
	if got := read(); got != [4]parley.Seq{1, 1, 1, 3} {
		t.Errorf("on the same day they have read %v", got)
	}

	long := parley.LoginsExpired{Before: noon.Add(guestsKept + time.Hour)}
	outcomes := appendAll(t, s, long, said(den, bob, id(1), "hello"), said(den, fresh, id(1), "hello"), said(den, alice, id(1), "hello"))
	if parley.CodeOf(outcomes[1].Err) != parley.CodeNoSuchRoom || outcomes[2].Err != nil || outcomes[3].Err != nil {
		t.Errorf("a week later: %+v", outcomes)
	}
	if got := read(); got != [4]parley.Seq{1, 0, 1, 3} {
		t.Errorf("a week later they have read %v", got)
	}
	if got := members(t, s, den); len(got) != 3 || got[bob.ID] != (member{}) {
		t.Errorf("a week later the members are %v", got)
	}
	if got, err := s.Login(t.Context(), lasting.Token); err != nil || got != lasting {
		t.Errorf("what lasts: %+v, %v", got, err)
	}
}

package accounts

import (
	"testing"
	"time"

	"parley"
)

func TestALoginOfAnAccount(t *testing.T) {
	o := open(t, Open)
	alice := o.add("alice", "secret", parley.RoleMember)
	token, login, who, err := o.Open(t.Context(), identityOf(alice))
	if err != nil {
		t.Fatal(err)
	}
	lasts := login.Expires.Sub(login.Created)
	if login.Token != token.Hash() || login.Who.ID != alice.ID || lasts != AccountLogin || who.Login != login.ID {
		t.Errorf("%+v of %+v", login, who)
	}
	if got, err := o.ByToken(t.Context(), token); got != who || err != nil {
		t.Errorf("by the token it is %+v, %v", got, err)
	}
	if err := o.SetRole(t.Context(), alice.ID, parley.RoleOwner); err != nil {
		t.Fatal(err)
	}
	who.Role = parley.RoleOwner
	if got, err := o.ByToken(t.Context(), token); got != who || err != nil {
		t.Errorf("with another role it is %+v, %v", got, err)
	}
	for _, wrong := range []parley.Token{"", "p-", token + "x", parley.NewToken()} {
		_, err := o.ByToken(t.Context(), wrong)
		fails(t, err, parley.CodeUnauthorized)
	}
}

func TestALoginOfAGuest(t *testing.T) {
	o := open(t, Open)
	guest, err := o.Guest(t.Context(), "bob")
	if err != nil {
		t.Fatal(err)
	}
	token, login, who, err := o.Open(t.Context(), guest)
	if err != nil {
		t.Fatal(err)
	}
	if who.ID == "" || who.ID.IsAccount() || who.Name != "bob" || login.Expires.Sub(login.Created) != GuestLogin {
		t.Errorf("%+v of %+v", login, who)
	}
	again, err := o.ByToken(t.Context(), token)
	if again != who || err != nil {
		t.Errorf("by the token it is %+v, %v", again, err)
	}
	if _, second := o.login(again); second.ID != who.ID || second.Login == who.Login {
		t.Errorf("a second login of the same guest is %+v", second)
	}
}

// TestAGuestsNameThatBecameAnAccounts: the guest's token must not let them pose as the account.
func TestAGuestsNameThatBecameAnAccounts(t *testing.T) {
	o := open(t, Open)
	for name, account := range map[parley.Name]string{"alice": "Alice", "bob": "b0b"} {
		token, guest := o.login(parley.Identity{Name: name, Role: parley.RoleGuest})
		o.add(account, "secret", parley.RoleMember)
		guest.Name = ""
		if got, err := o.ByToken(t.Context(), token); got != guest || err != nil {
			t.Errorf("with the account %s the guest is %+v, %v", account, got, err)
		}
	}
}

func TestGuestsTokensWhereOnlyAccountsAreLetIn(t *testing.T) {
	o := open(t, Open)
	token, _ := o.login(parley.Identity{Name: "bob", Role: parley.RoleGuest})
	closed := open(t, Registered)
	closed.memory.logins = o.memory.logins
	_, err := closed.ByToken(t.Context(), token)
	fails(t, err, parley.CodeUnauthorized)
}

func TestLoginsExpire(t *testing.T) {
	o := open(t, Open)
	alice := o.add("alice", "secret", parley.RoleMember)
	account, _ := o.login(identityOf(alice))
	guest, bob := o.login(parley.Identity{Name: "bob", Role: parley.RoleGuest})
	// works checks which logins do, before and after the expired ones are swept.
	works := func(when string, token parley.Token, id parley.SenderID, want bool) {
		t.Helper()
		for range 2 {
			_, err := o.ByToken(t.Context(), token)
			listed, listing := o.Logins(t.Context(), id)
			if (err == nil) != want || (len(listed) == 1) != want || listing != nil {
				t.Errorf("%s: %v; listed are %d, %v", when, err, len(listed), listing)
			}
			if err := o.Sweep(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
	start := o.now
	o.now = start.Add(GuestLogin - 1)
	works("the guest's, in time", guest, bob.ID, true)
	o.now = start.Add(GuestLogin)
	works("the guest's, too late", guest, bob.ID, false)
	o.now = start.Add(AccountLogin - 1)
	works("the account's, in time", account, alice.ID, true)
	o.now = start.Add(AccountLogin + 1)
	works("the account's, too late", account, alice.ID, false)
	if len(o.memory.logins) != 0 {
		t.Errorf("still kept: %v", o.memory.logins)
	}
}

func TestEndingLogins(t *testing.T) {
	o := open(t, Open)
	alice := identityOf(o.add("alice", "secret", parley.RoleMember))
	bob := identityOf(o.add("bob", "secret", parley.RoleMember))
	first, login := o.login(alice)
	second, kept := o.login(alice)
	third, _ := o.login(alice)
	other, _ := o.login(bob)
	for range 2 { // it is idempotent
		if err := o.End(t.Context(), login.Login); err != nil {
			t.Fatal(err)
		}
	}
	_, err := o.ByToken(t.Context(), first)
	fails(t, err, parley.CodeUnauthorized)
	if err := o.EndOthers(t.Context(), alice.ID, kept.Login); err != nil {
		t.Fatal(err)
	}
	_, err = o.ByToken(t.Context(), third)
	fails(t, err, parley.CodeUnauthorized)
	for _, token := range []parley.Token{second, other} {
		if _, err := o.ByToken(t.Context(), token); err != nil {
			t.Error(err)
		}
	}
	o.now = o.now.Add(time.Hour)
	if listed, err := o.Logins(t.Context(), alice.ID); len(listed) != 1 || err != nil || listed[0].ID != kept.Login {
		t.Errorf("left are %v, %v", listed, err)
	}
}

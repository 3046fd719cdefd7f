package accounts

import (
	"testing"

	"parley"
)

// guestOf lets in a guest.
func (o *office) guestOf(name parley.Name) (parley.Token, parley.Identity) {
	o.t.Helper()
	who, err := o.Guest(o.t.Context(), name)
	if err != nil {
		o.t.Fatal(err)
	}
	return o.login(who)
}

func TestAGuestClaimsAnAccount(t *testing.T) {
	o := open(t, Open)
	token, bob := o.guestOf("bob")
	login, who, err := o.Claim(t.Context(), parley.Claim{Who: bob, Password: "secret", From: here})
	want := parley.Identity{ID: bob.ID, Name: "bob", Role: parley.RoleMember, Login: bob.Login}
	if err != nil || who != want || login.Expires.Sub(o.now) != AccountLogin {
		t.Fatalf("%+v %+v, %v", login, who, err)
	}
	if got, err := o.ByToken(t.Context(), token); err != nil || got != want {
		t.Errorf("by the guest's token: %+v, %v", got, err)
	}
	if got, err := o.Login(t.Context(), "Bob", "secret", here); err != nil || got.ID != bob.ID {
		t.Errorf("by name and password: %+v, %v", got, err)
	}
	_, err = o.Guest(t.Context(), "bob")
	fails(t, err, parley.CodePasswordNeeded)

	// The answer was lost, and the client asks again.
	if _, again, err := o.Claim(t.Context(), parley.Claim{Who: want, Password: "secret", From: here}); err != nil || again != want {
		t.Errorf("again: %+v, %v", again, err)
	}
	for range freeTries {
		_, _, err = o.Claim(t.Context(), parley.Claim{Who: want, Password: "another", From: here})
		fails(t, err, parley.CodeInvalid)
	}
	_, _, err = o.Claim(t.Context(), parley.Claim{Who: want, Password: "secret", From: here})
	fails(t, err, parley.CodeThrottled) // it is no way around the throttle
	_, _, err = o.Claim(t.Context(), parley.Claim{Who: bob, Password: "secret", From: here})
	fails(t, err, parley.CodeNameTaken) // who was still a guest when the request came
}

func TestClaimsThatCannotBe(t *testing.T) {
	o := open(t, Open)
	o.add("Alice", "secret", parley.RoleMember)
	_, bob := o.guestOf("bob")
	_, numbered := o.guestOf("guest-7")
	_, nobody := o.guestOf("")
	for _, c := range []struct {
		claim parley.Claim
		want  parley.Code
	}{
		{parley.Claim{Who: bob, Password: "x"}, parley.CodeInvalid},
		{parley.Claim{Who: bob, Password: "\xff\xff\xff"}, parley.CodeInvalid},
		{parley.Claim{Who: bob, Password: "secret", Name: "alice"}, parley.CodeNameTaken},
		{parley.Claim{Who: bob, Password: "secret", Name: "a1ice"}, parley.CodeNameTaken},
		{parley.Claim{Who: bob, Password: "secret", Name: "guest-9"}, parley.CodeNameInvalid},
		{parley.Claim{Who: bob, Password: "secret", Name: "a b"}, parley.CodeNameInvalid},
		{parley.Claim{Who: numbered, Password: "secret"}, parley.CodeNameInvalid},
		{parley.Claim{Who: nobody, Password: "secret"}, parley.CodeNameInvalid},
		{parley.Claim{Who: parley.Identity{Name: "carl", Role: parley.RoleGuest}, Password: "secret"}, parley.CodeUnauthorized},
		{parley.Claim{Who: bob, Password: "secret", Ticket: parley.Ticket{Code: "nothing"}}, parley.CodeNoSuchInvite},
	} {
		c.claim.From = here
		_, _, err := o.Claim(t.Context(), c.claim)
		fails(t, err, c.want)
	}
	if all, _ := o.List(t.Context()); len(all) != 1 {
		t.Errorf("accounts: %v", all)
	}
	if err := o.End(t.Context(), bob.Login); err != nil {
		t.Fatal(err)
	}
	_, _, err := o.Claim(t.Context(), parley.Claim{Who: bob, Password: "secret", From: here})
	fails(t, err, parley.CodeUnauthorized)
	if _, _, err := o.Claim(t.Context(), parley.Claim{Who: numbered, Name: "dana", Password: "secret", From: here}); err != nil {
		t.Error(err)
	}
}

// TestClaimingByInvite: where only owners make accounts, a guest needs an invite for one.
func TestClaimingByInvite(t *testing.T) {
	o := open(t, Invited)
	_, forGuests := o.invite(parley.InviteGuest, 5)
	_, forAccount := o.invite(parley.InviteAccount, 1)
	_, _, bob, err := o.OpenByInvite(t.Context(), forGuests(), "bob", here)
	if err != nil {
		t.Fatal(err)
	}
	_, _, carl, err := o.OpenByInvite(t.Context(), forGuests(), "carl", here)
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = o.Claim(t.Context(), parley.Claim{Who: bob, Password: "secret", From: here})
	fails(t, err, parley.CodeForbidden)
	_, _, err = o.Claim(t.Context(), parley.Claim{Who: bob, Password: "secret", Ticket: forGuests(), From: here})
	fails(t, err, parley.CodeForbidden)
	mine := forAccount()
	if _, _, err = o.Claim(t.Context(), parley.Claim{Who: bob, Password: "secret", Ticket: mine, From: here}); err != nil {
		t.Fatal(err)
	}
	for _, ticket := range []parley.Ticket{mine, forAccount()} {
		_, _, err = o.Claim(t.Context(), parley.Claim{Who: carl, Password: "secret", Ticket: ticket, From: here})
		fails(t, err, parley.CodeExpired)
	}
}

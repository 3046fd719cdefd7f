package accounts

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"parley"
)

func TestAddingAccounts(t *testing.T) {
	o := open(t, Invited)
	for _, role := range []parley.Role{parley.RoleMember, parley.RoleModerator, parley.RoleOwner} {
		a := o.add("the-"+string(role), "secret", role)
		if found, err := o.Find(t.Context(), "THE-"+string(role)); found != a || err != nil {
			t.Errorf("%+v, %v, not %+v", found, err, a)
		}
		if !a.ID.IsAccount() || a.Role != role || a.Disabled || a.Created != o.now {
			t.Errorf("%+v", a)
		}
	}
	all, err := o.List(t.Context())
	byName := func(a, b parley.Account) int { return strings.Compare(string(a.Name), string(b.Name)) }
	if err != nil || len(all) != 3 || !slices.IsSortedFunc(all, byName) {
		t.Errorf("%v, %v", all, err)
	}
}

func TestAccountsThatCannotBe(t *testing.T) {
	o := open(t, Open)
	o.add("alice", "secret", parley.RoleMember)
	o.derived = nil
	for _, c := range []struct {
		name, password string
		role           parley.Role
		want           parley.Code
	}{
		{"al ice", "secret", parley.RoleMember, parley.CodeNameInvalid},
		{"server", "secret", parley.RoleMember, parley.CodeNameInvalid},
		{"Alice", "secret", parley.RoleMember, parley.CodeNameTaken},
		{"a1ice", "secret", parley.RoleMember, parley.CodeNameTaken},
		{"bob", "ab", parley.RoleMember, parley.CodeInvalid},
		{"bob", "secret", parley.RoleGuest, parley.CodeInvalid},
		{"bob", "secret", "", parley.CodeInvalid},
		{"bob", "secret", "admin", parley.CodeInvalid},
	} {
		_, err := o.Add(t.Context(), c.name, c.password, c.role)
		fails(t, err, c.want)
	}
	if all, _ := o.List(t.Context()); len(all) != 1 || len(o.derived) != 0 {
		t.Errorf("there are %v, after the work of %v", all, o.derived)
	}
}

func TestWhoMayRegister(t *testing.T) {
	for admit, want := range map[Admission]parley.Code{Open: "", Registered: "", Invited: parley.CodeForbidden} {
		o := open(t, admit)
		a, err := o.Register(t.Context(), "alice", "secret", here)
		fails(t, err, want)
		if err == nil && a.Role != parley.RoleMember {
			t.Errorf("%s: %+v", admit, a)
		}
	}
}

func TestANewPassword(t *testing.T) {
	o := open(t, Open)
	alice := o.add("alice", "secret", parley.RoleMember)
	mine, who := o.login(identityOf(alice))
	stolen, _ := o.login(identityOf(alice))
	for range freeTries {
		_, err := o.Login(t.Context(), "alice", "forgotten", here)
		fails(t, err, parley.CodeWrongPassword)
	}
	fails(t, o.SetPassword(t.Context(), alice.ID, "ab", who.Login), parley.CodeInvalid)
	if _, err := o.ByToken(t.Context(), stolen); err != nil {
		t.Errorf("a password that was refused has ended a login: %v", err)
	}
	if err := o.SetPassword(t.Context(), alice.ID, "another", who.Login); err != nil {
		t.Fatal(err)
	}
	if _, err := o.Login(t.Context(), "alice", "another", here); err != nil {
		t.Errorf("the new one, at once: %v", err)
	}
	_, err := o.Login(t.Context(), "alice", "secret", here)
	fails(t, err, parley.CodeWrongPassword)
	if _, err := o.ByToken(t.Context(), mine); err != nil {
		t.Errorf("the login by which it was changed: %v", err)
	}
	_, err = o.ByToken(t.Context(), stolen)
	fails(t, err, parley.CodeUnauthorized)
	fails(t, o.SetPassword(t.Context(), parley.NewAccountID(), "another", ""), parley.CodeNoSuchAccount)
}

func TestDisablingAnAccount(t *testing.T) {
	o := open(t, Open)
	alice := o.add("alice", "secret", parley.RoleMember)
	token, _ := o.login(identityOf(alice))
	if err := o.SetDisabled(t.Context(), alice.ID, true); err != nil {
		t.Fatal(err)
	}
	_, err := o.Login(t.Context(), "alice", "secret", here)
	fails(t, err, parley.CodeWrongPassword)
	_, _, _, err = o.Open(t.Context(), identityOf(alice)) // by who had logged in before
	fails(t, err, parley.CodeNoSuchAccount)
	_, err = o.Guest(t.Context(), "alice")
	fails(t, err, parley.CodePasswordNeeded)
	if err := o.SetDisabled(t.Context(), alice.ID, false); err != nil {
		t.Fatal(err)
	}
	if _, err := o.Login(t.Context(), "alice", "secret", here); err != nil {
		t.Error(err)
	}
	_, err = o.ByToken(t.Context(), token)
	fails(t, err, parley.CodeUnauthorized)
}

// TestATokenOfADisabledAccount opens nothing, even if its login was not ended, since the server was killed between the
// two; not when the account is enabled again either.
func TestATokenOfADisabledAccount(t *testing.T) {
	o := open(t, Open)
	alice := o.add("alice", "secret", parley.RoleMember)
	token, _ := o.login(identityOf(alice))
	yes := true
	if err := o.append(t.Context(), parley.AccountChanged{ID: alice.ID, Disabled: &yes}); err != nil {
		t.Fatal(err)
	}
	_, err := o.ByToken(t.Context(), token)
	fails(t, err, parley.CodeUnauthorized)
	if err := o.SetDisabled(t.Context(), alice.ID, false); err != nil {
		t.Fatal(err)
	}
	_, err = o.ByToken(t.Context(), token)
	fails(t, err, parley.CodeUnauthorized)
}

// TestEnablingWhatIsEnabled ends nobody's login.
func TestEnablingWhatIsEnabled(t *testing.T) {
	o := open(t, Open)
	alice := o.add("alice", "secret", parley.RoleMember)
	token, _ := o.login(identityOf(alice))
	if err := o.SetDisabled(t.Context(), alice.ID, false); err != nil {
		t.Fatal(err)
	}
	if _, err := o.ByToken(t.Context(), token); err != nil {
		t.Error(err)
	}
}

func TestRemovingAnAccount(t *testing.T) {
	o := open(t, Open)
	alice := o.add("alice", "secret", parley.RoleMember)
	token, _ := o.login(identityOf(alice))
	if err := o.Remove(t.Context(), alice.ID); err != nil {
		t.Fatal(err)
	}
	_, err := o.ByToken(t.Context(), token)
	fails(t, err, parley.CodeUnauthorized)
	_, err = o.Find(t.Context(), "alice")
	fails(t, err, parley.CodeNoSuchAccount)
	fails(t, o.Remove(t.Context(), alice.ID), parley.CodeNoSuchAccount)
	fails(t, o.SetRole(t.Context(), alice.ID, parley.RoleOwner), parley.CodeNoSuchAccount)
	fails(t, o.SetDisabled(t.Context(), alice.ID, true), parley.CodeNoSuchAccount)
	if again := o.add("alice", "secret", parley.RoleMember); again.ID == alice.ID {
		t.Error("the next alice is the same")
	}
}

// TestTheLastOwnerStays, and stays logged in.
func TestTheLastOwnerStays(t *testing.T) {
	o := open(t, Open)
	owner := o.add("owner", "secret", parley.RoleOwner)
	token, _ := o.login(identityOf(owner))
	fails(t, o.SetDisabled(t.Context(), owner.ID, true), parley.CodeForbidden)
	fails(t, o.SetRole(t.Context(), owner.ID, parley.RoleMember), parley.CodeForbidden)
	fails(t, o.SetRole(t.Context(), owner.ID, parley.RoleGuest), parley.CodeInvalid)
	if _, err := o.ByToken(t.Context(), token); err != nil {
		t.Error(err)
	}
}

// One address asked for accounts as fast as it could: each costs a derivation and a row for good, and whoever had to change a
// password stood in line behind them.
func TestRegistrationsFromOnePlaceAreLimited(t *testing.T) {
	o := open(t, Registered)
	elsewhere := netip.MustParseAddr("10.1.2.4")
	for i := range registrations {
		if _, err := o.Register(t.Context(), fmt.Sprint("student-", i), "secret", here); err != nil {
			t.Fatal(err)
		}
	}
	before := len(o.derived)
	_, err := o.Register(t.Context(), "one-more", "secret", here)
	fails(t, err, parley.CodeThrottled)
	if wait, ok := errors.AsType[Wait](err); !ok || wait.RetryAfter() != registrationEvery {
		t.Errorf("wait %v", wait)
	}
	if len(o.derived) != before {
		t.Error("whoever was refused cost a derivation")
	}
	if _, err := o.Register(t.Context(), "another", "secret", elsewhere); err != nil {
		t.Errorf("somebody elsewhere: %v", err)
	}
	if _, err := o.Add(t.Context(), "invited", "secret", parley.RoleMember); err != nil {
		t.Errorf("an owner: %v", err)
	}
	o.now = o.now.Add(registrationEvery)
	if _, err := o.Register(t.Context(), "one-more", "secret", here); err != nil {
		t.Errorf("later: %v", err)
	}
}

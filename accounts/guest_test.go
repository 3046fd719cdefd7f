package accounts

import (
	"errors"
	"testing"

	"parley"
)

func TestAdmissions(t *testing.T) {
	for _, a := range []Admission{Open, Registered, Invited} {
		if got, err := ParseAdmission(string(a)); got != a || err != nil {
			t.Errorf("%s: %s, %v", a, got, err)
		}
	}
	for _, s := range []string{"", "Open", "closed", "open ", "\x1b[2J"} {
		_, err := ParseAdmission(s)
		fails(t, err, parley.CodeInvalid)
	}
	if New(Config{}).Admission() != Open {
		t.Error("it is not open by itself")
	}
}

func TestGuests(t *testing.T) {
	o := open(t, Open)
	o.add("Alice", "secret", parley.RoleMember)
	for name, want := range map[parley.Name]parley.Code{
		"":      "",
		"bob":   "",
		"alice": parley.CodePasswordNeeded,
		"Alice": parley.CodePasswordNeeded,
		"a1ice": parley.CodeNameTaken, // a one for the l
		"аlice": parley.CodeNameTaken, // a Cyrillic а
	} {
		who, err := o.Guest(t.Context(), name)
		fails(t, err, want)
		if err == nil && who != (parley.Identity{Name: name, Role: parley.RoleGuest}) {
			t.Errorf("%s is %+v", name, who)
		}
		owned, err := o.Owned(t.Context(), name)
		if owned != (want == parley.CodePasswordNeeded) || err != nil {
			t.Errorf("%s is owned: %v, %v", name, owned, err)
		}
	}
}

// TestANameWhoseLookIsKeptOtherwise: the key by which look-alikes are found was made by another table.
func TestANameWhoseLookIsKeptOtherwise(t *testing.T) {
	o := open(t, Open)
	account := parley.Account{ID: parley.NewAccountID(), Name: "alice", Role: parley.RoleMember}
	if err := o.append(t.Context(), parley.AccountAdded{Account: account, Key: "alice", Lookalike: "?"}); err != nil {
		t.Fatal(err)
	}
	_, err := o.Guest(t.Context(), "Alice")
	fails(t, err, parley.CodePasswordNeeded)
	_, err = o.Add(t.Context(), "ALICE", "secret", parley.RoleMember)
	fails(t, err, parley.CodeNameTaken)
}

// TestWhereOnlyAccountsAreLetIn nobody learns which names have one.
func TestWhereOnlyAccountsAreLetIn(t *testing.T) {
	for _, admit := range []Admission{Registered, Invited} {
		o := open(t, admit)
		o.add("alice", "secret", parley.RoleMember)
		for _, name := range []parley.Name{"", "alice", "bob", "a1ice"} {
			_, err := o.Guest(t.Context(), name)
			fails(t, err, parley.CodeUnauthorized)
			if owned, err := o.Owned(t.Context(), name); !owned || err != nil {
				t.Errorf("%s: %s is owned: %v, %v", admit, name, owned, err)
			}
		}
	}
}

// A state that cannot be read lets nobody in.
func TestAStateThatCannotBeRead(t *testing.T) {
	o := open(t, Open)
	o.add("alice", "secret", parley.RoleMember)
	o.memory.failing = parley.Errorf(parley.CodeStore, "the disk is gone")
	_, guest := o.Guest(t.Context(), "bob")
	_, owned := o.Owned(t.Context(), "bob")
	_, login := o.Login(t.Context(), "alice", "secret", here)
	_, _, _, opened := o.Open(t.Context(), parley.Identity{})
	_, added := o.Add(t.Context(), "bob", "secret", parley.RoleMember)
	_, found := o.Find(t.Context(), "alice")
	for _, err := range []error{guest, owned, login, opened, added, found} {
		if !errors.Is(err, o.memory.failing) {
			t.Errorf("%v", err)
		}
	}
}

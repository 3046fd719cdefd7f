package accounts

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"reflect"
	"testing"
	"testing/synctest"
	"time"

	"parley"
)

func TestLoggingIn(t *testing.T) {
	o := open(t, Open)
	alice := o.add("Alice", "secret", parley.RoleModerator)
	for _, name := range []string{"Alice", "alice", "ALICE"} {
		who, err := o.Login(t.Context(), name, "secret", here)
		if err != nil || who != identityOf(alice) {
			t.Errorf("%s: %+v, %v", name, who, err)
		}
	}
	_, err := o.Login(t.Context(), "al ice", "secret", here)
	fails(t, err, parley.CodeNameInvalid)
}

// TestNobodyLearnsWhoHasAnAccount: an unknown name, a disabled account, one without a password and one whose password
// cannot be read get the answer that a wrong password gets, for the work that a wrong password takes: one derivation at
// the same cost.
func TestNobodyLearnsWhoHasAnAccount(t *testing.T) {
	o := open(t, Open)
	o.add("alice", "secret", parley.RoleMember)
	disabled := o.add("dave", "secret", parley.RoleMember)
	if err := o.SetDisabled(t.Context(), disabled.ID, true); err != nil {
		t.Fatal(err)
	}
	for name, kept := range map[parley.Name]parley.PasswordHash{"erin": "", "frank": "$5$rounds=10$x"} {
		account := parley.Account{ID: parley.NewAccountID(), Name: name, Role: parley.RoleMember}
		added := parley.AccountAdded{Account: account, Key: name.Key(), Lookalike: name.Lookalike(), Password: kept}
		if err := o.append(t.Context(), added); err != nil {
			t.Fatal(err)
		}
	}
	_, wrong := o.Login(t.Context(), "alice", "wrong", here)
	fails(t, wrong, parley.CodeWrongPassword)
	for _, name := range []string{"alice", "nobody", "dave", "erin", "frank"} {
		for _, password := range []string{"wrong", "secret", "", "\xff", string(make([]byte, 4<<10))} {
			if name == "alice" && password == "secret" {
				continue
			}
			o.derived = nil
			_, err := o.Login(t.Context(), name, password, netip.Addr{})
			if !reflect.DeepEqual(err, wrong) {
				t.Errorf("%s, %.10q: %v, not %v", name, password, err, wrong)
			}
			if !reflect.DeepEqual(o.derived, []cost{currentCost}) {
				t.Errorf("%s, %.10q: the work was %v", name, password, o.derived)
			}
			o.pardon(parley.Name(name).Key())
		}
	}
}

func TestTooManyWrongPasswords(t *testing.T) {
	o := open(t, Open)
	o.add("alice", "secret", parley.RoleMember)
	for range freeTries {
		_, err := o.Login(t.Context(), "alice", "wrong", here)
		fails(t, err, parley.CodeWrongPassword)
	}
	o.derived = nil
	_, err := o.Login(t.Context(), "ALICE", "secret", here)
	fails(t, err, parley.CodeThrottled)
	if parley.Sentence(err) != "too many wrong passwords, try again in 1s" || len(o.derived) != 0 {
		t.Errorf("%v, after the work of %v", err, o.derived)
	}
	var wait interface{ RetryAfter() time.Duration }
	if !errors.As(err, &wait) || wait.RetryAfter() != time.Second {
		t.Errorf("the error does not say for how long: %#v", err)
	}
	if _, err := o.Login(t.Context(), "alice", "secret", netip.MustParseAddr("10.9.9.9")); err != nil {
		t.Errorf("from another place: %v", err)
	}
	o.now = o.now.Add(time.Second - 1)
	_, err = o.Login(t.Context(), "alice", "secret", here)
	fails(t, err, parley.CodeThrottled)
	o.now = o.now.Add(1)
	if _, err := o.Login(t.Context(), "alice", "secret", here); err != nil {
		t.Errorf("after the wait: %v", err)
	}
	for range freeTries - 1 {
		_, err := o.Login(t.Context(), "alice", "wrong", here)
		fails(t, err, parley.CodeWrongPassword)
	}
	if _, err := o.Login(t.Context(), "alice", "secret", here); err != nil {
		t.Errorf("the first wrong ones still count: %v", err)
	}
}

// TestThirtyStudentsBehindOneAddress mistype their passwords now and then, and none is held up by another.
func TestThirtyStudentsBehindOneAddress(t *testing.T) {
	o := open(t, Open)
	for i := range 30 {
		o.add(fmt.Sprint("student", i), "secret", parley.RoleMember)
	}
	for range freeTries - 1 {
		for i := range 30 {
			_, err := o.Login(t.Context(), fmt.Sprint("student", i), "wrong", here)
			fails(t, err, parley.CodeWrongPassword)
		}
	}
	for i := range 30 {
		if _, err := o.Login(t.Context(), fmt.Sprint("student", i), "secret", here); err != nil {
			t.Error(err)
		}
	}
}

// TestTriesAtOnceCountOneByOne: whoever sends a hundred passwords at once must not have a hundred tries.
func TestTriesAtOnceCountOneByOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := open(t, Open)
		o.add("alice", "secret", parley.RoleMember)
		o.derived = nil
		answers := make(chan error, 100)
		for range cap(answers) {
			go func() {
				_, err := o.Login(t.Context(), "alice", "wrong", here)
				answers <- err
			}()
		}
		got := make(map[parley.Code]int)
		for range cap(answers) {
			got[parley.CodeOf(<-answers)]++
		}
		if len(o.derived) != freeTries || got[parley.CodeWrongPassword] != freeTries || got[parley.CodeThrottled] != 95 {
			t.Errorf("%d passwords were tried; the answers are %v", len(o.derived), got)
		}
	})
}

func TestWhoeverGivesUpIsNotCounted(t *testing.T) {
	o := open(t, Open)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := o.Login(ctx, "alice", "wrong", here); !errors.Is(err, context.Canceled) || len(o.derived) != 0 {
		t.Errorf("%v, after the work of %v", err, o.derived)
	}
	if len(o.throttle.triers) != 0 {
		t.Error("it was counted as a wrong password")
	}
}

// old makes an account whose password was kept at another cost.
func (o *office) old(name, password string) parley.Account {
	o.t.Helper()
	account := o.add(name, password, parley.RoleMember)
	d := newDigest()
	d.cost = cost{memory: 4096, passes: 3, lanes: 1}
	d.key = o.verifier.derive([]byte(password), d.salt, d.cost, keySize)
	kept := parley.PasswordHash(d.String())
	if err := o.append(o.t.Context(), parley.AccountChanged{ID: account.ID, Password: &kept}); err != nil {
		o.t.Fatal(err)
	}
	return account
}

func TestAnOldPasswordIsKeptAnewAtTheNextLogin(t *testing.T) {
	o := open(t, Open)
	alice := o.old("alice", "secret")
	token, _ := o.login(identityOf(alice))
	_, err := o.Login(t.Context(), "alice", "wrong", here)
	fails(t, err, parley.CodeWrongPassword)
	for range 2 {
		if _, err := o.Login(t.Context(), "alice", "secret", here); err != nil {
			t.Fatal(err)
		}
		kept, err := o.memory.Password(t.Context(), alice.ID)
		if d, unread := parseDigest(kept); err != nil || unread != nil || d.cost != currentCost {
			t.Errorf("kept as %s, %v", kept, err)
		}
	}
	if _, err := o.ByToken(t.Context(), token); err != nil {
		t.Errorf("it has ended a login: %v", err)
	}
}

// TestAnOldPasswordDoesNotComeBack: while somebody logs in with the old password, it is changed. What the login keeps
// anew must not replace that.
func TestAnOldPasswordDoesNotComeBack(t *testing.T) {
	o := open(t, Open)
	alice := o.old("alice", "secret")
	kept := o.verifier.digest("another")
	o.during = func() {
		changed := parley.AccountChanged{ID: alice.ID, Password: &kept}
		if _, err := o.memory.Append(context.Background(), changed); err != nil {
			t.Error(err)
		}
	}
	if _, err := o.Login(t.Context(), "alice", "secret", here); err != nil {
		t.Fatal(err)
	}
	o.during = nil
	if now, err := o.memory.Password(t.Context(), alice.ID); now != kept || err != nil {
		t.Errorf("the password is the old one again, %v", err)
	}
}

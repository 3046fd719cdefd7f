package accounts

import (
	"context"
	"errors"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"parley"
)

func TestAnInviteLetsInAGuestWhereNoneAreLetIn(t *testing.T) {
	for _, admit := range []Admission{Open, Registered, Invited} {
		o := open(t, admit)
		_, ticket := o.invite(parley.InviteGuest, 0)
		token, login, who, err := o.OpenByInvite(t.Context(), ticket(), "bob", here)
		if err != nil || who.Name != "bob" || who.HasAccount() || login.Expires.Sub(o.now) != GuestLogin {
			t.Fatalf("%s: %+v %+v, %v", admit, login, who, err)
		}
		if again, err := o.ByToken(t.Context(), token); err != nil || again != who {
			t.Errorf("%s: by the token it is %+v, %v", admit, again, err)
		}
	}
}

// TestAUseIsCountedOnce: an answer was lost, and the client asks again.
func TestAUseIsCountedOnce(t *testing.T) {
	o := open(t, Registered)
	id, ticket := o.invite(parley.InviteGuest, 1)
	mine := ticket()
	_, _, who, err := o.OpenByInvite(t.Context(), mine, "bob", here)
	if err != nil {
		t.Fatal(err)
	}
	token, _, again, err := o.OpenByInvite(t.Context(), mine, "bob", here)
	if err != nil || again.ID != who.ID || again.Login == who.Login {
		t.Errorf("the same use gives %+v, %v, after %+v", again, err, who)
	}
	if got, err := o.ByToken(t.Context(), token); err != nil || got != again {
		t.Errorf("by its token it is %+v, %v", got, err)
	}
	_, _, _, err = o.OpenByInvite(t.Context(), ticket(), "carl", here)
	fails(t, err, parley.CodeExpired)
	if err := o.RevokeInvite(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	_, _, _, err = o.OpenByInvite(t.Context(), mine, "bob", here)
	fails(t, err, parley.CodeExpired)
	if _, err := o.ByToken(t.Context(), token); err != nil {
		t.Errorf("who is in stays: %v", err)
	}
}

func TestAnInviteMakesAnAccountWhereNobodyElseMay(t *testing.T) {
	o := open(t, Invited)
	_, ticket := o.invite(parley.InviteAccount, 0)
	mine := ticket()
	_, err := o.RegisterByInvite(t.Context(), mine, "bob", "x", here)
	fails(t, err, parley.CodeInvalid) // and uses nothing
	bob, err := o.RegisterByInvite(t.Context(), mine, "bob", "secret", here)
	if err != nil || bob.Role != parley.RoleMember {
		t.Fatalf("%+v, %v", bob, err)
	}
	if again, err := o.RegisterByInvite(t.Context(), mine, "bob", "secret", here); err != nil || again != bob {
		t.Errorf("once more: %+v, %v", again, err)
	}
	_, err = o.RegisterByInvite(t.Context(), ticket(), "carl", "secret", here)
	fails(t, err, parley.CodeExpired)
	_, _, _, err = o.OpenByInvite(t.Context(), ticket(), "carl", here)
	fails(t, err, parley.CodeForbidden)
	if _, err := o.Login(t.Context(), "bob", "secret", here); err != nil {
		t.Error(err)
	}
}

// TestOneUseAtOnce: the same use comes twice at the same moment, and both get the same.
func TestOneUseAtOnce(t *testing.T) {
	o := open(t, Invited)
	_, ticket := o.invite(parley.InviteAccount, 1)
	mine := ticket()
	var all sync.WaitGroup
	ids := make([]parley.SenderID, 4)
	for i := range ids {
		all.Go(func() {
			a, err := o.RegisterByInvite(t.Context(), mine, "bob", "secret", here)
			if err != nil {
				t.Error(err)
			}
			ids[i] = a.ID
		})
	}
	all.Wait()
	accounts, _ := o.List(t.Context())
	for _, id := range ids {
		if len(accounts) != 1 || id != accounts[0].ID {
			t.Errorf("accounts %v, answers %v", accounts, ids)
		}
	}
}

func TestInvitesThatGiveNothing(t *testing.T) {
	o := open(t, Registered)
	o.add("Alice", "secret", parley.RoleMember)
	_, ticket := o.invite(parley.InviteGuest, 5)
	for name, want := range map[parley.Name]parley.Code{"alice": parley.CodePasswordNeeded, "a1ice": parley.CodeNameTaken} {
		_, _, _, err := o.OpenByInvite(t.Context(), ticket(), name, here)
		fails(t, err, want)
	}
	_, err := o.RegisterByInvite(t.Context(), ticket(), "bob", "secret", here)
	fails(t, err, parley.CodeForbidden)
	short := ticket()
	short.Use = "1"
	_, _, _, err = o.OpenByInvite(t.Context(), short, "bob", here)
	fails(t, err, parley.CodeInvalid)
	o.now = o.now.Add(InviteLasts)
	_, _, _, err = o.OpenByInvite(t.Context(), ticket(), "bob", here)
	fails(t, err, parley.CodeExpired)
	all, _ := o.Invites(t.Context())
	if len(all) != 1 || all[0].Used != 0 || all[0].Uses != 5 {
		t.Errorf("it has been used: %+v", all)
	}
	o.now = o.now.Add(invitesKept + 1)
	if err := o.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if all, _ := o.Invites(t.Context()); len(all) != 0 {
		t.Errorf("long after: %+v", all)
	}
}

func TestWhatAnInviteMayBe(t *testing.T) {
	o := open(t, Open)
	by := parley.Sender{ID: "a-1", Name: "alice"}
	for _, c := range []struct {
		kind  parley.InviteKind
		uses  int
		lasts time.Duration
		want  parley.Code
	}{
		{parley.InviteGuest, 0, 0, ""},
		{parley.InviteAccount, parley.MaxInviteUses, parley.MaxInviteLasts, ""},
		{parley.InviteGuest, 1, parley.MinInviteLasts, ""},
		{parley.InviteGuest, -1, 0, parley.CodeInvalid},
		{parley.InviteGuest, parley.MaxInviteUses + 1, 0, parley.CodeInvalid},
		{parley.InviteGuest, 0, time.Second, parley.CodeInvalid},
		{parley.InviteGuest, 0, -time.Hour, parley.CodeInvalid},
		{parley.InviteGuest, 0, parley.MaxInviteLasts + 1, parley.CodeInvalid},
		{"", 0, 0, parley.CodeInvalid},
		{"owner", 1, 0, parley.CodeInvalid},
	} {
		code, i, err := o.MakeInvite(t.Context(), by, c.kind, c.uses, c.lasts)
		fails(t, err, c.want)
		if err == nil && (!code.Valid() || i.Code != code.Hash() || i.Uses < 1 || !i.Expires.After(o.now)) {
			t.Errorf("%+v made %+v", c, i)
		}
	}
	fails(t, o.RevokeInvite(t.Context(), "i-nothing"), parley.CodeNoSuchInvite)
}

// TestWhoGuessesCodesIsHeldUp, and nobody else: not those from elsewhere, and not those beside them who have the right one.
func TestWhoGuessesCodesIsHeldUp(t *testing.T) {
	o := open(t, Registered)
	_, ticket := o.invite(parley.InviteGuest, 5)
	for range freeTries {
		_, err := o.Invite(t.Context(), parley.NewInviteCode(), here)
		fails(t, err, parley.CodeNoSuchInvite)
	}
	for _, wrong := range []parley.InviteCode{parley.NewInviteCode(), "", "%2e", parley.InviteCode(strings.Repeat("A", 1<<20))} {
		_, err := o.Invite(t.Context(), wrong, here)
		fails(t, err, parley.CodeThrottled)
		if w, ok := errors.AsType[Wait](err); !ok || w.RetryAfter() != time.Second {
			t.Errorf("wait %v", w)
		}
	}
	_, err := o.Invite(t.Context(), parley.NewInviteCode(), netip.MustParseAddr("10.9.9.9"))
	fails(t, err, parley.CodeNoSuchInvite)
	if _, _, _, err := o.OpenByInvite(t.Context(), ticket(), "bob", here); err != nil {
		t.Error(err)
	}
	o.now = o.now.Add(time.Second)
	_, err = o.Invite(t.Context(), parley.NewInviteCode(), here)
	fails(t, err, parley.CodeNoSuchInvite)
}

func TestInvitesWithoutAStore(t *testing.T) {
	o := open(t, Registered)
	_, ticket := o.invite(parley.InviteGuest, 5)
	o.memory.failing = context.DeadlineExceeded
	_, err := o.Invite(t.Context(), ticket().Code, here)
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
	_, _, _, err = o.OpenByInvite(t.Context(), ticket(), "bob", here)
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
}

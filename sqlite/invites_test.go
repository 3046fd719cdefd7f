package sqlite

import (
	"sync"
	"testing"
	"time"

	"parley"
)

// invite makes an invite, which expires an hour after noon.
func invite(t testing.TB, s *Store, n byte, kind parley.InviteKind, uses int) parley.Invite {
	t.Helper()
	i := parley.Invite{ID: parley.InviteID([]byte{'i', '-', n}), Code: parley.InviteHash{n}, Kind: kind, By: alice,
		Created: noon, Expires: noon.Add(time.Hour), Uses: uses}
	done(t, s, parley.InviteMade{Invite: i})
	return i
}

// used makes the event of a use.
func used(i parley.Invite, use byte, gives parley.Event) parley.InviteUsed {
	return parley.InviteUsed{Code: i.Code, Use: parley.UseHash{use}, At: noon, Gives: gives}
}

// loginOf makes a login of a guest who comes by an invite.
func loginOf(n byte, who parley.SenderID, i parley.Invite) parley.LoginOpened {
	l := login(n, parley.Sender{ID: who, Name: "guest"}, time.Hour)
	l.Invite = i.ID
	return parley.LoginOpened{Login: l}
}

// usesLeft gives how often an invite can still be used.
func usesLeft(t testing.TB, s *Store, i parley.Invite) int {
	t.Helper()
	got, err := s.Invite(t.Context(), i.Code)
	if err != nil {
		t.Fatal(err)
	}
	return got.Uses - got.Used
}

func TestAnInviteIsKeptUntilItIsForgotten(t *testing.T) {
	s := startStore(t, t.TempDir(), Options{})
	one := invite(t, s, 1, parley.InviteGuest, 2)
	two := invite(t, s, 2, parley.InviteAccount, 1)
	if got, err := s.Invites(t.Context()); err != nil || len(got) != 2 || got[0] != one || got[1] != two {
		t.Errorf("all: %+v, %v", got, err)
	}
	done(t, s, used(one, 1, loginOf(1, "g-1", one)))
	if who, err := s.InviteUse(t.Context(), one.ID, parley.UseHash{1}); err != nil || who != "g-1" {
		t.Errorf("who used it: %q, %v", who, err)
	}
	if got, err := s.Login(t.Context(), login(1, alice, 0).Token); err != nil || got.Invite != one.ID {
		t.Errorf("the guest's login: %+v, %v", got, err)
	}
	done(t, s, parley.InvitesExpired{Before: one.Expires})
	if left := usesLeft(t, s, one); left != 1 {
		t.Errorf("%d uses left", left)
	}
	done(t, s, parley.InvitesExpired{Before: one.Expires.Add(time.Second)})
	if _, err := s.Invite(t.Context(), one.Code); parley.CodeOf(err) != parley.CodeNoSuchInvite {
		t.Errorf("forgotten: %v", err)
	}
	if who, err := s.InviteUse(t.Context(), one.ID, parley.UseHash{1}); err != nil || who != "" {
		t.Errorf("who used it: %q, %v", who, err)
	}
}

// TestTheLastUseIsOnePersons: twenty want it at the same moment, each of them twice.
func TestTheLastUseIsOnePersons(t *testing.T) {
	s := startStore(t, t.TempDir(), Options{})
	i := invite(t, s, 1, parley.InviteGuest, 3)
	var in, out, again int
	var mu sync.Mutex
	var all sync.WaitGroup
	for n := range byte(20) {
		for twice := range byte(2) {
			all.Go(func() {
				who := parley.SenderID([]byte{'g', '-', n})
				outcomes, err := s.Append(t.Context(), used(i, n+1, loginOf(2*n+twice+1, who, i)))
				mu.Lock()
				defer mu.Unlock()
				switch {
				case err != nil:
					t.Error(err)
				case outcomes[0].Repeat:
					again++
				case outcomes[0].Err == nil:
					in++
				case parley.CodeOf(outcomes[0].Err) == parley.CodeExpired:
					out++
				default:
					t.Error(outcomes[0].Err)
				}
			})
		}
	}
	all.Wait()
	if in != 3 || again != 3 || out != 34 || usesLeft(t, s, i) != 0 {
		t.Errorf("%d came in, %d had come in, %d were too late, %d uses are left", in, again, out, usesLeft(t, s, i))
	}
}

func TestWhatIsRefusedUsesNothing(t *testing.T) {
	s := startStore(t, t.TempDir(), Options{})
	addAccount(t, s, "carol", parley.RoleMember)
	i := invite(t, s, 1, parley.InviteAccount, 1)
	refusedWith(t, s, parley.CodeNameTaken, used(i, 1, added("carola", parley.RoleMember)))
	refusedWith(t, s, parley.CodeForbidden, used(i, 1, loginOf(1, "g-1", i)))
	refusedWith(t, s, parley.CodeInvalid, used(i, 1, parley.Read{}))
	refusedWith(t, s, parley.CodeInvalid, used(i, 1, nil))
	refusedWith(t, s, parley.CodeInvalid, used(i, 0, added("dave", parley.RoleMember)))
	refusedWith(t, s, parley.CodeNoSuchInvite, used(parley.Invite{Code: parley.InviteHash{9}}, 1, added("dave", parley.RoleMember)))
	late := used(i, 1, added("dave", parley.RoleMember))
	late.At = i.Expires
	refusedWith(t, s, parley.CodeExpired, late)
	if left := usesLeft(t, s, i); left != 1 {
		t.Fatalf("%d uses left", left)
	}
	done(t, s, used(i, 1, added("dave", parley.RoleMember)))
	refusedWith(t, s, parley.CodeExpired, used(i, 2, added("erin", parley.RoleMember)))
	done(t, s, parley.InviteRevoked{ID: i.ID})
	repeated(t, s, 0, parley.InviteRevoked{ID: i.ID})
	repeated(t, s, 0, used(i, 1, added("dave", parley.RoleMember))) // whoever lost the answer learns what happened
	refusedWith(t, s, parley.CodeNoSuchInvite, parley.InviteRevoked{ID: "i-9"})

	other := invite(t, s, 2, parley.InviteGuest, 5)
	refusedWith(t, s, parley.CodeForbidden, used(other, 1, added("frank", parley.RoleMember)))
	done(t, s, parley.InviteRevoked{ID: other.ID})
	refusedWith(t, s, parley.CodeExpired, used(other, 1, loginOf(1, "g-1", other)))
}

func TestInvitesThatAreRefused(t *testing.T) {
	s := startStore(t, t.TempDir(), Options{})
	good := invite(t, s, 1, parley.InviteGuest, 1)
	for what, change := range map[string]func(*parley.Invite){
		"the same id":   func(i *parley.Invite) { i.Code = parley.InviteHash{2} },
		"the same code": func(i *parley.Invite) { i.ID = "i-2" },
		"no id":         func(i *parley.Invite) { i.ID, i.Code = "", parley.InviteHash{2} },
		"no code":       func(i *parley.Invite) { i.ID, i.Code = "i-2", parley.InviteHash{} },
		"no uses":       func(i *parley.Invite) { i.ID, i.Code, i.Uses = "i-2", parley.InviteHash{2}, 0 },
		"many uses":     func(i *parley.Invite) { i.ID, i.Code, i.Uses = "i-2", parley.InviteHash{2}, parley.MaxInviteUses+1 },
		"no time":       func(i *parley.Invite) { i.ID, i.Code, i.Expires = "i-2", parley.InviteHash{2}, noon },
		"no kind":       func(i *parley.Invite) { i.ID, i.Code, i.Kind = "i-2", parley.InviteHash{2}, "owner" },
		"used":          func(i *parley.Invite) { i.ID, i.Code, i.Used = "i-2", parley.InviteHash{2}, 1 },
	} {
		bad := good
		change(&bad)
		t.Log(what)
		refusedWith(t, s, parley.CodeInvalid, parley.InviteMade{Invite: bad})
	}
}

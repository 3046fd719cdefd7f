package sqlite

import (
	"sync"
	"testing"
	"time"

	"parley"
)

// guestly is a guest with a login.
func guestly(t testing.TB, s *Store, n byte, name string) parley.Sender {
	t.Helper()
	who := parley.Sender{ID: parley.SenderID("g-" + name), Name: name}
	done(t, s, parley.LoginOpened{Login: login(n, who, time.Hour)})
	return who
}

// claimed makes the event of a guest's becoming an account, by the login of that number.
func claimed(who parley.Sender, n byte) parley.AccountClaimed {
	e := added(who.Name, parley.RoleMember)
	e.Account.ID = who.ID
	return parley.AccountClaimed{Account: e.Account, Key: e.Key, Lookalike: e.Lookalike, Password: e.Password,
		Login: login(n, who, 0).ID, Expires: noon.Add(30 * 24 * time.Hour)}
}

// TestAGuestWhoBecomesAnAccountKeepsWhatTheyHad: rights, read positions, conversations, what they said, and their login.
func TestAGuestWhoBecomesAnAccountKeepsWhatTheyHad(t *testing.T) {
	dir := t.TempDir()
	s := startStore(t, dir, Options{})
	carol := addAccount(t, s, "carol", parley.RoleMember)
	dana := guestly(t, s, 1, "dana")
	den := openKind(t, s, "den", parley.RoomPrivate, carol)
	both := parley.DirectRoom(dana.ID, carol.ID)
	appendAll(t, s, changed(den, carol, dana, parley.MemberInvited), said(den, dana, id(1), "hello"),
		parley.Read{Room: den, Who: dana.ID, Seq: 2}, said(both, dana, id(2), "psst"))
	done(t, s, claimed(dana, 1))

	if got, err := s.Login(t.Context(), login(1, dana, 0).Token); err != nil || got.Who != dana || got.Expires != noon.Add(30*24*time.Hour) {
		t.Errorf("the login: %+v, %v", got, err)
	}
	// Long after the last login has ended, all of it is still there: what expires is what guests had.
	done(t, s, parley.LoginsExpired{Before: noon.Add(365 * 24 * time.Hour)})
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = startStore(t, dir, Options{})
	if got, err := s.AccountByID(t.Context(), dana.ID); err != nil || got.Name != "dana" || got.Role != parley.RoleMember {
		t.Errorf("the account: %+v, %v", got, err)
	}
	done(t, s, said(den, dana, id(3), "still here"))
	if u, err := s.Unread(t.Context(), dana.ID, den); err != nil || u.Read < 2 {
		t.Errorf("read: %+v, %v", u, err)
	}
	if got, err := s.Conversations(t.Context(), dana.ID); err != nil || len(got) != 1 || got[0].Room.ID != both {
		t.Errorf("conversations: %+v, %v", got, err)
	}
	first := history(t, s, den)[0]
	done(t, s, edited(den, dana, first.Seq, "hello, all"))

	done(t, s, disable(dana, true))
	refusedWith(t, s, parley.CodeUnauthorized, said(den, dana, id(4), "disabled"))
	done(t, s, parley.AccountRemoved{ID: dana.ID})
	refusedWith(t, s, parley.CodeUnauthorized, said(den, dana, id(4), "removed"))
	refusedWith(t, s, parley.CodeNoSuchAccount, parley.LoginOpened{Login: login(2, dana, time.Hour)})
	refusedWith(t, s, parley.CodeInvalid, claimed(dana, 1)) // an id is never used again
}

func TestClaimsThatAreRefused(t *testing.T) {
	s := startStore(t, t.TempDir(), Options{})
	carol := addAccount(t, s, "carol", parley.RoleMember)
	dana, carla := guestly(t, s, 1, "dana"), guestly(t, s, 2, "carla")
	refusedWith(t, s, parley.CodeUnauthorized, claimed(dana, 2)) // somebody else's login
	refusedWith(t, s, parley.CodeUnauthorized, claimed(dana, 9))
	refusedWith(t, s, parley.CodeNameTaken, claimed(carla, 2))
	refusedWith(t, s, parley.CodeInvalid, claimed(carol, 1))
	nameless := claimed(dana, 1)
	nameless.Account.Name = ""
	refusedWith(t, s, parley.CodeInvalid, nameless)
	guest := claimed(dana, 1)
	guest.Account.Role = parley.RoleGuest
	refusedWith(t, s, parley.CodeInvalid, guest)
	done(t, s, parley.LoginEnded{ID: login(1, dana, 0).ID})
	refusedWith(t, s, parley.CodeUnauthorized, claimed(dana, 1))
	if got, err := s.Accounts(t.Context()); err != nil || len(got) != 1 {
		t.Errorf("there are accounts %+v, %v", got, err)
	}
	done(t, s, claimed(guestly(t, s, 3, "erin"), 3)) // nothing was half done: the next one is
}

func TestOfTwoClaimsAtOnceOneIsDone(t *testing.T) {
	s := startStore(t, t.TempDir(), Options{})
	dana := guestly(t, s, 1, "dana")
	var all sync.WaitGroup
	codes := make(chan parley.Code, 10)
	for range cap(codes) {
		all.Go(func() {
			outcomes, err := s.Append(t.Context(), claimed(dana, 1))
			if err != nil {
				t.Error(err)
				return
			}
			codes <- parley.CodeOf(outcomes[0].Err)
		})
	}
	all.Wait()
	close(codes)
	count := make(map[parley.Code]int)
	for code := range codes {
		count[code]++
	}
	if count[""] != 1 || count[parley.CodeInvalid] != 9 {
		t.Errorf("outcomes: %v", count)
	}
}

// An invite's use is known by a secret of whoever used it. It must not open an account that has a password since.
func TestAnInviteOpensNoAccountOfAGuestItLetIn(t *testing.T) {
	s := startStore(t, t.TempDir(), Options{})
	i := invite(t, s, 1, parley.InviteGuest, 5)
	dana := parley.Sender{ID: "g-dana", Name: "dana"}
	done(t, s, used(i, 1, loginOf(1, dana.ID, i)))
	done(t, s, claimed(dana, 1))
	refusedWith(t, s, parley.CodePasswordNeeded, loginOf(2, dana.ID, i))
}

package accounts

import (
	"net/netip"
	"strings"
	"sync"
	"testing"

	"parley"
)

// once makes an account with a one-time password.
func (o *office) once(name, password string) parley.Account {
	o.t.Helper()
	a, err := o.AddOneTime(o.t.Context(), name, password, parley.RoleMember)
	if err != nil || !a.OneTime {
		o.t.Fatalf("%+v, %v", a, err)
	}
	return a
}

func TestAOneTimePasswordLetsNobodyIn(t *testing.T) {
	o := open(t, Open)
	o.once("alice", "k7mf-2xqa")
	_, err := o.Login(t.Context(), "alice", "k7mf-2xqa", here)
	fails(t, err, parley.CodeNewPassword)
	_, err = o.Login(t.Context(), "alice", "k7mf-2xqb", here)
	fails(t, err, parley.CodeWrongPassword)
	who, err := o.LoginAnew(t.Context(), "Alice", "k7mf-2xqa", "my own", here)
	if err != nil || who.Name != "alice" || who.Role != parley.RoleMember {
		t.Fatalf("%+v, %v", who, err)
	}
	if again, err := o.Login(t.Context(), "alice", "my own", here); err != nil || again != who {
		t.Errorf("%+v, %v", again, err)
	}
	_, err = o.LoginAnew(t.Context(), "alice", "k7mf-2xqa", "another", here)
	fails(t, err, parley.CodeWrongPassword)
	if a, err := o.Find(t.Context(), "alice"); err != nil || a.OneTime {
		t.Errorf("%+v, %v", a, err)
	}
}

func TestNewPasswordsThatAreRefusedChangeNothing(t *testing.T) {
	o := open(t, Open)
	o.once("alice", "k7mf-2xqa")
	for _, another := range []string{"", "ab", "k7mf-2xqa", "\xff\xff\xff", strings.Repeat("x", MaxPassword+1)} {
		_, err := o.LoginAnew(t.Context(), "alice", "k7mf-2xqa", another, here)
		fails(t, err, parley.CodeInvalid)
	}
	_, err := o.LoginAnew(t.Context(), "nobody", "k7mf-2xqa", "another", here)
	fails(t, err, parley.CodeWrongPassword)
	_, err = o.Login(t.Context(), "alice", "k7mf-2xqa", here)
	fails(t, err, parley.CodeNewPassword)
}

// TestAOneTimePasswordForSomebodyWhoIsIn ends what they are in by, also a login that was opened a moment too late.
func TestAOneTimePasswordForSomebodyWhoIsIn(t *testing.T) {
	o := open(t, Open)
	alice := o.add("alice", "secret", parley.RoleMember)
	before, _ := o.login(identityOf(alice))
	if err := o.SetOneTimePassword(t.Context(), alice.ID, "k7mf-2xqa"); err != nil {
		t.Fatal(err)
	}
	late, _ := o.login(identityOf(alice))
	for _, token := range []parley.Token{before, late} {
		_, err := o.ByToken(t.Context(), token)
		fails(t, err, parley.CodeUnauthorized)
	}
	if err := o.SetPassword(t.Context(), alice.ID, "a lasting one", ""); err != nil {
		t.Fatal(err)
	}
	if _, err := o.Login(t.Context(), "alice", "a lasting one", here); err != nil {
		t.Errorf("a password that an owner has set to last: %v", err)
	}
}

func TestTwoAtOnceWithTheSameOneTimePassword(t *testing.T) {
	o := open(t, Open)
	o.once("alice", "k7mf-2xqa")
	errs := make([]error, 8)
	var all sync.WaitGroup
	for i := range errs {
		all.Go(func() {
			from := netip.AddrFrom4([4]byte{10, 1, 2, byte(i)}) // each their own, so that several are under way
			_, errs[i] = o.LoginAnew(t.Context(), "alice", "k7mf-2xqa", "own "+string(rune('a'+i)), from)
		})
	}
	all.Wait()
	done := 0
	for i, err := range errs {
		if err != nil {
			fails(t, err, parley.CodeWrongPassword)
			continue
		}
		done++
		if _, err := o.Login(t.Context(), "alice", "own "+string(rune('a'+i)), here); err != nil {
			t.Errorf("who was told that they had a new password has not: %v", err)
		}
	}
	if done != 1 {
		t.Errorf("%d have changed it", done)
	}
}

// TestAPasswordThatAnOwnerSetsMeanwhile stays: whoever had the one before has not changed it.
func TestAPasswordThatAnOwnerSetsMeanwhile(t *testing.T) {
	o := open(t, Open)
	alice := o.once("alice", "k7mf-2xqa")
	owners := o.verifier.digest("an owner's")
	before := len(o.derived)
	o.during = func() {
		if len(o.derived) == before+2 { // the old one is verified, the new one is derived
			if err := o.append(t.Context(), parley.AccountChanged{ID: alice.ID, Password: &owners}); err != nil {
				t.Error(err)
			}
		}
	}
	_, err := o.LoginAnew(t.Context(), "alice", "k7mf-2xqa", "my own", here)
	fails(t, err, parley.CodeWrongPassword)
	o.during = nil
	_, err = o.Login(t.Context(), "alice", "an owner's", here)
	fails(t, err, parley.CodeNewPassword)
}

// TestAOneTimePasswordAtAnOldCost is kept anew when it is given, and is one-time as before.
func TestAOneTimePasswordAtAnOldCost(t *testing.T) {
	o := open(t, Open)
	alice := o.once("alice", "k7mf-2xqa")
	old := newDigest()
	old.cost.passes++
	old.key = o.verifier.derive([]byte("k7mf-2xqa"), old.salt, old.cost, keySize)
	hash := parley.PasswordHash(old.String())
	if err := o.append(t.Context(), parley.AccountChanged{ID: alice.ID, Password: &hash}); err != nil {
		t.Fatal(err)
	}
	_, err := o.Login(t.Context(), "alice", "k7mf-2xqa", here)
	fails(t, err, parley.CodeNewPassword)
	if err := o.append(t.Context(), parley.AccountChanged{ID: alice.ID, Password: &hash}); err != nil {
		t.Fatal(err)
	}
	if _, err := o.LoginAnew(t.Context(), "alice", "k7mf-2xqa", "my own", here); err != nil {
		t.Error(err)
	}
}

func TestOneTimePasswordsCanBeReadOnPaper(t *testing.T) {
	seen := make(map[string]bool)
	for range 1000 {
		p := NewOneTimePassword()
		if len(p) != 14 || p[4] != '-' || p[9] != '-' || strings.Trim(p, legible+"-") != "" || CheckPassword(p) != nil {
			t.Fatalf("%q", p)
		}
		if strings.ContainsAny(p, "01oil") || seen[p] {
			t.Fatalf("%q", p)
		}
		seen[p] = true
	}
}

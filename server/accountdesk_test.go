package server

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"parley"
	"parley/accounts"
	"parley/admin"
)

// accountsOf opens the accounts of a data directory, and gives them back with the test.
func accountsOf(t *testing.T, data string) admin.Keeper {
	t.Helper()
	keeper, done, err := OpenAccounts(t.Context(), data, quiet())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := done(); err != nil {
			t.Error(err)
		}
	})
	return keeper
}

func TestAccountsOfARunningServerAreItsOwn(t *testing.T) {
	data := t.TempDir()
	s, stop := run(t, Config{Listen: []string{"plain://127.0.0.1:0"}, Data: data})
	defer stop()
	keeper := accountsOf(t, data)
	if _, through := keeper.(*admin.Client); !through {
		t.Errorf("they are kept by a %T", keeper)
	}
	if _, err := keeper.Add(t.Context(), "alice", "secret", parley.RoleMember); err != nil {
		t.Fatal(err)
	}
	if found, err := s.accounts.Find(t.Context(), "alice"); err != nil || found.Name != "alice" {
		t.Errorf("the server has %v, %v", found, err)
	}
}

// TestThereIsNoUDPWhereOnlyAccountsAreLetIn: nobody could log in.
func TestThereIsNoUDPWhereOnlyAccountsAreLetIn(t *testing.T) {
	listen := []string{"plain://127.0.0.1:0", "plain+udp://127.0.0.1:0"}
	for admit, want := range map[accounts.Admission]string{
		accounts.Open: "", "": "",
		accounts.Registered: "listener plain+udp://127.0.0.1:0: over UDP nobody can log in, " +
			"so it cannot be where only accounts are let in (--admit registered)",
		accounts.Invited: "listener plain+udp://127.0.0.1:0: over UDP nobody can log in, " +
			"so it cannot be where only accounts are let in (--admit invited)",
	} {
		s, err := New(t.Context(), Config{Listen: listen, Data: Volatile, Admit: admit}, quiet())
		if err == nil {
			s.Close()
		}
		if want == "" && err != nil || want != "" && (parley.CodeOf(err) != parley.CodeInvalid || parley.Sentence(err) != want) {
			t.Errorf("admit %q: %v", admit, err)
		}
	}
}

// TestTheBannerWarnsOfPasswordsThatOthersCanRead: where there are accounts, or nobody is let in without one. Over HTTP
// they can be made at any time.
func TestTheBannerWarnsOfPasswordsThatOthersCanRead(t *testing.T) {
	const warned = ", passwords too, crosses the network unencrypted; "
	none, some := t.TempDir(), t.TempDir()
	keeper, done, err := OpenAccounts(t.Context(), some, quiet())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := keeper.Add(t.Context(), "alice", "secret", parley.RoleMember); err != nil {
		t.Fatal(err)
	}
	if err := done(); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		listen, data string
		admit        accounts.Admission
		warns        bool
	}{
		{"plain://0.0.0.0:0", none, accounts.Open, false},
		{"plain://0.0.0.0:0", some, accounts.Open, true},
		{"plain://0.0.0.0:0", none, accounts.Invited, true},
		{"roster://0.0.0.0:0", some, accounts.Open, true},
		{"http://0.0.0.0:0", none, accounts.Open, true},
		{"plain+tls://0.0.0.0:0", some, accounts.Open, false},
		{"plain+udp://0.0.0.0:0", some, accounts.Open, false},
		{"plain://127.0.0.1:0", some, accounts.Invited, false},
	} {
		s, err := New(t.Context(), Config{Listen: []string{test.listen}, Data: test.data, Admit: test.admit}, quiet())
		if err != nil {
			t.Fatal(err)
		}
		if banner := s.Banner(); strings.Contains(banner, warned) != test.warns {
			t.Errorf("%+v:\n%s", test, banner)
		}
		s.Close()
	}
}

// TestWhileAccountsAreOpenNoServerStarts, and nothing poses as a server.
func TestWhileAccountsAreOpenNoServerStarts(t *testing.T) {
	data := filepath.Join(t.TempDir(), "new")
	keeper, done, err := OpenAccounts(t.Context(), data, quiet())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := keeper.Add(t.Context(), "alice", "secret", parley.RoleMember); err != nil {
		t.Fatal(err)
	}
	_, err = New(t.Context(), Config{Listen: []string{"plain://127.0.0.1:0"}, Data: data}, quiet())
	if err == nil || !strings.HasSuffix(parley.Sentence(err), "is in use by another process") {
		t.Errorf("a server on the same data: %v", err)
	}
	if err := done(); err != nil {
		t.Fatal(err)
	}
	s, stop := run(t, Config{Listen: []string{"plain://127.0.0.1:0"}, Data: data})
	defer stop()
	if _, err := s.accounts.Find(t.Context(), "alice"); err != nil {
		t.Error(err)
	}
}

// TestACommandWaitsForAnother: two commands at once on a directory without a server both do their work.
func TestACommandWaitsForAnother(t *testing.T) {
	data := t.TempDir()
	first, done, err := OpenAccounts(t.Context(), data, quiet())
	if err != nil {
		t.Fatal(err)
	}
	second := make(chan error, 1)
	go func() {
		keeper, done, err := OpenAccounts(t.Context(), data, quiet())
		if err == nil {
			_, err = keeper.Add(t.Context(), "bob", "secret", parley.RoleMember)
			err = errors.Join(err, done())
		}
		second <- err
	}()
	if _, err := first.Add(t.Context(), "alice", "secret", parley.RoleMember); err != nil {
		t.Error(err)
	}
	if err := done(); err != nil {
		t.Fatal(err)
	}
	if err := <-second; err != nil {
		t.Error(err)
	}
}

func TestAccountsThatCannotBeOpened(t *testing.T) {
	_, _, err := OpenAccounts(t.Context(), Volatile, quiet())
	if parley.CodeOf(err) != parley.CodeInvalid {
		t.Error(err)
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err = OpenAccounts(t.Context(), file, quiet()); parley.CodeOf(err) != parley.CodeStore {
		t.Error(err)
	}
	data := t.TempDir()
	held, err := lockDataDir(data)
	if err != nil {
		t.Fatal(err)
	}
	defer held.Close()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err = OpenAccounts(ctx, data, quiet()); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// TestNoSocketIsNoReasonNotToServe: what is in the socket's place cannot be removed.
func TestNoSocketIsNoReasonNotToServe(t *testing.T) {
	data := t.TempDir()
	if err := os.MkdirAll(filepath.Join(data, admin.SocketName, "full"), 0o700); err != nil {
		t.Fatal(err)
	}
	s, stop := run(t, Config{Listen: []string{"plain://127.0.0.1:0"}, Data: data})
	dial(t, s).hears("welcome")
	stop()
}

// sweeps counts how often it was asked to sweep, and fails the first time.
type sweeps struct{ n atomic.Int64 }

func (s *sweeps) Sweep(context.Context) error {
	if s.n.Add(1) == 1 {
		return parley.Errorf(parley.CodeStore, "the disk is away")
	}
	return nil
}

func TestLoginsAreSweptAtTheStartAndEveryDay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		s := &sweeps{}
		go sweepDaily(ctx, s, slog.New(slog.DiscardHandler))
		synctest.Wait()
		for day := range 3 {
			if n := s.n.Load(); n != int64(day)+1 {
				t.Errorf("after %d days it has swept %d times", day, n)
			}
			time.Sleep(24 * time.Hour)
			synctest.Wait()
		}
		cancel()
	})
}

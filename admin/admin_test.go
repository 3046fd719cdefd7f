package admin

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"parley"
	"parley/accounts"
	"parley/sqlite"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// openDesk opens a real desk on a database in a new directory.
func openDesk(t *testing.T) *accounts.Desk {
	t.Helper()
	store, err := sqlite.Open(t.Context(), t.TempDir(), sqlite.Options{Volatile: true})
	if err != nil {
		t.Fatal(err)
	}
	store.Start(func([]parley.Applied) {})
	t.Cleanup(func() { _ = store.Close() })
	return accounts.New(accounts.Config{State: store, Journal: store})
}

// quiet is a log that nobody reads.
var quiet = slog.New(slog.DiscardHandler)

// serve answers at a socket in dir until the test ends or stop is called.
func serve(t *testing.T, dir string, keeper Keeper) (stop func()) {
	t.Helper()
	s, err := Open(dir, keeper, quiet)
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- s.Serve() }()
	stop = func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		if err := <-served; err != nil {
			t.Error(err)
		}
		served <- nil // for another call
	}
	t.Cleanup(stop)
	return stop
}

// dial gives a client.
func dial(t *testing.T, dir string) *Client {
	t.Helper()
	c, err := Dial(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// keepers runs a test with a Local and with a Client.
func keepers(t *testing.T, test func(t *testing.T, k Keeper)) {
	t.Run("local", func(t *testing.T) { test(t, NewLocal(openDesk(t))) })
	t.Run("client", func(t *testing.T) {
		dir := t.TempDir()
		serve(t, dir, NewLocal(openDesk(t)))
		test(t, dial(t, dir))
	})
}

// fails checks the code of err.
func fails(t *testing.T, err error, want parley.Code) {
	t.Helper()
	if parley.CodeOf(err) != want {
		t.Errorf("%v (%s), not %s", err, parley.CodeOf(err), want)
	}
	if e, ok := errors.AsType[*parley.Error](err); err != nil && (!ok || e.Sentence == "") {
		t.Errorf("no sentence for a person: %v", err)
	}
}

func TestManagingAccounts(t *testing.T) {
	keepers(t, func(t *testing.T, k Keeper) {
		ctx := t.Context()
		if all, err := k.List(ctx); len(all) != 0 || err != nil {
			t.Errorf("at first there are %v, %v", all, err)
		}
		alice, err := k.Add(ctx, "alice", "<secret>&\u2028 ", parley.RoleOwner)
		if want := (Account{alice.ID, "alice", parley.RoleOwner, false, false, alice.Created}); err != nil || alice != want {
			t.Fatalf("%+v, %v", alice, err)
		}
		if alice.ID == "" || alice.Created.IsZero() {
			t.Errorf("%+v lacks something", alice)
		}
		dot, err := k.Add(ctx, "ά..b", "secret", parley.RoleMember)
		if err != nil {
			t.Fatal(err)
		}
		role, yes, password := parley.RoleModerator, true, "another"
		dot.Role, dot.Disabled = role, true
		if got, err := k.Change(ctx, "Ά..B", Change{Role: &role, Disabled: &yes, Password: &password}); got != dot || err != nil {
			t.Errorf("%+v, %v, not %+v", got, err, dot)
		}
		if all, err := k.List(ctx); !reflect.DeepEqual(all, []Account{alice, dot}) || err != nil {
			t.Errorf("there are %v, %v", all, err)
		}
		if got, err := k.Remove(ctx, "ά..b"); got != dot || err != nil {
			t.Errorf("%+v, %v, not %+v", got, err, dot)
		}
		if all, err := k.List(ctx); !reflect.DeepEqual(all, []Account{alice}) || err != nil {
			t.Errorf("in the end there are %v, %v", all, err)
		}
	})
}

func TestOneTimePasswords(t *testing.T) {
	keepers(t, func(t *testing.T, k Keeper) {
		ctx := t.Context()
		if a, err := k.AddOneTime(ctx, "alice", "k7mf-2xqa", parley.RoleMember); err != nil || !a.OneTime {
			t.Errorf("%+v, %v", a, err)
		}
		if _, err := k.AddOneTime(ctx, "alice", "k7mf-2xqa", parley.RoleMember); parley.CodeOf(err) != parley.CodeNameTaken {
			t.Errorf("twice: %v", err)
		}
		password, caf := "another", "caf\xe9"
		if a, err := k.Change(ctx, "alice", Change{Password: &password}); err != nil || a.OneTime {
			t.Errorf("%+v, %v", a, err)
		}
		if a, err := k.Change(ctx, "alice", Change{Password: &password, OneTime: true}); err != nil || !a.OneTime {
			t.Errorf("%+v, %v", a, err)
		}
		_, err := k.Change(ctx, "alice", Change{OneTime: true})
		fails(t, err, parley.CodeInvalid)
		_, err = k.Change(ctx, "alice", Change{Password: &caf, OneTime: true})
		fails(t, err, parley.CodeInvalid)
	})
}

func TestWhatIsRefused(t *testing.T) {
	keepers(t, func(t *testing.T, k Keeper) {
		ctx := t.Context()
		if _, err := k.Add(ctx, "alice", "secret", parley.RoleOwner); err != nil {
			t.Fatal(err)
		}
		refused := func(want parley.Code, _ Account, err error) {
			t.Helper()
			fails(t, err, want)
		}
		add := func(want parley.Code, name, password string, role parley.Role) {
			t.Helper()
			a, err := k.Add(ctx, name, password, role)
			refused(want, a, err)
		}
		add(parley.CodeNameTaken, "ALICE", "secret", parley.RoleMember)
		add(parley.CodeNameInvalid, "al ice", "secret", parley.RoleMember)
		add(parley.CodeInvalid, "bob", "no", parley.RoleMember)
		add(parley.CodeInvalid, "bob", "caf\xe9", parley.RoleMember)
		add(parley.CodeInvalid, "bob", strings.Repeat("\x01", accounts.MaxPassword+1), parley.RoleMember)
		add(parley.CodeInvalid, "bob", "secret", parley.RoleGuest)
		change := func(want parley.Code, name string, c Change) {
			t.Helper()
			a, err := k.Change(ctx, name, c)
			refused(want, a, err)
		}
		member, yes, bad := parley.RoleMember, true, "caf\xe9"
		change(parley.CodeNoSuchAccount, "bob", Change{Disabled: &yes})
		change(parley.CodeNoSuchAccount, "", Change{Disabled: &yes})
		change(parley.CodeNoSuchAccount, "../alice?name=alice", Change{Disabled: &yes})
		change(parley.CodeInvalid, "alice", Change{})
		change(parley.CodeInvalid, "alice", Change{Password: &bad})
		change(parley.CodeForbidden, "alice", Change{Role: &member})
		change(parley.CodeForbidden, "alice", Change{Disabled: &yes})
		removed, err := k.Remove(ctx, "bob")
		refused(parley.CodeNoSuchAccount, removed, err)
		removed, err = k.Remove(ctx, "alice")
		refused(parley.CodeForbidden, removed, err)
	})
}

// The longest password of the dearest characters fits a request.
func TestTheLongestPassword(t *testing.T) {
	keepers(t, func(t *testing.T, k Keeper) {
		if _, err := k.Add(t.Context(), "alice", strings.Repeat("\x01", accounts.MaxPassword), parley.RoleMember); err != nil {
			t.Error(err)
		}
	})
}

// raw makes a request as no Client does.
func raw(t *testing.T, c *Client, method, path, body string) (status int, answer string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, "http://parley"+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	response, err := c.http.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, strings.TrimSpace(string(text))
}

func TestRequestsThatMakeNoSense(t *testing.T) {
	dir := t.TempDir()
	serve(t, dir, NewLocal(openDesk(t)))
	c := dial(t, dir)
	for _, r := range []struct {
		method, path, body string
		status             int
		answer             string
	}{
		{"GET", "/", "", 405, `{"code":"unsupported","sentence":"there is no GET /"}`},
		{"PUT", "/accounts", "", 405, `{"code":"unsupported","sentence":"there is no PUT /accounts"}`},
		{"POST", "/accounts", "", 400, `{"code":"invalid","sentence":"the request is not the JSON that belongs here"}`},
		{"POST", "/accounts", "{} {}", 400, `{"code":"invalid","sentence":"the request is not the JSON that belongs here"}`},
		{"POST", "/accounts", `{"name":7}`, 400, `{"code":"invalid","sentence":"the request is not the JSON that belongs here"}`},
		{"POST", "/accounts", "{\"name\":\"bob\",\"password\":\"caf\xe9\",\"role\":\"member\"}", 400,
			`{"code":"invalid","sentence":"the request is not UTF-8 text"}`},
		{"POST", "/accounts", strings.Repeat(" ", maxRequest+1), 400,
			`{"code":"invalid","sentence":"the request is too long, or was cut short"}`},
		{"PATCH", "/accounts?name=bob", `{}`, 400, `{"code":"invalid","sentence":"nothing is to be changed"}`},
		{"DELETE", "/accounts?name=bob", ``, 404, `{"code":"no-such-account","sentence":"there is no account bob"}`},
		{"GET", "/accounts", ``, 200, `{"accounts":[]}`},
	} {
		if status, answer := raw(t, c, r.method, r.path, r.body); status != r.status || answer != r.answer {
			t.Errorf("%s %s %.50s: %d %s", r.method, r.path, r.body, status, answer)
		}
	}
}

// broken is a keeper whose store says more than anybody is to know.
type broken struct{ Keeper }

func (broken) List(context.Context) ([]Account, error) { return nil, errors.New("at address 0xc0ffee") }

func TestWhatIsInternalStaysInside(t *testing.T) {
	dir := t.TempDir()
	serve(t, dir, broken{})
	_, err := dial(t, dir).List(t.Context())
	fails(t, err, parley.CodeInternal)
	if strings.Contains(err.Error(), "0x") {
		t.Error(err)
	}
}

func TestTheSocketIsItsOwnersAlone(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("there the directory's permissions count")
	}
	dir := t.TempDir()
	serve(t, dir, broken{})
	info, err := os.Stat(filepath.Join(dir, SocketName))
	if err != nil || info.Mode() != os.ModeSocket|0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}

// TestTheSocketGoesWithTheServer, and one that was left over is in nobody's way.
func TestTheSocketGoesWithTheServer(t *testing.T) {
	dir := t.TempDir()
	left, err := net.ListenUnix("unix", &net.UnixAddr{Name: filepath.Join(dir, SocketName)})
	if err != nil {
		t.Fatal(err)
	}
	left.SetUnlinkOnClose(false)
	if err := left.Close(); err != nil {
		t.Fatal(err)
	}
	_, err = Dial(t.Context(), dir)
	fails(t, err, parley.CodeClosed)
	stop := serve(t, dir, NewLocal(openDesk(t)))
	c := dial(t, dir)
	if _, err := c.List(t.Context()); err != nil {
		t.Error(err)
	}
	stop()
	_, err = c.List(t.Context())
	fails(t, err, parley.CodeClosed)
	_, err = Dial(t.Context(), dir)
	fails(t, err, parley.CodeClosed)
	if found, err := os.ReadDir(dir); len(found) != 0 || err != nil {
		t.Errorf("left over are %v, %v", found, err)
	}
}

// A server that was never run closes its socket too.
func TestAServerThatWasNeverRun(t *testing.T) {
	dir := t.TempDir()
	s, err := Open(dir, broken{}, quiet)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
	_, err = Dial(t.Context(), dir)
	fails(t, err, parley.CodeClosed)
}

// longDirectory makes a directory whose path no socket's address has room for.
func longDirectory(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), strings.Repeat("long/", 30))
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestALongPath(t *testing.T) {
	dir := longDirectory(t)
	if runtime.GOOS != "linux" {
		_, err := Open(dir, broken{}, quiet)
		fails(t, err, parley.CodeStore)
		_, err = Dial(t.Context(), dir)
		fails(t, err, parley.CodeStore)
		return
	}
	_, err := Dial(t.Context(), dir)
	fails(t, err, parley.CodeClosed)
	_, err = Dial(t.Context(), filepath.Join(dir, "nowhere"))
	fails(t, err, parley.CodeClosed)
	stop := serve(t, dir, NewLocal(openDesk(t)))
	if _, err := dial(t, dir).Add(t.Context(), "alice", "secret", parley.RoleMember); err != nil {
		t.Error(err)
	}
	stop()
	if found, err := os.ReadDir(dir); len(found) != 0 || err != nil {
		t.Errorf("left over are %v, %v", found, err)
	}
}

func TestGivingUp(t *testing.T) {
	dir := t.TempDir()
	serve(t, dir, NewLocal(openDesk(t)))
	c := dial(t, dir)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.List(ctx); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

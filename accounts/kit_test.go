package accounts

import (
	"context"
	"crypto/sha256"
	"errors"
	"log/slog"
	"net/netip"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"parley"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// memory is a State and a Journal: what sqlite is, without a disk.
type memory struct {
	mu       sync.Mutex
	accounts map[parley.SenderID]parley.AccountAdded
	logins   map[parley.LoginID]parley.Login
	invites  memoryInvites
	failing  error // of everything, when not nil
}

func newMemory() *memory {
	return &memory{accounts: make(map[parley.SenderID]parley.AccountAdded), logins: make(map[parley.LoginID]parley.Login),
		invites: memoryInvites{kept: make(map[parley.InviteID]parley.Invite), uses: make(map[use]parley.SenderID)}}
}

var errNoAccount = parley.Errorf(parley.CodeNoSuchAccount, "there is no such account")

// find gives the account that is meant.
func (m *memory) find(meant func(parley.AccountAdded) bool) (parley.AccountAdded, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.failing != nil {
		return parley.AccountAdded{}, m.failing
	}
	for _, a := range m.accounts {
		if meant(a) {
			return a, nil
		}
	}
	return parley.AccountAdded{}, errNoAccount
}

func (m *memory) Account(_ context.Context, key parley.NameKey) (parley.Account, error) {
	a, err := m.find(func(a parley.AccountAdded) bool { return a.Key == key })
	return a.Account, err
}

func (m *memory) Lookalike(_ context.Context, key parley.LookalikeKey) (parley.Account, error) {
	a, err := m.find(func(a parley.AccountAdded) bool { return a.Lookalike == key })
	return a.Account, err
}

func (m *memory) AccountByID(_ context.Context, id parley.SenderID) (parley.Account, error) {
	a, err := m.find(func(a parley.AccountAdded) bool { return a.Account.ID == id })
	return a.Account, err
}

func (m *memory) Password(_ context.Context, id parley.SenderID) (parley.PasswordHash, error) {
	a, err := m.find(func(a parley.AccountAdded) bool { return a.Account.ID == id })
	return a.Password, err
}

func (m *memory) Accounts(context.Context) (all []parley.Account, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, a := range m.accounts {
		all = append(all, a.Account)
	}
	return all, m.failing
}

func (m *memory) Login(_ context.Context, token parley.TokenHash) (parley.Login, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, l := range m.logins {
		if l.Token == token {
			return l, nil
		}
	}
	return parley.Login{}, parley.Errorf(parley.CodeUnauthorized, "there is no such login")
}

func (m *memory) Logins(_ context.Context, who parley.SenderID) (all []parley.Login, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, l := range m.logins {
		if l.Who.ID == who {
			all = append(all, l)
		}
	}
	return all, nil
}

func (m *memory) Append(_ context.Context, events ...parley.Event) ([]parley.Outcome, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.failing != nil {
		return nil, m.failing
	}
	outcomes := make([]parley.Outcome, len(events))
	for i, e := range events {
		if used, ok := e.(parley.InviteUsed); ok {
			outcomes[i] = m.use(used)
		} else {
			outcomes[i].Err = m.apply(e)
		}
	}
	return outcomes, nil
}

func (m *memory) apply(e parley.Event) error {
	switch e := e.(type) {
	case parley.AccountAdded:
		for _, a := range m.accounts {
			if a.Key == e.Key || a.Lookalike == e.Lookalike {
				return parley.Errorf(parley.CodeNameTaken, "the name %s is taken", e.Account.Name)
			}
		}
		m.accounts[e.Account.ID] = e
	case parley.AccountChanged:
		return m.change(e)
	case parley.AccountRemoved:
		if _, ok := m.accounts[e.ID]; !ok {
			return errNoAccount
		}
		delete(m.accounts, e.ID)
		m.end(func(l parley.Login) bool { return l.Who.ID == e.ID })
	case parley.LoginOpened:
		if a, ok := m.accounts[e.Login.Who.ID]; e.Login.Who.ID.IsAccount() && (!ok || a.Account.Disabled) {
			return errNoAccount
		}
		m.logins[e.Login.ID] = e.Login
	case parley.LoginEnded:
		m.end(func(l parley.Login) bool { return l.ID == e.ID })
	case parley.LoginsEnded:
		m.end(func(l parley.Login) bool { return l.Who.ID == e.Who && l.ID != e.Except })
	case parley.LoginsExpired:
		m.end(func(l parley.Login) bool { return l.Expires.Before(e.Before) })
	case parley.InviteMade:
		m.invites.kept[e.Invite.ID] = e.Invite
	case parley.InviteRevoked:
		return m.invites.revoke(e.ID)
	case parley.InvitesExpired:
		m.invites.expire(e.Before)
	case parley.AccountClaimed:
		return m.claim(e)
	default:
		return errors.New("an event that nobody here appends")
	}
	return nil
}

func (m *memory) change(e parley.AccountChanged) error {
	a, ok := m.accounts[e.ID]
	if !ok {
		return errNoAccount
	}
	last := a.Account.Role == parley.RoleOwner && !a.Account.Disabled
	for id, other := range m.accounts {
		last = last && (id == e.ID || other.Account.Role != parley.RoleOwner || other.Account.Disabled)
	}
	if e.Password != nil {
		a.Password = *e.Password
	}
	if e.OneTime != nil {
		a.Account.OneTime = *e.OneTime
	}
	if e.Role != nil {
		a.Account.Role = *e.Role
	}
	if e.Disabled != nil {
		a.Account.Disabled = *e.Disabled
	}
	if last && (a.Account.Role != parley.RoleOwner || a.Account.Disabled) {
		return parley.Errorf(parley.CodeForbidden, "the last owner")
	}
	m.accounts[e.ID] = a
	return nil
}

func (m *memory) end(which func(parley.Login) bool) {
	for id, l := range m.logins {
		if which(l) {
			delete(m.logins, id)
		}
	}
}

// office is a Desk whose surroundings are in hand.
type office struct {
	*Desk
	t       *testing.T
	memory  *memory
	now     time.Time
	derived []cost // of every derivation so far
	during  func() // called in each derivation, when not nil
}

func open(t *testing.T, admit Admission) *office {
	o := &office{t: t, memory: newMemory(), now: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}
	var mu sync.Mutex
	derive := func(password, salt []byte, c cost, size uint32) []byte {
		mu.Lock()
		defer mu.Unlock()
		o.derived = append(o.derived, c)
		if o.during != nil {
			o.during()
		}
		key := sha256.Sum256(append(salt[:len(salt):len(salt)], password...)) // what it costs is not the point here
		return key[:size]
	}
	o.Desk = newDesk(Config{
		State: o.memory, Journal: o.memory, Admit: admit, Now: func() time.Time { return o.now },
		Log: slog.New(slog.NewTextHandler(t.Output(), nil)),
	}, derive)
	return o
}

// add makes an account.
func (o *office) add(name, password string, role parley.Role) parley.Account {
	o.t.Helper()
	a, err := o.Add(o.t.Context(), name, password, role)
	if err != nil {
		o.t.Fatal(err)
	}
	return a
}

// login opens a login, and gives its token.
func (o *office) login(who parley.Identity) (parley.Token, parley.Identity) {
	o.t.Helper()
	token, _, who, err := o.Open(o.t.Context(), who)
	if err != nil {
		o.t.Fatal(err)
	}
	return token, who
}

// here is where everybody comes from who comes from nowhere else.
var here = netip.MustParseAddr("10.1.2.3")

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

// identityOf gives the identity that an account has.
func identityOf(a parley.Account) parley.Identity {
	return parley.Identity{ID: a.ID, Name: a.Name, Role: a.Role}
}

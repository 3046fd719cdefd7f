package plain_test

import (
	"context"
	"sync"
	"testing"

	"parley"
	"parley/accounts"
)

// people is the state of a server with one room, open to everybody, and the accounts that were made.
type people struct {
	mu    sync.Mutex
	known map[parley.SenderID]parley.AccountAdded
}

func newPeople() *people { return &people{known: make(map[parley.SenderID]parley.AccountAdded)} }

// apply does what an event does to accounts.
func (p *people) apply(e parley.Event) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch e := e.(type) {
	case parley.AccountAdded:
		p.known[e.Account.ID] = e
	case parley.AccountChanged:
		if a := p.known[e.ID]; e.Disabled != nil {
			a.Account.Disabled = *e.Disabled
			p.known[e.ID] = a
		}
	case parley.AccountRemoved:
		delete(p.known, e.ID)
	}
}

// find gives the account that is meant.
func (p *people) find(meant func(parley.AccountAdded) bool) (parley.AccountAdded, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, a := range p.known {
		if meant(a) {
			return a, nil
		}
	}
	return parley.AccountAdded{}, parley.Errorf(parley.CodeNoSuchAccount, "there is no such account")
}

func (p *people) Account(_ context.Context, key parley.NameKey) (parley.Account, error) {
	a, err := p.find(func(a parley.AccountAdded) bool { return a.Key == key })
	return a.Account, err
}

func (p *people) Lookalike(_ context.Context, key parley.LookalikeKey) (parley.Account, error) {
	a, err := p.find(func(a parley.AccountAdded) bool { return a.Lookalike == key })
	return a.Account, err
}

func (p *people) AccountByID(_ context.Context, id parley.SenderID) (parley.Account, error) {
	a, err := p.find(func(a parley.AccountAdded) bool { return a.Account.ID == id })
	return a.Account, err
}

func (p *people) Password(_ context.Context, id parley.SenderID) (parley.PasswordHash, error) {
	a, err := p.find(func(a parley.AccountAdded) bool { return a.Account.ID == id })
	return a.Password, err
}

func (p *people) Accounts(context.Context) ([]parley.Account, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	var all []parley.Account
	for _, a := range p.known {
		all = append(all, a.Account)
	}
	return all, nil
}

func (*people) Login(context.Context, parley.TokenHash) (parley.Login, error) {
	return parley.Login{}, parley.Errorf(parley.CodeUnauthorized, "there is no such login")
}

func (*people) Invites(context.Context) ([]parley.Invite, error) { return nil, nil }

func (*people) Invite(context.Context, parley.InviteHash) (parley.Invite, error) {
	return parley.Invite{}, parley.Errorf(parley.CodeNoSuchInvite, "there is no such invite")
}

func (*people) InviteUse(context.Context, parley.InviteID, parley.UseHash) (parley.SenderID, error) {
	return "", nil
}

func (*people) Logins(context.Context, parley.SenderID) ([]parley.Login, error) { return nil, nil }

func (*people) RoomByID(_ context.Context, id parley.RoomID) (parley.Room, error) {
	return parley.Room{ID: id, Name: parley.Lobby, Kind: parley.RoomPublic, First: 1}, nil
}

func (*people) Standing(context.Context, parley.RoomID, parley.SenderID) (parley.Standing, error) {
	return parley.Standing{Role: parley.RoleGuest}, nil
}

// admit says who is let in from now on.
func (h *house) admit(admission accounts.Admission) {
	h.desk = accounts.New(accounts.Config{State: h.journal, Journal: h.journal, Admit: admission, Log: h.log})
}

// account makes an account.
func (h *house) account(t *testing.T, name, password string) parley.Account {
	t.Helper()
	account, err := h.desk.Add(t.Context(), name, password, parley.RoleMember)
	if err != nil {
		t.Fatal(err)
	}
	return account
}

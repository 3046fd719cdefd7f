package accounts

import (
	"context"
	"slices"
	"time"

	"parley"
)

// memoryInvites are the invites of a memory.
type memoryInvites struct {
	kept map[parley.InviteID]parley.Invite
	uses map[use]parley.SenderID
}

// use is one of an invite.
type use struct {
	invite parley.InviteID
	id     parley.UseHash
}

var errNoInvite = parley.Errorf(parley.CodeNoSuchInvite, "there is no such invite")

func (m *memory) Invites(context.Context) (all []parley.Invite, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, i := range m.invites.kept {
		all = append(all, i)
	}
	slices.SortFunc(all, func(a, b parley.Invite) int { return a.Created.Compare(b.Created) })
	return all, m.failing
}

func (m *memory) Invite(_ context.Context, code parley.InviteHash) (parley.Invite, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, i := range m.invites.kept {
		if i.Code == code && m.failing == nil {
			return i, nil
		}
	}
	if m.failing != nil {
		return parley.Invite{}, m.failing
	}
	return parley.Invite{}, errNoInvite
}

func (m *memory) InviteUse(_ context.Context, id parley.InviteID, of parley.UseHash) (parley.SenderID, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.invites.uses[use{id, of}], m.failing
}

// use applies parley.InviteUsed.
func (m *memory) use(e parley.InviteUsed) parley.Outcome {
	for id, i := range m.invites.kept {
		if i.Code != e.Code {
			continue
		}
		if _, repeat := m.invites.uses[use{id, e.Use}]; repeat {
			return parley.Outcome{Repeat: true}
		}
		_, who, _ := e.Given()
		err := i.Check(e.At)
		if err == nil {
			err = m.apply(e.Gives)
		}
		if err == nil {
			i.Used++
			m.invites.kept[id], m.invites.uses[use{id, e.Use}] = i, who
		}
		return parley.Outcome{Err: err}
	}
	return parley.Outcome{Err: errNoInvite}
}

func (m *memoryInvites) revoke(id parley.InviteID) error {
	i, ok := m.kept[id]
	if !ok {
		return errNoInvite
	}
	i.Revoked = true
	m.kept[id] = i
	return nil
}

func (m *memoryInvites) expire(before time.Time) {
	for id, i := range m.kept {
		if i.Expires.Before(before) {
			delete(m.kept, id)
		}
	}
}

// claim applies parley.AccountClaimed.
func (m *memory) claim(e parley.AccountClaimed) error {
	if _, has := m.accounts[e.Account.ID]; has {
		return parley.Errorf(parley.CodeInvalid, "you have an account already")
	}
	login, ok := m.logins[e.Login]
	if !ok || login.Who.ID != e.Account.ID {
		return errNoLogin
	}
	login.Expires = e.Expires
	added := parley.AccountAdded{Account: e.Account, Key: e.Key, Lookalike: e.Lookalike, Password: e.Password}
	if err := m.apply(added); err != nil {
		return err
	}
	m.logins[e.Login] = login
	return nil
}

// invite makes an invite, and gives a ticket for each of some uses.
func (o *office) invite(kind parley.InviteKind, uses int) (parley.InviteID, func() parley.Ticket) {
	o.t.Helper()
	code, i, err := o.MakeInvite(o.t.Context(), parley.Sender{ID: "a-1", Name: "alice"}, kind, uses, 0)
	if err != nil {
		o.t.Fatal(err)
	}
	return i.ID, func() parley.Ticket { return parley.Ticket{Code: code, Use: parley.NewUseID()} }
}

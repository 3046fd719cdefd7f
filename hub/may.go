package hub

import (
	"context"
	"slices"

	"parley"
)

// decide has act done under the mutex if check, which reads the state without it, finds that it may be. When something
// was delivered between the two that may make a difference, check is asked again: so who was sent away is not let in by
// an answer from before.
func (h *Hub) decide(check, act func() error) error {
	for {
		h.mu.Lock()
		before := h.changes
		h.mu.Unlock()
		if err := check(); err != nil {
			return err
		}
		if done, err := h.decided(before, act); done {
			return err
		}
	}
}

// decided does act unless something has changed since before.
func (h *Hub) decided(before uint64, act func() error) (done bool, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case h.closed:
		return true, errStopping
	case h.changes != before:
		return false, nil
	}
	return true, act()
}

// mayEnter tells whether somebody may be in r, which somebody is asking about.
func (h *Hub) mayEnter(ctx context.Context, r *room, who parley.SenderID) error {
	h.mu.Lock()
	info := r.info
	h.mu.Unlock()
	return h.may(ctx, info, who, parley.VerbEnter)
}

// may tells whether somebody may do verb in a room, as the state stands.
func (h *Hub) may(ctx context.Context, info parley.Room, who parley.SenderID, verb parley.Verb) error {
	if info.Kind == parley.RoomDirect {
		return parley.Participant(info.ID, who)
	}
	standing, err := h.state.Standing(ctx, info.ID, who)
	if err != nil {
		return err
	}
	return parley.May(standing, info.Kind, verb)
}

// vouch gives an identity as it is now: the name and the role of its account, which a guest may have got meanwhile. The error is an *parley.Error of
// CodeUnauthorized when its account is gone or disabled, or its login has ended.
func (h *Hub) vouch(ctx context.Context, who parley.Identity) (parley.Identity, error) {
	if who.ID != parley.OperatorID {
		account, err := h.state.AccountByID(ctx, who.ID)
		switch {
		case parley.CodeOf(err) == parley.CodeNoSuchAccount && !who.HasAccount() && !who.ID.IsAccount():
			return who, h.checkLogin(ctx, who)
		case parley.CodeOf(err) == parley.CodeNoSuchAccount:
			return who, errAccountRemoved
		case err != nil:
			return who, err
		case account.Disabled:
			return who, errAccountDisabled
		case account.OneTime:
			return who, errNewPassword
		}
		who.Name, who.Role = account.Name, account.Role
	}
	return who, h.checkLogin(ctx, who)
}

// checkLogin tells whether the login that somebody came with has not ended.
func (h *Hub) checkLogin(ctx context.Context, who parley.Identity) error {
	if who.Login == "" {
		return nil
	}
	logins, err := h.state.Logins(ctx, who.ID)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(logins, func(l parley.Login) bool { return l.ID == who.Login }) {
		return errLoginEnded
	}
	return nil
}

// Why somebody is not, or no longer, taken for who they were.
var (
	errAccountRemoved  = parley.Errorf(parley.CodeUnauthorized, "this account was removed")
	errAccountDisabled = parley.Errorf(parley.CodeUnauthorized, "this account is disabled")
	errNewPassword     = parley.Errorf(parley.CodeNewPassword, "this account needs a new password first")
	errLoginEnded      = parley.Errorf(parley.CodeUnauthorized, "you were logged out")
)

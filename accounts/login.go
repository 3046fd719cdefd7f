package accounts

import (
	"context"
	"net/netip"

	"parley"
)

// Wait is the cause of an error of CodeThrottled.
type Wait = parley.Wait

// Login gives the identity of the account whose name and password somebody at an address has given. The error is
// CodeNameInvalid for what can be nobody's name; CodeWrongPassword when there is no such account, when it is disabled,
// and when the password is wrong, three cases that neither answer nor time tell apart; and CodeThrottled, with a Wait
// as its cause, for somebody who has been wrong too often; and CodeNewPassword for a one-time password, which is right
// and lets nobody in: LoginAnew does. from may be the zero Addr for somebody who comes from no network.
func (d *Desk) Login(ctx context.Context, name, password string, from netip.Addr) (parley.Identity, error) {
	shown, err := d.authenticate(ctx, name, password, from)
	if err != nil {
		return parley.Identity{}, err
	}
	if shown.account.OneTime {
		return parley.Identity{}, errNewPassword
	}
	return shown.identity(), nil
}

// shown is an account whose password somebody has given.
type shown struct {
	account parley.Account
	kept    parley.PasswordHash // the password, as it is kept
}

// identity gives the identity of whoever has given the password.
func (s shown) identity() parley.Identity {
	return parley.Identity{ID: s.account.ID, Name: s.account.Name, Role: s.account.Role}
}

// errWrong is the answer to a name and a password that do not belong together.
var errWrong = parley.Errorf(parley.CodeWrongPassword, "wrong password")

// authenticate gives the account that a name and a password belong to. Errors as of Login, but for CodeNewPassword.
func (d *Desk) authenticate(ctx context.Context, name, password string, from netip.Addr) (shown, error) {
	parsed, err := parley.ParseName(name)
	if err != nil {
		return shown{}, err
	}
	who := trier{name: parsed.Key(), from: network(from)}
	if err := d.mayTry(who); err != nil {
		return shown{}, err // without standing in line for it
	}
	done, err := d.turns.take(ctx, who.from)
	if err != nil {
		return shown{}, err
	}
	defer done()
	if err := d.mayTry(who); err != nil {
		return shown{}, err // others in the line were wrong meanwhile
	}
	found, ok, err := d.verify(ctx, who.name, password)
	if err != nil {
		return shown{}, err
	}
	if !d.count(who, ok) {
		return shown{}, errWrong
	}
	return found, nil
}

// verify reports whether name and password belong together, at the cost of one derivation whatever is wrong with them.
func (d *Desk) verify(ctx context.Context, name parley.NameKey, password string) (shown, bool, error) {
	account, kept, err := d.kept(ctx, name)
	if err != nil {
		return shown{}, false, err
	}
	stored, unreadable := d.verifier.nobody, false
	if kept != "" {
		if stored, err = parseDigest(kept); err != nil {
			d.log.Error("a password that is kept cannot be read", "account", account.ID, "name", account.Name, "error", err)
			stored, unreadable = d.verifier.nobody, true
		}
	}
	ok := d.verifier.matches(stored, password) && kept != "" && !unreadable && !account.Disabled
	if ok && stored.cost != currentCost {
		kept = d.renew(ctx, account.ID, kept, password)
	}
	return shown{account: account, kept: kept}, ok, nil
}

// kept gives the account of a name and the password that is kept for it, "" where there is no account, or none with a
// password.
func (d *Desk) kept(ctx context.Context, name parley.NameKey) (parley.Account, parley.PasswordHash, error) {
	account, err := d.state.Account(ctx, name)
	if isNoAccount(err) {
		return parley.Account{}, "", nil
	}
	if err != nil {
		return parley.Account{}, "", err
	}
	kept, err := d.state.Password(ctx, account.ID)
	if isNoAccount(err) {
		return parley.Account{}, "", nil // removed a moment ago
	}
	return account, kept, err
}

// renew keeps a password, known to be right, at the current cost, and gives it as it is kept then. That it fails is no
// reason to refuse somebody; it is tried again the next time.
func (d *Desk) renew(
	ctx context.Context, id parley.SenderID, old parley.PasswordHash, password string,
) parley.PasswordHash {
	renewed := d.verifier.digest(password)
	d.setting.Lock()
	defer d.setting.Unlock()
	present, err := d.state.Password(ctx, id)
	if err == nil && present != old { // it has been changed since: the old one must not come back
		return old
	}
	if err == nil {
		err = d.append(ctx, parley.AccountChanged{ID: id, Password: &renewed})
	}
	if err != nil {
		d.log.Warn("a password could not be kept at the present cost", "account", id, "error", err)
		return old
	}
	return renewed
}

// mayTry tells whether somebody may try a password now.
func (d *Desk) mayTry(who trier) error {
	d.mu.Lock()
	wait := d.throttle.wait(who, d.now())
	if wait > 0 {
		d.counts.Throttled++
	}
	d.mu.Unlock()
	if wait == 0 {
		return nil
	}
	return parley.Errorf(parley.CodeThrottled, "too many wrong passwords, try again in %w", parley.WaitFor(wait))
}

// count notes what came of a try, and gives it back.
func (d *Desk) count(who trier, ok bool) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if ok {
		d.counts.Right++
		d.throttle.right(who)
		return true
	}
	d.counts.Wrong++
	now := d.now()
	d.throttle.wrong(who, now)
	if wait := d.throttle.wait(who, now); wait > 0 {
		d.log.Warn("wrong passwords", "name", who.name, "from", who.from, "wait", wait)
	}
	return false
}

// pardon forgets all wrong passwords for a name.
func (d *Desk) pardon(name parley.NameKey) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.throttle.pardon(name)
}

package accounts

import (
	"cmp"
	"context"
	"net/netip"
	"slices"
	"time"

	"parley"
)

// Register makes an account for whoever asks at an address, of RoleMember. The error is CodeForbidden where accounts
// are made by invitation, CodeThrottled, with a Wait as its cause, where too many were asked for from there, and as of
// Add.
func (d *Desk) Register(ctx context.Context, name, password string, from netip.Addr) (parley.Account, error) {
	if d.admit == Invited {
		return parley.Account{}, parley.Errorf(parley.CodeForbidden, "only an owner makes accounts here, ask one")
	}
	source := network(from)
	if err := d.mayRegister(source); err != nil {
		return parley.Account{}, err
	}
	return d.add(ctx, asked{name, password, parley.RoleMember, false}, source)
}

// How many accounts may be asked for from one network: a class behind one address at once, and 20 an hour.
const (
	registrations     = 40
	registrationEvery = 3 * time.Minute
)

// mayRegister counts a registration, be it one that comes to nothing: whether a name is taken is an answer too.
func (d *Desk) mayRegister(from netip.Prefix) error {
	d.mu.Lock()
	wait := d.registered.Take(from, d.now())
	d.mu.Unlock()
	if wait == 0 {
		return nil
	}
	return parley.Errorf(parley.CodeThrottled, "too many accounts were made from here, try again in %w",
		parley.WaitFor(wait))
}

// Add makes an account. The error is CodeNameInvalid, CodeNameTaken for a name that is an account's or looks like
// one's, or CodeInvalid for a password that CheckPassword refuses or a role that is none for an account.
func (d *Desk) Add(ctx context.Context, name, password string, role parley.Role) (parley.Account, error) {
	return d.add(ctx, asked{name, password, role, false}, network(netip.Addr{}))
}

// asked is an account that is to be made.
type asked struct {
	name, password string
	role           parley.Role
	oneTime        bool // the password is
}

// add makes an account for somebody who stands in the line of a network.
func (d *Desk) add(ctx context.Context, a asked, from netip.Prefix) (parley.Account, error) {
	added, err := d.prepare(ctx, a, from)
	if err != nil {
		return parley.Account{}, err
	}
	if err := d.append(ctx, added); err != nil {
		return parley.Account{}, err
	}
	account := added.Account
	d.log.Info("account added", "account", account.ID, "name", account.Name, "role", account.Role)
	return account, nil
}

// prepare does all that it takes to make an account but making it.
func (d *Desk) prepare(ctx context.Context, a asked, from netip.Prefix) (parley.AccountAdded, error) {
	parsed, err := parley.ParseName(a.name)
	if err != nil {
		return parley.AccountAdded{}, err
	}
	if err := checkRole(a.role); err != nil {
		return parley.AccountAdded{}, err
	}
	if err := d.free(ctx, parsed); err != nil {
		return parley.AccountAdded{}, err // before the work of a digest; the journal asks again
	}
	kept, err := d.digest(ctx, a.password, from)
	if err != nil {
		return parley.AccountAdded{}, err
	}
	account := parley.Account{
		ID: parley.NewAccountID(), Name: parsed, Role: a.role, OneTime: a.oneTime, Created: d.now(),
	}
	return parley.AccountAdded{Account: account, Key: parsed.Key(), Lookalike: parsed.Lookalike(), Password: kept}, nil
}

// checkRole tells whether an account can have a role.
func checkRole(role parley.Role) error {
	if slices.Contains(parley.Roles(), role) && role.AtLeast(parley.RoleMember) {
		return nil
	}
	return parley.Errorf(parley.CodeInvalid, "the role of an account is member, moderator or owner, not %q",
		parley.CleanLine(string(role)))
}

// free tells whether a name can become an account's.
func (d *Desk) free(ctx context.Context, name parley.Name) error {
	switch account, err := d.like(ctx, name); {
	case isNoAccount(err):
		return nil
	case err != nil:
		return err
	case account.Name.Key() == name.Key():
		return parley.Errorf(parley.CodeNameTaken, "there is an account %s already", account.Name)
	}
	return parley.Errorf(parley.CodeNameTaken, "the name %s looks like that of another account", name)
}

// digest gives what is kept of a password, when it is its turn.
func (d *Desk) digest(ctx context.Context, password string, from netip.Prefix) (parley.PasswordHash, error) {
	if err := CheckPassword(password); err != nil {
		return "", err
	}
	done, err := d.turns.take(ctx, from)
	if err != nil {
		return "", err
	}
	defer done()
	return d.verifier.digest(password), nil
}

// SetPassword gives an account another password, and ends its logins but except, which may be "". Whoever had to wait
// because of wrong passwords may try the new one at once. The error is CodeNoSuchAccount, or CodeInvalid as
// CheckPassword has it.
func (d *Desk) SetPassword(ctx context.Context, id parley.SenderID, password string, except parley.LoginID) error {
	return d.setPassword(ctx, id, password, false, except)
}

// setPassword is SetPassword, of a one-time password or another.
func (d *Desk) setPassword(
	ctx context.Context, id parley.SenderID, password string, oneTime bool, except parley.LoginID,
) error {
	account, err := d.state.AccountByID(ctx, id)
	if err != nil {
		return err
	}
	kept, err := d.digest(ctx, password, network(netip.Addr{}))
	if err != nil {
		return err
	}
	d.setting.Lock()
	defer d.setting.Unlock()
	return d.keep(ctx, account, kept, oneTime, except)
}

// keep makes that an account has another password, ends its logins but one, and forgives what was wrong before. Whoever
// calls it holds d.setting.
func (d *Desk) keep(
	ctx context.Context, account parley.Account, kept parley.PasswordHash, oneTime bool, except parley.LoginID,
) error {
	outcomes, err := d.journal.Append(ctx, parley.AccountChanged{ID: account.ID, Password: &kept, OneTime: &oneTime},
		parley.LoginsEnded{Who: account.ID, Except: except})
	if err != nil {
		return err
	}
	if err := cmp.Or(outcomes[0].Err, outcomes[1].Err); err != nil {
		return err
	}
	d.pardon(account.Name.Key())
	d.log.Info("password changed", "account", account.ID, "name", account.Name, "one-time", oneTime)
	return nil
}

// SetRole gives an account another role. The error is CodeNoSuchAccount, CodeInvalid for a role that is none for an
// account, or CodeForbidden when no owner would be left.
func (d *Desk) SetRole(ctx context.Context, id parley.SenderID, role parley.Role) error {
	if err := checkRole(role); err != nil {
		return err
	}
	if err := d.append(ctx, parley.AccountChanged{ID: id, Role: &role}); err != nil {
		return err
	}
	d.log.Info("role changed", "account", id, "role", role)
	return nil
}

// SetDisabled makes that nobody can log in with an account any more, which ends its logins, or that somebody can again.
// The error is CodeNoSuchAccount, or CodeForbidden when no owner who can log in would be left.
func (d *Desk) SetDisabled(ctx context.Context, id parley.SenderID, disabled bool) error {
	account, err := d.state.AccountByID(ctx, id)
	if err != nil {
		return err
	}
	if !disabled && account.Disabled { // whatever was left over must not work again
		if err := d.EndOthers(ctx, id, ""); err != nil {
			return err
		}
	}
	if err := d.append(ctx, parley.AccountChanged{ID: id, Disabled: &disabled}); err != nil {
		return err
	}
	d.log.Info("account changed", "account", id, "name", account.Name, "disabled", disabled)
	if !disabled {
		return nil
	}
	return d.EndOthers(ctx, id, "") // afterwards, since disabling may have been refused
}

// Remove removes an account and ends its logins. Errors as of SetDisabled.
func (d *Desk) Remove(ctx context.Context, id parley.SenderID) error {
	if err := d.append(ctx, parley.AccountRemoved{ID: id}); err != nil {
		return err
	}
	d.log.Info("account removed", "account", id)
	return nil
}

// List gives all accounts, by name.
func (d *Desk) List(ctx context.Context) ([]parley.Account, error) {
	all, err := d.state.Accounts(ctx)
	slices.SortFunc(all, func(a, b parley.Account) int { return cmp.Compare(a.Name.Key(), b.Name.Key()) })
	return all, err
}

// Find gives the account of a name. The error is CodeNoSuchAccount, for what can be nobody's name too.
func (d *Desk) Find(ctx context.Context, name string) (parley.Account, error) {
	account, err := d.state.Account(ctx, parley.Name(name).Key())
	if isNoAccount(err) {
		return parley.Account{}, parley.Errorf(parley.CodeNoSuchAccount, "there is no account %s", parley.CleanLine(name))
	}
	return account, err
}

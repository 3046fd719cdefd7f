package accounts

import (
	"context"
	"crypto/rand"
	"net/netip"
	"strings"

	"parley"
)

// errNewPassword is the answer to a one-time password that is right.
var errNewPassword = parley.Errorf(parley.CodeNewPassword,
	"this password is good for one time: choose your own with it, by parley login URL")

// legible are the characters of a one-time password: small letters and digits, without those that are taken for one
// another on paper (0 and o; 1, i and l).
const legible = "abcdefghjkmnpqrstuvwxyz23456789"

// The shape of a one-time password: three groups of four characters, 59 random bits.
const (
	groups    = 3
	groupSize = 4
)

// NewOneTimePassword makes a password to be printed and typed, such as k7mf-2xqa-p9dh. Whoever guesses it has as many
// tries as the throttle allows.
func NewOneTimePassword() string {
	var b strings.Builder
	for b.Len() < groups*(groupSize+1)-1 {
		if b.Len()%(groupSize+1) == groupSize {
			b.WriteByte('-')
			continue
		}
		b.WriteByte(randomLegible())
	}
	return b.String()
}

// randomLegible gives one of legible, each as likely as the others: five bits, drawn again where they are too many.
func randomLegible() byte {
	for one := make([]byte, 1); ; {
		_, _ = rand.Read(one) // it never fails
		if i := int(one[0] & 31); i < len(legible) {
			return legible[i]
		}
	}
}

// AddOneTime makes an account with a one-time password. Errors as of Add.
func (d *Desk) AddOneTime(ctx context.Context, name, password string, role parley.Role) (parley.Account, error) {
	return d.add(ctx, asked{name, password, role, true}, network(netip.Addr{}))
}

// SetOneTimePassword gives an account a one-time password, and ends all its logins. Errors as of SetPassword.
func (d *Desk) SetOneTimePassword(ctx context.Context, id parley.SenderID, password string) error {
	return d.setPassword(ctx, id, password, true, "")
}

// LoginAnew gives the account whose name and password somebody at an address has given, a one-time password or not,
// another password, ends its logins, and gives its identity. Of several at once who have the same password, one succeeds.
// Errors as of Login, and CodeInvalid for a new password that CheckPassword refuses or that is the old one.
func (d *Desk) LoginAnew(
	ctx context.Context, name, password, another string, from netip.Addr,
) (parley.Identity, error) {
	if err := CheckPassword(another); err != nil {
		return parley.Identity{}, err
	}
	if another == password {
		return parley.Identity{}, parley.Errorf(parley.CodeInvalid, "the new password has to be another one than the old one")
	}
	who, err := d.authenticate(ctx, name, password, from)
	if err != nil {
		return parley.Identity{}, err
	}
	kept, err := d.digest(ctx, another, network(from))
	if err != nil {
		return parley.Identity{}, err
	}
	d.setting.Lock()
	defer d.setting.Unlock()
	present, err := d.state.Password(ctx, who.account.ID)
	switch {
	case isNoAccount(err), err == nil && present != who.kept: // removed, or changed by somebody else meanwhile
		return parley.Identity{}, errWrong
	case err != nil:
		return parley.Identity{}, err
	}
	return who.identity(), d.keep(ctx, who.account, kept, false, "")
}

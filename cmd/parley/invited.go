package main

import (
	"context"
	"errors"
	"io"
	"strings"
	"time"

	"parley"
	"parley/accounts"
	"parley/client"
	"parley/client/api"
	"parley/web/wire"
)

// comeInvited gives the token of whoever follows the link of an invite: that of `parley login`, or of an earlier invite, where
// it fits, and else one that the invite gives, which is kept for the next time. So nobody uses an invite twice by coming
// back.
func (f *joinFlags) comeInvited(ctx context.Context, e entry, in io.Reader, errOut io.Writer, screen *client.Screen,
) (parley.Token, error) {
	asked := client.API(f.options(screen, e.trusted))
	asked.Patience = 30 * time.Second
	defer asked.HTTP.CloseIdleConnections()
	known, err := f.knownHere(ctx, asked)
	switch {
	case err != nil:
		return "", err
	case known.Token != "" && e.password == nil && (f.name == "" || f.name == known.Name):
		screen.Show(client.Notice{Sentence: "you have been here as " + known.Name + "; the invite is not used" +
			f.claimHint(ctx, asked, known)})
		f.name = known.Name
		return known.Token, nil
	}
	opened, err := f.useInvite(ctx, asked, e, in, errOut)
	if err != nil {
		return "", err
	}
	f.name = opened.You.Name
	if known.Token != "" {
		screen.Show(client.Notice{Sentence: "you stay logged in as " + known.Name + " for other commands"})
		return opened.Token, nil
	}
	return opened.Token, keepLogin(f.target, opened)
}

// visitor is somebody whose login is kept.
type visitor struct {
	login
	account bool
}

// knownHere gives whose login is kept for the server, with the name that they have now; nobody where there is none, or none
// that opens anything.
func (f *joinFlags) knownHere(ctx context.Context, asked *api.Client) (visitor, error) {
	kept, err := readLogins()
	if err != nil {
		return visitor{}, nil // it is a convenience, and not worth failing for
	}
	known := kept.Servers[f.target.URL()]
	if known.Token == "" {
		return visitor{}, nil
	}
	theirs := *asked
	theirs.Token = known.Token
	me, err := theirs.Me(ctx)
	if parley.CodeOf(err) == parley.CodeUnauthorized {
		return visitor{}, nil
	}
	known.Name = me.Name
	return visitor{known, me.Account}, err
}

// claimHint says what a guest can do with an invite for an account.
func (f *joinFlags) claimHint(ctx context.Context, asked *api.Client, known visitor) string {
	if known.account {
		return ""
	}
	invite, err := asked.OpenInvite(ctx, f.target.Invite)
	if err != nil || invite.Kind != parley.InviteAccount {
		return ""
	}
	return "; to make yours an account by it: parley claim --invite " + f.target.URL() + "/invite/" + string(f.target.Invite)
}

// useInvite comes in by the invite, as a guest or by making an account.
func (f *joinFlags) useInvite(ctx context.Context, asked *api.Client, e entry, in io.Reader, errOut io.Writer,
) (wire.LoggedIn, error) {
	invite, err := asked.OpenInvite(ctx, f.target.Invite)
	if err != nil {
		return wire.LoggedIn{}, err
	}
	ticket := wire.Ticket{Invite: f.target.Invite, Use: parley.NewUseID()}
	if invite.Kind == parley.InviteAccount {
		return f.register(ctx, asked, ticket, e, in, errOut)
	}
	if e.password != nil {
		return wire.LoggedIn{}, usage("this invite is for a guest, who has no password")
	}
	if err := f.askInvited(ctx, in, errOut, "name (none for one that the server gives): "); err != nil {
		return wire.LoggedIn{}, err
	}
	opened, err := asked.Login(ctx, wire.Login{Name: f.name, Ticket: ticket})
	return opened, otherName(err)
}

// register makes an account and logs in to it.
func (f *joinFlags) register(ctx context.Context, asked *api.Client, ticket wire.Ticket, e entry, in io.Reader, errOut io.Writer,
) (wire.LoggedIn, error) {
	if err := f.askInvited(ctx, in, errOut, "name of your account: "); err != nil {
		return wire.LoggedIn{}, err
	}
	if f.name == "" {
		return wire.LoggedIn{}, usage("this invite is for an account: give its name by --name")
	}
	var password string
	switch {
	case e.password != nil:
		password = *e.password
	case !isTerminal(in):
		return wire.LoggedIn{}, usage("this invite is for an account: give its password by --password-stdin")
	default:
		var err error
		if password, err = chooseSecret(ctx, in, errOut, f.name); err != nil {
			return wire.LoggedIn{}, err
		}
	}
	account, err := asked.AddAccount(ctx, wire.NewAccount{Name: f.name, Password: password, Ticket: ticket})
	if err != nil {
		return wire.LoggedIn{}, otherName(err)
	}
	return logIn(ctx, asked, string(account.Name), password)
}

// askInvited asks for the name where none was given and somebody can be asked.
func (f *joinFlags) askInvited(ctx context.Context, in io.Reader, errOut io.Writer, question string) error {
	if f.name != "" || !isTerminal(in) {
		return nil
	}
	line, err := askLine(ctx, in, errOut, question)
	if err != nil {
		return err
	}
	f.name, err = f.target.ParseName(strings.TrimSpace(line))
	return err
}

// chooseSecret has somebody at a terminal choose a password: they type it twice, and it is not shown.
func chooseSecret(ctx context.Context, in io.Reader, errOut io.Writer, name string) (string, error) {
	defer hideTyping(in)()
	password, same, err := askNewPassword(ctx, in, errOut, name)
	switch {
	case err != nil:
		return "", err
	case !same:
		return "", errors.New("the two passwords are not the same")
	}
	return password, accounts.CheckPassword(password)
}

// otherName says what can be done about a name that is somebody else's.
func otherName(err error) error {
	switch code := parley.CodeOf(err); code {
	case parley.CodeNameTaken, parley.CodePasswordNeeded:
		return parley.Wrap(code, err, parley.Sentence(err)+": choose another by --name NAME")
	}
	return err
}

package main

import (
	"context"
	"crypto/tls"
	"io"

	"parley"
	"parley/client"
	"parley/client/api"
	"parley/web/wire"
)

// entry is what somebody joins a server with.
type entry struct {
	trusted  *tls.Config  // with TLS
	token    parley.Token // on http://; "" for a guest who comes without
	password *string      // by --password-stdin, on other protocols
}

// enter finds out what to join with, before anything is read that is typed into the chat. On http:// a name is asked for
// here, so that its password is, too.
func (f *joinFlags) enter(ctx context.Context, in io.Reader, errOut io.Writer, screen *client.Screen) (e entry, err error) {
	notice := func(line string) { screen.Show(client.Notice{Sentence: line}) }
	if e.trusted, err = f.trust.config(f.target, notice); err != nil {
		return e, err
	}
	if f.stdin {
		password, err := readSecret(in)
		if err != nil {
			return e, err
		}
		e.password = &password
	}
	if f.target.Scheme == client.SchemeHTTP {
		if f.target.Invite != "" {
			e.token, err = f.comeInvited(ctx, e, in, errOut, screen)
		} else {
			e.token, err = f.logIn(ctx, e, in, errOut, screen)
		}
	}
	return e, err
}

// logIn gives the token to come to an http:// server with: that of `parley login` where it fits, else a new one for the
// name, which is a guest's or has a password. Without a name there is none.
func (f *joinFlags) logIn(ctx context.Context, e entry, in io.Reader, errOut io.Writer, screen *client.Screen,
) (parley.Token, error) {
	if e.password == nil {
		if known, err := readLogins(); err == nil { // it is a convenience, and not worth failing for
			if kept, ok := known.Servers[f.target.URL()]; ok && (f.name == "" || f.name == kept.Name) {
				f.name = kept.Name
				return kept.Token, nil
			}
		}
	}
	if f.name == "" {
		return "", nil
	}
	asked := client.API(f.options(screen, e.trusted))
	defer asked.HTTP.CloseIdleConnections()
	opened, err := f.open(ctx, asked, e, in, errOut)
	return opened.Token, err
}

// open opens a session for the name.
func (f *joinFlags) open(ctx context.Context, asked *api.Client, e entry, in io.Reader, errOut io.Writer) (wire.LoggedIn, error) {
	if e.password != nil {
		return logIn(ctx, asked, f.name, *e.password)
	}
	opened, err := asked.Login(ctx, wire.Login{Name: f.name})
	code := parley.CodeOf(err)
	needed := code == parley.CodePasswordNeeded || code == parley.CodeUnauthorized
	switch {
	case needed && isTerminal(in):
		return typePassword(ctx, asked, f.name, in, errOut)
	case needed:
		return opened, parley.Wrap(code, err, parley.Sentence(err)+
			": give it by --password-stdin, or log in first with parley login "+f.target.URL())
	case code == parley.CodeNameTaken:
		return opened, parley.Wrap(code, err, parley.Sentence(err)+": choose another by --name NAME")
	}
	return opened, err
}

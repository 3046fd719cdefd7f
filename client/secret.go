package client

import (
	"context"
	"strings"
	"time"

	"parley"
)

// secret is the password of a name, kept to come back with. It is shown to nobody.
type secret struct{ name, password string }

// passwordWanted reads the question of a server for the password of a name; false for any other text.
func passwordWanted(text string) (name string, ok bool) {
	name, ok = strings.CutPrefix(strings.TrimSpace(text), "password for ")
	if !ok {
		return "", false
	}
	name, ok = strings.CutSuffix(name, ":")
	return name, ok && name != ""
}

// errWrongPassword is why a server has closed that takes only accounts.
var errWrongPassword = parley.Errorf(parley.CodeWrongPassword, "the server has closed the connection: wrong password")

// isWrongPassword reports whether that is what an error of a server says.
func isWrongPassword(words string) bool { return strings.HasPrefix(words, "wrong password") }

// passwordFor gives the password of a name: the one that was given before, where known says that it may be the right one,
// else what the person says.
func (c *Client) passwordFor(ctx context.Context, name string, known bool) (string, error) {
	c.mu.Lock()
	kept := c.secret
	c.mu.Unlock()
	if known && kept.name == name {
		return kept.password, nil
	}
	if c.options.Password == nil {
		return "", errNoPassword(name)
	}
	password, err := c.options.Password(ctx, name)
	if err != nil {
		return "", err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.secret = secret{name, password}
	return password, nil
}

// errNoPassword is the answer where nobody can be asked.
func errNoPassword(name string) error {
	return parley.Errorf(parley.CodePasswordNeeded, "the name %s needs a password: give it by --password-stdin",
		parley.CleanLine(name))
}

// answer answers, in a goroutine of its own, a server that asks for the password of a name: by what is known, or by what
// the person says. The context is that of the connection. Where there is no answer, the Client ends.
func (c *Client) answer(ctx context.Context, out *outbound, gap time.Duration, name string, known bool, ending string) {
	c.done.Go(func() {
		password, err := c.passwordFor(ctx, name, known)
		if err == nil {
			err = out.take(ctx, gap)
		}
		switch {
		case ctx.Err() != nil: // the connection has ended
		case err != nil:
			c.cancel(err)
		default:
			defer out.giveBack()
			out.write(ctx, []byte(password+ending))
		}
	})
}

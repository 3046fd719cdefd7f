package admin

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"unicode/utf8"

	"parley"
)

// maxAnswer is the longest answer that a Client takes, in bytes: some hundred thousand accounts.
const maxAnswer = 64 << 20

// Client is a Keeper of the accounts of a server that runs on a data directory. Close it.
type Client struct {
	http    *http.Client
	release func()
}

// Dial gives a Client of the server that runs on dir. The error is an *parley.Error: CodeClosed when nobody listens
// there, and CodeStore when somebody may and the socket cannot be used.
func Dial(ctx context.Context, dir string) (*Client, error) {
	path, release, err := reach(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nobody(err)
	case err != nil:
		return nil, err
	}
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "unix", path)
	}
	conn, err := dial(ctx, "", "")
	if err != nil {
		release()
		return nil, nobody(err)
	}
	_ = conn.Close() // it has shown that somebody listens
	return &Client{http: &http.Client{Transport: &http.Transport{DialContext: dial}}, release: release}, nil
}

// nobody words that nothing came of connecting.
func nobody(err error) error {
	if errors.Is(err, fs.ErrPermission) {
		return parley.Wrap(parley.CodeStore, err,
			"you may not use the socket of the server that runs there; be the user that it runs as")
	}
	return parley.Wrap(parley.CodeClosed, err, "no server answers there")
}

// Close gives up the connection.
func (c *Client) Close() error {
	c.http.CloseIdleConnections()
	c.release()
	return nil
}

// List gives all accounts, by name.
func (c *Client) List(ctx context.Context) ([]Account, error) {
	var all list
	err := c.ask(ctx, http.MethodGet, "/accounts", nil, &all)
	return all.Accounts, err
}

// Add makes an account.
func (c *Client) Add(ctx context.Context, name, password string, role parley.Role) (Account, error) {
	return c.add(ctx, newAccount{Name: name, Password: password, Role: role})
}

// AddOneTime makes an account with a one-time password.
func (c *Client) AddOneTime(ctx context.Context, name, password string, role parley.Role) (Account, error) {
	return c.add(ctx, newAccount{Name: name, Password: password, Role: role, OneTime: true})
}

func (c *Client) add(ctx context.Context, asked newAccount) (added Account, err error) {
	err = c.ask(ctx, http.MethodPost, "/accounts", asked, &added, asked.Name, asked.Password)
	return added, err
}

// Change changes an account.
func (c *Client) Change(ctx context.Context, name string, change Change) (changed Account, err error) {
	texts := []string{name}
	if change.Password != nil {
		texts = append(texts, *change.Password)
	}
	err = c.ask(ctx, http.MethodPatch, named(name), change, &changed, texts...)
	return changed, err
}

// Remove removes an account.
func (c *Client) Remove(ctx context.Context, name string) (removed Account, err error) {
	err = c.ask(ctx, http.MethodDelete, named(name), nil, &removed, name)
	return removed, err
}

// named gives the path of an account. Its name is no part of the path proper, where "." and ".." would be something
// else.
func named(name string) string { return "/accounts?" + url.Values{"name": {name}}.Encode() }

// ask makes a request with a body of JSON, nil for none, and reads its answer. texts are those in it that people have
// typed: what is no UTF-8 is refused, since JSON would make something else of it.
func (c *Client) ask(ctx context.Context, method, path string, body, into any, texts ...string) error {
	for _, text := range texts {
		if !utf8.ValidString(text) {
			return parley.Errorf(parley.CodeInvalid, "names and passwords must be UTF-8 text")
		}
	}
	var encoded bytes.Buffer
	if body != nil {
		if err := json.NewEncoder(&encoded).Encode(body); err != nil {
			return err
		}
	}
	request, err := http.NewRequestWithContext(ctx, method, "http://parley"+path, &encoded)
	if err != nil {
		return err
	}
	response, err := c.http.Do(request)
	if err != nil {
		return unanswered(ctx, err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	if err != nil {
		return unanswered(ctx, err)
	}
	if response.StatusCode >= 300 {
		var f failure
		if err := json.Unmarshal(answer, &f); err != nil || f.Code == "" {
			return fmt.Errorf("the server answered %s", response.Status)
		}
		return f.error()
	}
	return json.Unmarshal(answer, into)
}

// unanswered words that a request got no answer.
func unanswered(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return parley.Wrap(parley.CodeClosed, err, "the server has gone away; what was asked may or may not have happened")
}

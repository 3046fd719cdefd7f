package api

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"parley"
	"parley/web/wire"
)

// maxAnswer is how long an answer may be that is no file, in bytes.
const maxAnswer = 64 << 20

// Client asks one server, as one person. It is used by any number of goroutines; its fields are not changed meanwhile.
type Client struct {
	Base     string        // the server: http://HOST:PORT or https://HOST:PORT, and nothing behind
	HTTP     *http.Client  // follows no redirects, else the token could go elsewhere
	Token    parley.Token  // who asks; "" for what needs nobody
	Patience time.Duration // how long what can be asked again is; 0 for once
	Stall    time.Duration // how long nothing may move of a file on its way; a minute when 0

	// Wait waits; nil for a timer's wait.
	Wait func(context.Context, time.Duration) error
}

// request is something to ask.
type request struct {
	method string
	path   string
	query  url.Values
	body   any  // sent as JSON; nil for none
	again  bool // asking twice does what asking once does
}

// call asks, and reads the answer into a T.
func call[T any](ctx context.Context, c *Client, r request) (answer T, err error) {
	err = c.patiently(ctx, r.again, func() error {
		response, err := c.send(ctx, r)
		if err != nil {
			return err
		}
		defer drop(response)
		if response.StatusCode == http.StatusNoContent {
			return nil
		}
		body, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
		if err != nil {
			return unreachable(err)
		}
		answer, err = wire.DecodeAnswer[T](body)
		return err
	})
	return answer, err
}

// send asks once. The error is what the server refuses it with.
func (c *Client) send(ctx context.Context, r request) (*http.Response, error) {
	var body io.Reader
	if r.body != nil {
		text, err := json.Marshal(r.body)
		if err != nil {
			return nil, parley.Wrap(parley.CodeInvalid, err, "this cannot be sent")
		}
		body = bytes.NewReader(text)
	}
	request, err := c.newRequest(ctx, r, body)
	if err != nil {
		return nil, err
	}
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	return c.do(request)
}

// newRequest makes the HTTP request for r.
func (c *Client) newRequest(ctx context.Context, r request, body io.Reader) (*http.Request, error) {
	address := c.Base + r.path
	if len(r.query) > 0 {
		address += "?" + r.query.Encode()
	}
	request, err := http.NewRequestWithContext(ctx, r.method, address, body)
	if err != nil {
		return nil, parley.Wrap(parley.CodeInvalid, err, "this cannot be asked for")
	}
	if c.Token != "" {
		request.Header.Set("Authorization", "Bearer "+string(c.Token)) // RFC 6750, section 2.1
	}
	return request, nil
}

// do sends a request. It gives an answer only where that is what was asked for.
func (c *Client) do(request *http.Request) (*http.Response, error) {
	response, err := c.HTTP.Do(request)
	if err != nil {
		return nil, unreachable(err)
	}
	if response.StatusCode >= 200 && response.StatusCode < 300 {
		return response, nil
	}
	defer drop(response)
	return nil, problemIn(response)
}

// drop ends an answer. What is left of a short one is read, so that the connection can be used again.
func drop(response *http.Response) {
	_, _ = io.CopyN(io.Discard, response.Body, 4<<10)
	_ = response.Body.Close()
}

// patiently does what can fail, again and again while that can help and Patience lasts.
func (c *Client) patiently(ctx context.Context, again bool, do func() error) error {
	for p := c.newPatience(); ; {
		if err := do(); err == nil || !p.again(ctx, err, again) {
			return err
		}
	}
}

// segment writes one part of a path.
func segment(s string) string {
	if strings.Trim(s, ".") == "" { // which every program on the way takes for a step in the path
		return strings.ReplaceAll(s, ".", "%2E")
	}
	return url.PathEscape(s)
}

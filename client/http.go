package client

import (
	"context"
	"net"
	"net/http"
	"time"

	"parley"
	"parley/client/api"
)

// API gives a client of the REST interface of an http:// or https:// server, which connects as a Client with these
// Options would. Nobody asks by it yet but whose token is in the Options. Whoever is done with it calls
// HTTP.CloseIdleConnections.
func API(o Options) *api.Client { return o.api(o.httpClient(), o.Token) }

// api makes a client of the REST interface that asks as somebody.
func (o Options) api(h *http.Client, token parley.Token) *api.Client {
	return &api.Client{Base: o.Target.URL(), HTTP: h, Token: token}
}

// httpClient makes a client for HTTP that reaches the target however a request is written, and nothing else.
func (o Options) httpClient() *http.Client {
	connect := func(ctx context.Context, _, _ string) (net.Conn, error) { return o.dial(ctx) }
	return &http.Client{
		Transport: &http.Transport{
			DialContext: connect, DialTLSContext: connect, DisableCompression: true,
			MaxIdleConnsPerHost: 1, IdleConnTimeout: 10 * time.Second, ResponseHeaderTimeout: time.Minute,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

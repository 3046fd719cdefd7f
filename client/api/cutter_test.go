package api_test

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"

	"parley"
	"parley/client/api"
	host "parley/server"
	"parley/web/wire"
)

// cutter is a network before a server that cuts one connection, at an exact byte of what goes to the server or comes from it,
// and lets whatever comes later pass.
type cutter struct {
	listener net.Listener
	server   string
	running  sync.WaitGroup

	mu       sync.Mutex
	up, down int  // bytes that pass before the cut; less than 0 for all
	whole    bool // the connection ended before it was cut
	conns    map[net.Conn]bool
	closed   bool
}

// newCutter runs a server behind a network that does not cut yet.
func newCutter(t *testing.T) *cutter {
	t.Helper()
	free, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := free.Addr().String()
	_ = free.Close()
	s, err := host.New(t.Context(), host.Config{Listen: []string{"http://" + address + "?flood=off"}, Data: host.Volatile},
		host.Environment{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	c := &cutter{server: address, up: -1, down: -1, conns: make(map[net.Conn]bool)}
	if c.listener, err = net.Listen("tcp4", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	var serving sync.WaitGroup
	serving.Go(func() {
		if err := s.Run(ctx); err != nil {
			t.Error(err)
		}
	})
	c.running.Go(c.accept)
	t.Cleanup(func() { c.close(); stop(); serving.Wait() })
	return c
}

// ann gives the token of somebody who asks through the network.
func (c *cutter) ann(t *testing.T) parley.Token {
	t.Helper()
	asked := c.client("")
	defer asked.HTTP.CloseIdleConnections()
	guest, err := asked.Login(t.Context(), wire.Login{Name: "ann"})
	if err != nil {
		t.Fatal(err)
	}
	return guest.Token
}

// client gives a client that has no connection yet, and waits for nothing.
func (c *cutter) client(token parley.Token) *api.Client {
	return &api.Client{
		Base: "http://" + c.listener.Addr().String(), HTTP: &http.Client{Transport: &http.Transport{}}, Token: token,
		Patience: time.Hour, Wait: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	}
}

// cut has the next connection cut after so many bytes.
func (c *cutter) cut(up, down int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.up, c.down, c.whole = up, down, true
}

// passed reports whether what was said did not come as far as the last cut.
func (c *cutter) passed() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.whole
}

// didCut notes that it has been cut.
func (c *cutter) didCut() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.whole = false
}

// next gives the fate of a connection.
func (c *cutter) next(client net.Conn) (up, down int, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	up, down = c.up, c.down
	c.up, c.down = -1, -1
	c.conns[client] = true
	return up, down, !c.closed
}

func (c *cutter) accept() {
	for {
		client, err := c.listener.Accept()
		if err != nil {
			return
		}
		up, down, ok := c.next(client)
		if !ok {
			_ = client.Close()
			continue
		}
		c.running.Go(func() { c.serve(client, up, down) })
	}
}

// serve joins a client to the server until the cut.
func (c *cutter) serve(client net.Conn, up, down int) {
	defer func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.conns, client)
	}()
	server, err := net.Dial("tcp4", c.server)
	if err != nil {
		_ = client.Close()
		return
	}
	end := func() { _ = client.Close(); _ = server.Close() }
	var both sync.WaitGroup
	for _, way := range []struct {
		from, to net.Conn
		n        int
	}{{client, server, up}, {server, client, down}} {
		both.Go(func() {
			if pass(way.from, way.to, way.n) {
				c.didCut()
			}
			end()
		})
	}
	both.Wait()
}

// pass hands over n bytes, or all where n is less than 0. It reports whether all n have passed.
func pass(from, to net.Conn, n int) bool {
	buffer := make([]byte, 16<<10)
	for n != 0 {
		room := buffer
		if n > 0 {
			room = buffer[:min(n, len(buffer))]
		}
		got, err := from.Read(room)
		if err != nil {
			return false
		}
		if _, err := to.Write(room[:got]); err != nil {
			return false
		}
		if n > 0 {
			n -= got
		}
	}
	return true
}

func (c *cutter) close() {
	_ = c.listener.Close()
	c.mu.Lock()
	c.closed = true
	for conn := range c.conns {
		_ = conn.Close()
	}
	c.mu.Unlock()
	c.running.Wait()
}

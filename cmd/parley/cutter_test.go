//go:build unix

package main

import (
	"math/rand/v2"
	"net"
	"sync"
	"testing"
)

// cutter is a bad network: a proxy before a server, which cuts each connection after some random number of bytes in either
// direction, wherever in a frame that is. While the server is away, whoever connects waits.
type cutter struct {
	listener net.Listener
	server   string
	up, down int // bytes that pass to and from the server before a cut, on average
	running  sync.WaitGroup

	mu     sync.Mutex
	random *rand.Rand
	here   chan struct{} // closed while the server is there
	conns  map[net.Conn]bool
	closed bool
	cuts   int
}

// newCutter opens a cutter before a server that is away, until the test ends.
func newCutter(t *testing.T, server string, random *rand.Rand, up, down int) *cutter {
	t.Helper()
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &cutter{
		listener: listener, server: server, up: up, down: down, random: random,
		here: make(chan struct{}), conns: make(map[net.Conn]bool),
	}
	c.running.Go(c.accept)
	t.Cleanup(c.close)
	return c
}

// address is where clients connect to.
func (c *cutter) address() string { return c.listener.Addr().String() }

// open lets those who wait through to the server.
func (c *cutter) open() {
	c.mu.Lock()
	defer c.mu.Unlock()
	close(c.here)
}

// shut has whoever connects from now on wait.
func (c *cutter) shut() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.here = make(chan struct{})
}

// cutAll cuts every connection that there is.
func (c *cutter) cutAll() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for conn := range c.conns {
		_ = conn.Close()
	}
}

// close ends everything.
func (c *cutter) close() {
	c.mu.Lock()
	c.closed = true
	select {
	case <-c.here:
	default:
		close(c.here)
	}
	c.mu.Unlock()
	_ = c.listener.Close()
	c.cutAll()
	c.running.Wait()
}

func (c *cutter) accept() {
	for {
		client, err := c.listener.Accept()
		if err != nil {
			return
		}
		if c.add(client) {
			c.running.Go(func() { c.serve(client) })
		}
	}
}

// add notes a connection, and closes it where it is too late for that.
func (c *cutter) add(conn net.Conn) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		_ = conn.Close()
		return false
	}
	c.conns[conn] = true
	return true
}

// remove closes a connection and forgets it.
func (c *cutter) remove(conn net.Conn) {
	_ = conn.Close()
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.conns, conn)
}

// serve joins a client to the server until the cut.
func (c *cutter) serve(client net.Conn) {
	defer c.remove(client)
	c.mu.Lock()
	here := c.here
	c.mu.Unlock()
	<-here
	server, err := net.Dial("tcp4", c.server)
	if err != nil || !c.add(server) {
		return // it has been killed again
	}
	defer c.remove(server)
	up, down, reset := c.fate()
	var both sync.WaitGroup
	for _, way := range []struct {
		from, to net.Conn
		n        int
	}{{client, server, up}, {server, client, down}} {
		both.Go(func() {
			pass(way.from, way.to, way.n)
			if reset {
				_ = client.(*net.TCPConn).SetLinger(0)
				_ = server.(*net.TCPConn).SetLinger(0)
			}
			_ = client.Close()
			_ = server.Close()
		})
	}
	both.Wait()
}

// fate decides after how many bytes a connection is cut, and whether by a reset. Most go on long enough for something to be
// said, and some do not even get to say who they are.
func (c *cutter) fate() (up, down int, reset bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.cuts++
	up = 1 + int(c.random.ExpFloat64()*float64(c.up))
	down = 1 + int(c.random.ExpFloat64()*float64(c.down))
	return up, down, c.random.IntN(2) == 0
}

// pass hands over n bytes, or what comes before an end.
func pass(from, to net.Conn, n int) {
	buf := make([]byte, 16<<10)
	for n > 0 {
		got, err := from.Read(buf[:min(n, len(buf))])
		if err != nil {
			return
		}
		if _, err := to.Write(buf[:got]); err != nil {
			return
		}
		n -= got
	}
}

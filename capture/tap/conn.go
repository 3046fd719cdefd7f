package tap

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/netip"
)

// Conn gives nc with everything that goes over it told to the Tap. It has dialled or accepted nc, as role says; a conn over UDP is
// known by its address.
func (t *Tap) Conn(nc net.Conn, role Role) net.Conn {
	if _, ok := nc.LocalAddr().(*net.UDPAddr); ok {
		return &connected{nc, t}
	}
	return &conn{nc, t.Begin(addressOf(nc.LocalAddr()), addressOf(nc.RemoteAddr()), role)}
}

// Dialled gives a connection that the program has made with everything that goes over it told to the Tap.
func (t *Tap) Dialled(nc net.Conn) net.Conn {
	_, secure := nc.(*tls.Conn)
	return t.Conn(nc, Role{TLS: secure})
}

// Packets gives a socket with every datagram that comes or goes told to the Tap.
func (t *Tap) Packets(socket net.PacketConn) net.PacketConn { return &packets{socket, t} }

// conn is a connection that tells.
type conn struct {
	net.Conn
	stream *Stream
}

// NetConn gives the connection without the Tap.
func (c *conn) NetConn() net.Conn { return c.Conn }

// Read reads what comes next, and tells of it.
func (c *conn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.stream.Received(p[:n], err)
	return n, err
}

// Write sends p, and tells of what was sent.
func (c *conn) Write(p []byte) (int, error) {
	n, err := c.Conn.Write(p)
	c.stream.Sent(p[:n], err)
	return n, err
}

// CloseWrite says that nothing more will be sent. The error is errors.ErrUnsupported where the connection has no halves.
func (c *conn) CloseWrite() error {
	half, ok := c.Conn.(interface{ CloseWrite() error })
	if !ok {
		return errors.ErrUnsupported
	}
	c.stream.Sent(nil, io.EOF)
	return half.CloseWrite()
}

// Close ends the connection, and tells of it.
func (c *conn) Close() error {
	c.stream.Closed()
	return c.Conn.Close()
}

// connected is a UDP socket that has one peer.
type connected struct {
	net.Conn
	tap *Tap
}

// NetConn gives the socket without the Tap.
func (c *connected) NetConn() net.Conn { return c.Conn }

// Read reads what comes next, and tells of it.
func (c *connected) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if err == nil {
		c.tap.Datagram(addressOf(c.LocalAddr()), addressOf(c.RemoteAddr()), p[:n], false)
	}
	return n, err
}

// Write sends p, and tells of what was sent.
func (c *connected) Write(p []byte) (int, error) {
	n, err := c.Conn.Write(p)
	if err == nil {
		c.tap.Datagram(addressOf(c.LocalAddr()), addressOf(c.RemoteAddr()), p[:n], true)
	}
	return n, err
}

// packets is a UDP socket with any number of peers.
type packets struct {
	net.PacketConn
	tap *Tap
}

// ReadFrom reads a datagram, and tells of it.
func (c *packets) ReadFrom(p []byte) (int, net.Addr, error) {
	n, from, err := c.PacketConn.ReadFrom(p)
	if err == nil {
		c.tap.Datagram(addressOf(c.LocalAddr()), addressOf(from), p[:n], false)
	}
	return n, from, err
}

// WriteTo sends a datagram, and tells of it.
func (c *packets) WriteTo(p []byte, to net.Addr) (int, error) {
	n, err := c.PacketConn.WriteTo(p, to)
	if err == nil {
		c.tap.Datagram(addressOf(c.LocalAddr()), addressOf(to), p[:n], true)
	}
	return n, err
}

// addressOf gives the IP address and port in a, the zero AddrPort where there is none.
func addressOf(a net.Addr) netip.AddrPort {
	if n, ok := a.(interface{ AddrPort() netip.AddrPort }); ok {
		return n.AddrPort()
	}
	return netip.AddrPort{}
}

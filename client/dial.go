package client

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/netip"
	"strconv"
	"syscall"
	"time"

	"parley"
)

// dialTimeout is how long connecting may take, looking up the name and the TLS handshake included.
const dialTimeout = 10 * time.Second

// windowsAddressNotAvailable is what syscall.EADDRNOTAVAIL is elsewhere: WSAEADDRNOTAVAIL.
const windowsAddressNotAvailable = syscall.Errno(10049)

// dial connects to the target.
func (o Options) dial(ctx context.Context) (net.Conn, error) {
	timeout := dialTimeout
	if o.Timeout > 0 {
		timeout = min(timeout, o.Timeout)
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	network := "tcp"
	if o.Target.Scheme == SchemeUDP {
		network = "udp"
	}
	d := net.Dialer{
		LocalAddr: o.local(network),
		// A server that is gone without a word is noticed after a minute.
		KeepAliveConfig: net.KeepAliveConfig{
			Enable: true, Idle: 15 * time.Second, Interval: 15 * time.Second, Count: 3,
		},
		Control: limitSilence,
	}
	conn, err := d.DialContext(ctx, network, o.Target.Address())
	if err != nil {
		return nil, o.notConnected(ctx, err)
	}
	if !o.Target.TLS {
		return o.tapped(conn), nil
	}
	secure := tls.Client(conn, o.TLS)
	if err := secure.HandshakeContext(ctx); err != nil {
		_ = conn.Close()
		return nil, o.notConnected(ctx, err)
	}
	return o.tapped(secure), nil
}

// tapped has a connection tell, where somebody wants to know.
func (o Options) tapped(conn net.Conn) net.Conn {
	if o.Tap == nil {
		return conn
	}
	return o.Tap.Dialled(conn)
}

// local gives the address to connect from.
func (o Options) local(network string) net.Addr {
	switch {
	case !o.Bind.IsValid():
		return nil
	case network == "udp":
		return net.UDPAddrFromAddrPort(netip.AddrPortFrom(o.Bind, 0))
	}
	return net.TCPAddrFromAddrPort(netip.AddrPortFrom(o.Bind, 0))
}

// notConnected makes the error of an attempt that failed.
func (o Options) notConnected(ctx context.Context, err error) error {
	if coded, ok := errors.AsType[*parley.Error](err); ok { // why a certificate is not trusted is a sentence already
		return coded
	}
	reason := innermost(err)
	var header tls.RecordHeaderError
	var lookup *net.DNSError
	switch {
	case errors.As(err, &lookup):
		reason = lookup.Err
	case errors.As(err, &header):
		reason = "it does not speak TLS"
	case errors.Is(err, io.EOF), o.Target.TLS && errors.Is(err, syscall.ECONNRESET):
		// Whoever is refused before TLS has begun cannot be told why.
		reason = "the server closed the connection before TLS had begun; it may be full"
	case ctx.Err() != nil:
		reason = "no answer in time"
	case o.Bind.IsValid() && (errors.Is(err, syscall.EADDRNOTAVAIL) || errors.Is(err, windowsAddressNotAvailable)):
		reason = o.Bind.String() + " is no address of this machine"
	}
	sentence := "cannot connect to " + o.Target.Address() + ": " + reason
	return parley.Wrap(parley.CodeClosed, err, parley.CleanLine(sentence))
}

// addressOf gives the IP address of a network address; the zero Addr where it has none.
func addressOf(a net.Addr) netip.Addr {
	if a == nil {
		return netip.Addr{}
	}
	address, err := netip.ParseAddrPort(a.String())
	if err != nil {
		return netip.Addr{}
	}
	return address.Addr().Unmap()
}

// namelessSelf is what others see of somebody at a network address who has no name.
func namelessSelf(a net.Addr) string {
	address, err := netip.ParseAddrPort(a.String())
	if err != nil {
		return ""
	}
	return address.Addr().Unmap().String() + " : " + strconv.Itoa(int(address.Port()))
}

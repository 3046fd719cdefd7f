package transport

import (
	"crypto/tls"
	"net"
	"net/netip"
	"testing"
)

// On Linux the kernel tells of each connection, on every kind of link: bytes grow by what was sent, and nobody is listed who is gone.
func TestTCPInfo(t *testing.T) {
	for name, options := range map[string]Options{
		"plain":    {},
		"tls":      {TLS: serverTLS(t)},
		"recorded": {Tap: func(_, _ netip.AddrPort) Recording { return new(memory) }},
	} {
		t.Run(name, func(t *testing.T) {
			l := listen(t, options)
			conns := make(chan *Conn, 1)
			serve(t, l, func(c *Conn) {
				conns <- c
				for {
					p, err := c.Next()
					if err != nil {
						return
					}
					send(c, string(p))
				}
			})
			dialled := dial(t, l)
			var nc net.Conn = dialled
			if options.TLS != nil {
				nc = tls.Client(nc, clientTLS)
			}
			_, _ = nc.Write([]byte("hello\n"))
			wantText(t, nc, "hello\n")
			from := addrPort(dialled.LocalAddr())
			first, ok := l.TCPInfo()[from]
			if !ok || first.BytesReceived < 6 || first.BytesSent < 6 || first.ReceiveSpace == 0 || first.CongestionWindow == 0 {
				t.Fatalf("%v, %+v", ok, first)
			}
			const more = 1000
			for range more {
				_, _ = nc.Write([]byte("hello again\n"))
				wantText(t, nc, "hello again\n")
			}
			second := l.TCPInfo()[from]
			received, sent := second.BytesReceived-first.BytesReceived, second.BytesSent-first.BytesSent
			if exact := options.TLS == nil; exact && (received != 12*more || sent < 12*more) || received < 12*more {
				t.Errorf("%d bytes more received, %d sent", received, sent)
			}
			_ = nc.Close()
			<-(<-conns).Done()
			if _, ok := l.TCPInfo()[from]; ok {
				t.Error("it is told of a connection that is gone")
			}
		})
	}
}

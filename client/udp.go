package client

import (
	"context"
	"net"

	"parley"
	"parley/peer"
	"parley/plain/wire"
)

// udp is a place at a server of plain+udp://. There is no connection: the server takes part in the conversation who has
// sent it a datagram lately, and nothing tells whether it is there.
type udp struct {
	client *Client
	conn   net.Conn
	out    *outbound
	again  bool
	self   string
}

func newUDP(c *Client, conn net.Conn, again bool) *udp {
	return &udp{client: c, conn: conn, out: newOutbound(conn), again: again, self: namelessSelf(conn.LocalAddr())}
}

// run takes datagrams until the socket is closed, or the other machine says that nobody listens there.
func (u *udp) run(ready func()) error {
	ready()
	opening := opening{client: u.client, conn: u.conn}
	if !u.again {
		opening.open()
		u.client.emit(Notice{"UDP has no connection: the first message joins, and whoever is silent for long has left"})
	} else {
		u.client.emit(Notice{"UDP does not tell whether the server is there again: the next message joins"})
	}
	served, err := u.receive(&opening)
	err = u.out.reason(err)
	for _, text := range u.out.end(u.client.ctx.Err() != nil) {
		u.client.emit(Doubt{text})
	}
	if !served && !u.again { // nobody listens there
		sentence := "cannot connect to " + u.client.shown() + ": " + innermost(err)
		return finalError{parley.Wrap(parley.CodeClosed, err, sentence)}
	}
	return err
}

// receive takes datagrams. It reports whether any has come.
func (u *udp) receive(opening *opening) (served bool, err error) {
	buffer := make([]byte, 64<<10) // no datagram is longer
	for {
		n, err := u.conn.Read(buffer)
		if err != nil {
			return served, err
		}
		served = true
		u.client.heard()
		u.out.served()
		opening.open()
		u.take(wire.ParseServerLine(string(buffer[:n])))
	}
}

// take deals with one datagram, which is one message whatever it looks like.
func (u *udp) take(line wire.ServerLine) {
	switch {
	case line.Text == "":
	case line.Kind == wire.LineMessage && line.Name == u.self:
		u.out.echoed(line.Words)
	case line.Kind == wire.LineMessage:
		u.client.emit(Message{From: line.Name, Text: line.Words})
	default:
		u.client.emit(Line{line.Text})
	}
}

// say sends a text to the room.
func (u *udp) say(ctx context.Context, text string) error {
	if len(text) > peer.MaxText {
		return parley.Errorf(parley.CodeTooLong, "message too long for one datagram (limit %d bytes)", peer.MaxText)
	}
	return u.out.say(ctx, 0, []byte(text), text)
}

// direct is not there.
func (u *udp) direct(context.Context, string) error { return errNoDirect }

// online is not there.
func (u *udp) online(context.Context) error { return errNoRoster }

// sendFile is not there.
func (u *udp) sendFile(context.Context, string) error { return errNoFiles }

// askFile is not there.
func (u *udp) askFile(context.Context, parley.FileName) error { return errNoFiles }

// settle does nothing: there is nothing that is answered.
func (u *udp) settle(context.Context) {}

// leave closes the socket. The server notices by the silence.
func (u *udp) leave() { _ = u.conn.Close() }

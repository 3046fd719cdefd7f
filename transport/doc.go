// Package transport listens for connections and moves their bytes: it knows TCP and TLS, limits, deadlines and
// back-pressure, and no protocol.
//
// A Listener accepts connections within its limits and runs one handler a connection. A Conn is one of them: its
// handler waits for bytes in Next, and anybody may Send to it, at any time, without ever waiting. NewConn makes the
// same Conn of any net.Conn, so that a protocol can be tested over one end of net.Pipe. ListenPacket opens a UDP socket
// with the same sentences for what can go wrong. Pacer says how long to wait before reading on from somebody who sends
// too fast.
//
// A connected, silent client costs its goroutine, its descriptor and a few hundred bytes: no read buffer, no second
// goroutine, no timer. DESIGN.md says how, and what happens when things fail.
//
// Every error that this package makes is a *parley.Error, but for io.EOF and os.ErrDeadlineExceeded, which Next gives
// as they are, and the error of a context that ended.
package transport

// Package client is one person's side of a chat: what `parley join` and scripts use. A Client speaks http:// with
// Parley's server, and plain://, plain+udp:// or roster:// with it or with a classroom server of another make, over TLS
// or not, and shows the same events for all of them.
//
// Three layers, from the wire up. A link is one connection of one protocol and lives in that protocol's file (plain.go,
// udp.go, roster.go, web.go). A Client is a link that comes back: when one breaks it waits, dials the next, and goes on
// (client.go, comeback.go, backoff.go). LineMode is a Client for a terminal or a pipe: words are typed in, and every
// event is printed as one line (linemode.go, typed.go, screen.go).
//
// On http:// messages have ids and numbers: what was typed arrives once, and what was missed is shown, however often the
// connection breaks. Scripts have the same by Follow, and the REST interface by API.
//
// What the other protocols cannot give, the package does not pretend. None of them acknowledges a message, and none
// replays what was said while a client was away. So a message that was on its way when a connection broke is reported as not
// known to have arrived and is never sent a second time, and nothing is ever printed a second time.
//
// How texts are sent is the same for servers of every make. On plain:// a message ends with LF: Parley's server goes by
// that, and to a classroom server, which takes for a message whatever one recv returns, it is white space at the end of
// the text. On roster:// there is no LF, because a classroom server relays it and classroom clients take the two halves
// apart. To be one recv each, two messages are 60 ms apart, until a plain server has shown by an answer that it is
// Parley's.
//
// The package never imports the hub, the stores or the server; it shares with the server the codecs of the wire alone.
package client

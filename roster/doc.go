// Package roster is the server side of roster://, the classroom protocol in which a client's first message is its name, the
// server relays what people say and tells everybody who is here and at which address, and people send each other direct
// messages over UDP, past the server. A Server serves the connections of one listener. The codec is in roster/wire.
//
// What clients send is framed exactly as on plain://, so it is the Framer of plain/wire that does it; nothing else of plain
// is used here.
//
// Nothing but the hub's delivery and these rosters goes to a client, each at its time (see wire.Pacer): an outbox holds back
// what cannot go yet, with a timer that runs only while something waits. An idle connection has the goroutine that calls
// Handle, and nothing else.
package roster

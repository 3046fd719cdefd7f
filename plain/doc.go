// Package plain is the server side of plain://, chat as text over TCP for netcat, telnet and the socket programs of
// classrooms. A Server serves the connections of one listener: it turns their bytes into calls on the hub, and gives
// the hub the form in which its people read what happens. The codec is in plain/wire.
//
// It holds no rule of chat. A connection on which nothing happens costs a goroutine that waits, on the smallest of
// stacks, and a few hundred bytes. DESIGN.md tells how a stream becomes messages, and where the memory went.
package plain

// Package wire is the codec of plain://, chat as text over TCP: it cuts a stream of bytes into messages (Framer), reads
// what a client asks for (ParseCommand), writes what a server says (the Append functions, Style), reads that again on
// the client's side (ParseServerLine), and answers clients of other protocols that came to the wrong door (HTTPAnswer,
// TLSAnswer).
//
// It serves the server, the client and whoever explains a capture of the traffic. It does no input or output, starts no
// goroutine, and reads no clock: the time comes in with the bytes.
package wire

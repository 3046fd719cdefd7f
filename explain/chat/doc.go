// Package chat reads what was said on a connection out of its bytes, whichever protocol it was said in: plain, roster,
// IRC, HTTP, and the messages on a WebSocket; and out of datagrams (Datagram). A Conversation takes the bytes of both
// sides in order, finds out by the first ones which protocol it is, and tells each message with the place in the stream
// where it stands, so that whoever knows the segments knows which of them carried it.
//
// What protocols have codecs for is read by those. Bytes come from a capture, so anything may be in them: everything
// told is clean (parley.CleanText) and short, no password is told, and what is kept for later is bounded.
//
// The package does no input or output, starts no goroutine and reads no clock: times come in with the bytes. It does not
// put segments in order, see package explain.
package chat

// Package wire is the codec of the HTTP and WebSocket door: the messages that go both ways over GET /v1/socket, and the
// bodies of the requests and answers under /v1/.
//
// On the socket every message is one text frame of JSON (RFC 8259), an object whose member "type" says what it is. There is
// one Go type for each, a ClientMessage or a ServerMessage; ClientMessages and ServerMessages list them. A server reads
// with DecodeClient, which refuses whatever it does not know, and writes with AppendEvent and the Append methods, which on
// the path of a message allocate nothing. A client writes with the Append methods as well and reads with DecodeServer, which
// passes over what a newer server may have added, and cleans what it gives so that it may be shown. DecodeRequest and
// DecodeAnswer do the same for bodies, and Problem (RFC 9457) is what every error is told as.
//
// Names of fields are in snake_case. Times are RFC 3339 in UTC with microseconds. Numbers are integers below 2^53, which
// every JSON reader keeps exactly. A room is named by a Place. Neither what may be said nor who may say it is decided here:
// text, names and rights are the hub's affair.
//
// What each message is for, with an example, stands in docs/protocol.md; the shapes are in docs/protocol.schema.json, made
// from these types. Both grow and never change: clients of an older version pass over what they do not know.
//
// The package does no input or output, starts no goroutine and reads no clock. Frames (RFC 6455, section 5) are cut
// elsewhere; AppendFrameHeader writes the few bytes before one.
package wire

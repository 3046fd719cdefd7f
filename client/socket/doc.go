// Package socket is a client's side of GET /v1/socket: one connection, and an account of what has been seen of each room.
//
// A Conn makes a WebSocket (RFC 6455) of a connection that has been dialled, and sends and gives the messages of
// web/wire. A Seen says, connection after connection, what to join rooms with so that every event is shown once and in
// order, and which of those that come are new. Nothing here dials, waits to come back, or shows anything to a person.
package socket

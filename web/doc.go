// Package web is the server side of http:// and https://: a WebSocket on which people chat, and a REST interface for
// everything that can be asked once. It turns requests and frames into calls of the hub and what the hub delivers into
// frames, and holds no rule of chat.
//
// A connection comes from transport like that of any other protocol. Its own goroutine waits while net/http speaks HTTP on it;
// when the client asks for a WebSocket, net/http lets go of the connection and that goroutine, whose stack is still small, goes
// on with it. So a silent WebSocket costs what a silent plain connection does.
//
// See DESIGN.md for the reasons, and docs/protocol.md for what is spoken.
package web

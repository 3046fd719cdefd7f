// Package web is the server side of http:// and https://: a WebSocket on which people chat, and a REST interface for
// everything that can be asked once. It turns requests and frames into calls of the hub and what the hub delivers into
// frames, and holds no rule of chat.
//
// A connection comes from transport like that of any other protocol. net/http speaks HTTP on it, unless
// the client asks for a WebSocket at once, or until it does. A WebSocket is waited for and listened to in steps, so a silent one
// costs little more than a silent plain connection.
//
// See DESIGN.md for the reasons, and docs/protocol.md for what is spoken.
package web

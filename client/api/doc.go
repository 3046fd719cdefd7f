// Package api asks a Parley server over HTTP: one method for each thing that scripts need of /v1/, with the bodies of
// web/wire. Make a Client, Login with it, and call.
//
// Every error is an *parley.Error: what the server said (RFC 9457), or CodeClosed where it could not be reached. Where
// asking again can help and does no harm, a Client with Patience does so: after as long as the server says
// (Retry-After), else after a growing pause. What makes something happen carries an id, so that asking again does it
// once; whoever wants to ask again later keeps the id.
//
// Files are streamed, and never held in memory. For what happens as it happens there is the socket: client.Follow.
package api

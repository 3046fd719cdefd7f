// Package peer carries direct messages from one client straight to another, without a server in between.
//
// A message is one UDP datagram that holds its text and nothing else, from the sender's address to the receiver's, the
// same port on both. There is no acknowledgement: a datagram may be lost, and nobody is told. Who sent one is known by
// the address that it came from, which anybody on the way can forge; so a name on a direct message is as good as the
// network.
//
// Everything that comes in is taken for hostile: it is cleaned, empty datagrams are ignored, and how much gets through
// is limited, for each registered sender on its own and for all others together, so that a flood of one does not
// silence the rest. Use package client for messages that go through a server.
package peer

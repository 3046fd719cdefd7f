// Package console is the operator's place in the chat: what happens on every listener is shown on the terminal that the
// server runs in, as it happens, and what the operator types goes to the room from parley.ServerName.
//
// The console shows one line for each thing, with the listener and the address that it came from:
//
//	alice (plain 127.0.0.1:49525): hello
//	bob (private, roster 127.0.0.12:50111): just for you
//	[games] carol (plain 127.0.0.1:49540): anyone for chess?
//	* dave joined (plain+udp 127.0.0.1:40001)
//	? 127.0.0.1 : 49525 asks: what is the time?
//
// Lines that begin with "* " are the console's own, lines that begin with "? " are questions that wait for an answer
// (see Ask), and a line from a room other than the first begins with that room's name. A message of several lines is
// shown with its sender on each, so that no text can pose as somebody else's. Everything is cleaned before it is
// written. The operator sees what was said to everybody and what was said to the operator, never what two others say
// in private.
//
// It understands
//
//	#ls              who is here
//	@NAME: TEXT      to one person
//	quit, exit       stop the server in order
//
// and takes everything else for the answer to the oldest open question, or, when none is open, for the room.
//
// Nothing here makes the hub wait: lines go through a bounded queue, and when the terminal is too slow for them they
// are left out and counted.
package console

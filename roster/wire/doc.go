// Package wire is the codec of roster://, the classroom protocol in which a server relays texts and tells everybody who is
// here, and clients send direct messages to each other over UDP.
//
// For a server there are CleanName (what a registering client means by its first message), the Append functions (what the
// server says) and Pacer (when it may say it: a roster travels alone). For a client there is Parser, which reads whatever a
// server sends. Cutting what clients send into messages is the work of the Framer in plain/wire, whose rules are the same.
//
// On the wire nothing says where a text ends: a text is "NAME: TEXT " with one space behind it, a roster is '!' and a JSON
// object. What a client can make of that, and what it cannot, stands at Parser.
//
// The package does no input or output, starts no goroutine, and reads no clock: the time comes in with the bytes.
package wire

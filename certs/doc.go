// Package certs gives TLS listeners their certificates and clients their trust.
//
// A server takes one of two: an Authority, which is a small certificate authority of the server's own that makes what
// it needs and renews it, or Files, a certificate and key that somebody else made and replaces. Both hand out a
// *tls.Config that is right for the life of the process: nothing has to be restarted when a certificate is renewed,
// when the machine gets an address, or when the files change. Neither starts a goroutine; what is due is done in the
// handshake that first needs it.
//
// A client takes ClientConfig. Whatever the system trusts is trusted. Otherwise the server is trusted on first use: its
// authority, or its key where it shows no authority, is pinned in a file, and from then on must be the same.
//
// Passwords, accounts and client certificates are not of this package. What is protected against whom, and what is not,
// stands in DESIGN.md beside this file. It logs no key and no content of a connection.
package certs

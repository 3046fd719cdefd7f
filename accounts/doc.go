// Package accounts is the desk at the entrance: who somebody is. It knows passwords and tokens, who is admitted, and
// which names belong to somebody.
//
// Make one Desk with New. A door (the server side of a protocol) asks it before it lets somebody in: Guest for a name
// without a password, Login for one with, ByToken for a token; what it gets is a parley.Identity. Register, Add and
// what follows them manage accounts.
//
// It keeps nothing itself: it reads a State and appends to a Journal, both its own small interfaces. It decides nothing
// about rooms, and it does not ask whether its caller may do what is asked: whoever lets people manage accounts asks
// parley.MayServer before.
//
// DESIGN.md tells what it defends against, and how.
package accounts

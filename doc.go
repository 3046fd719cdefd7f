// Package parley is the vocabulary of Parley, chat for your own network: rooms, messages, files, names and ids, the events
// that last, the codes of errors, and the rules that every protocol shares.
//
// Everything else imports this package and it imports nothing of theirs: the standard library and golang.org/x/text only.
// It starts no goroutine, opens no file and reads no clock that it is not given. Its rules are pure functions, so that the
// hub can ask them early, to answer fast, and the journal can ask them again, when its answer counts.
package parley

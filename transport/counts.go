package transport

import (
	"errors"
	"io"
	"maps"

	"parley"
)

// Counts is how many connections a Listener has, and has had.
type Counts struct {
	Open int // now, those in their TLS handshake included

	// Ended has those that are over, by what ended them: the code of Conn.Reason, "" for an ordinary end, and CodeFull and
	// CodePerAddress for those that were refused. So what was accepted is Open and all of these together.
	Ended map[parley.Code]int64
}

// Counts gives the counts as they are at one moment. It takes the lock that accepting takes.
func (l *Listener) Counts() Counts {
	l.clients.mu.Lock()
	defer l.clients.mu.Unlock()
	return Counts{Open: len(l.clients.conns), Ended: maps.Clone(l.clients.ended)}
}

// codeOfEnd gives the code by which an end is counted. A connection that was closed because one side was done, and not by
// a network that failed or by something that was broken off, ended in the ordinary way.
func codeOfEnd(reason error) parley.Code {
	code := parley.CodeOf(reason)
	err, ok := errors.AsType[*parley.Error](reason)
	if ok && code == parley.CodeClosed && (err.Cause == nil || errors.Is(err.Cause, io.EOF)) {
		return ""
	}
	return code
}

package client

import (
	"slices"
	"strings"
	"sync"

	"parley"
)

// questionKind says what was asked of a plain server.
type questionKind int

const (
	askedName  questionKind = iota // to be called something
	askedWho                       // who is here
	askedStore                     // to take a file
	askedFile                      // to send a file
	askedMark                      // nothing: the answer says that all before it has been read
)

// question is something that a server of ours answers, one after the other in the order in which they were asked. A
// server of another make may answer none.
type question struct {
	kind    questionKind
	mark    int // the last message written before it: an answer says that this has been read
	file    parley.File
	digest  *digester // of the content of askedStore
	written bool      // all of askedStore's content has left, or askedFile's is arriving
}

// questions are those that are not answered yet. Its methods may be called from any goroutine.
type questions struct {
	mu      sync.Mutex
	open    []*question
	closed  bool
	changed chan struct{} // closed when something was answered; nil while nobody waits
}

// add adds a question, just before it is written. False means that the connection has ended.
func (q *questions) add(one *question) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.closed {
		q.open = append(q.open, one)
	}
	return !q.closed
}

// written notes that all of a file has left, or that it is arriving.
func (q *questions) written(one *question) {
	q.mu.Lock()
	defer q.mu.Unlock()
	one.written = true
}

// find gives the oldest question that fits, or nil.
func (q *questions) find(fits func(*question) bool) *question {
	q.mu.Lock()
	defer q.mu.Unlock()
	if i := slices.IndexFunc(q.open, fits); i >= 0 {
		return q.open[i]
	}
	return nil
}

// remove removes a question, which is answered; nil is none.
func (q *questions) remove(one *question) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.open = slices.DeleteFunc(q.open, func(o *question) bool { return o == one })
	q.wake()
}

// failed gives the question that an error of the server answers, or nil. That is the file that the error names, or else
// the oldest question that can fail.
func (q *questions) failed(words string) *question {
	if name, ok := strings.CutPrefix(words, "no such file: "); ok {
		one := q.find(func(o *question) bool {
			return (o.kind == askedFile || o.kind == askedMark) && !o.written && string(o.file.Name) == name
		})
		if one != nil {
			return one
		}
	}
	return q.find(func(o *question) bool {
		return o.kind != askedWho && o.kind != askedMark && !(o.kind == askedFile && o.written)
	})
}

// drain removes and gives all questions, when the connection has ended. No more can be added.
func (q *questions) drain() []*question {
	q.mu.Lock()
	defer q.mu.Unlock()
	all := q.open
	q.open, q.closed = nil, true
	q.wake()
	return all
}

// settled gives a channel that is closed when something changes, and nil when no question is open that has to be
// answered before one leaves.
func (q *questions) settled() <-chan struct{} {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !slices.ContainsFunc(q.open, func(o *question) bool { return o.kind != askedName && o.kind != askedWho }) {
		return nil
	}
	if q.changed == nil {
		q.changed = make(chan struct{})
	}
	return q.changed
}

// wake wakes whoever waits. The mutex is held.
func (q *questions) wake() {
	if q.changed != nil {
		close(q.changed)
		q.changed = nil
	}
}

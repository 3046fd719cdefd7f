package sqlite

import (
	"sync/atomic"
	"time"

	"parley"
)

// tryAgain is how long after a failure the writer tries whether it can write again, when nobody else makes it.
const tryAgain = 5 * time.Second

// health is whether commits work. The writer notes it, anybody may ask.
type health struct {
	failure atomic.Pointer[parley.Error] // of the last commit; nil when it worked
	every   time.Duration                // tryAgain
	trial   *time.Timer                  // runs while commits fail; the writer's
}

// note notes what came of a commit, and gives what came of the one before. After a failure a trial is put into q in a
// while: whoever is told that nothing can be stored stops asking, and nobody would learn that it can again.
func (h *health) note(failure *parley.Error, q *queue) (before *parley.Error) {
	h.stop()
	if failure != nil {
		h.trial = time.AfterFunc(h.every, func() { q.put(&request{trial: true, done: make(chan struct{}, 1)}) })
	}
	return h.failure.Swap(failure)
}

// stop ends the trials.
func (h *health) stop() {
	if h.trial != nil {
		h.trial.Stop() // one that is in the queue already does no harm
		h.trial = nil
	}
}

// codeOf gives the code of a failure, "" for none.
func codeOf(failure *parley.Error) parley.Code {
	if failure == nil {
		return ""
	}
	return failure.Code
}

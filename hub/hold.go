package hub

import "parley"

// heldLimit is how many bytes wait at most while a session is given what it missed.
const heldLimit = 1 << 20

// errTooSlow ends the session of somebody who took too long to read what they had missed.
var errTooSlow = parley.Errorf(parley.CodeSlowReader, "too slow, more than %d bytes wait", heldLimit)

// held is what is not sent to a session until it has been given the past. The worker's.
type held struct {
	parts  [][]byte
	size   int
	reason error // why the connection is closed then; nil for no reason
}

// add keeps parts, and reports false when too much waits from now on.
func (q *held) add(parts [][]byte) bool {
	if q.size > heldLimit {
		return true // that was reported before
	}
	for _, p := range parts {
		q.size += len(p)
	}
	if q.size > heldLimit {
		q.parts = nil
		return false
	}
	q.parts = append(q.parts, parts...)
	return true
}

// send sends parts to the session's outbox, or keeps them until the past has been sent. The worker calls it.
func (s *Session) send(parts [][]byte) {
	switch {
	case len(parts) == 0:
	case s.held != nil:
		if !s.held.add(parts) {
			s.out.Close(errTooSlow)
		}
	default:
		s.out.Send(parts)
	}
}

// release ends what holding began.
func (s *Session) release() {
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	if !s.hub.closed {
		s.worker.tasks <- &releasing{session: s}
	}
}

// holding keeps back what is sent to a session.
type holding struct {
	session *Session
	done    chan struct{}
}

func (t *holding) run(*worker) {
	if t.session.held == nil { // else it has been since a Join that failed
		t.session.held = &held{}
	}
	close(t.done)
}

// releasing sends what was kept back, in order, and from then on everything at once.
type releasing struct{ session *Session }

func (t *releasing) run(*worker) {
	s, q := t.session, t.session.held
	if q == nil {
		return
	}
	s.held = nil
	s.send(q.parts)
	if q.reason != nil {
		s.out.Close(q.reason)
	}
}

// noting shows one session something.
type noting struct {
	session *Session
	shown   []byte
}

func (t *noting) run(*worker) {
	if !t.session.paused {
		t.session.send([][]byte{t.shown})
	}
}

// ending closes a session's connection.
type ending struct {
	session *Session
	reason  error
}

func (t *ending) run(*worker) {
	if q := t.session.held; q != nil {
		if q.reason == nil {
			q.reason = t.reason
		}
		return
	}
	t.session.out.Close(t.reason)
}

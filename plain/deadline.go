package plain

import (
	"time"

	"parley"
	"parley/plain/wire"
)

// deadline is the read deadline of a connection.
type deadline struct {
	at     time.Time // zero for none
	passed bool
}

// arm sets the read deadline to when there is something to do if nothing comes. A deadline that is too early is left
// alone: when it passes, it is set again. So a connection that is often heard of sets it seldom.
func (s *session) arm() {
	at := s.frames.WakeAt()
	if idle := s.server.options.Idle; idle > 0 {
		at = earlier(at, s.heard.Add(idle))
	}
	if s.login != nil {
		at = earlier(at, s.login.until)
	}
	s.wakeAt(at)
}

// wakeAt makes the read deadline no later than at; the zero time asks for none.
func (s *session) wakeAt(at time.Time) {
	if s.deadline.passed || !at.IsZero() && (s.deadline.at.IsZero() || at.Before(s.deadline.at)) {
		_ = s.conn.SetReadDeadline(at) // fails on a connection that has ended, and so does the next read
		s.deadline = deadline{at: at}
	}
}

// isIdle reports whether the client has been silent for as long as it may.
func (s *session) isIdle() bool {
	idle := s.server.options.Idle
	return idle > 0 && time.Since(s.heard) >= idle
}

// expire tells the client that it is let go because of its silence, and gives that as the reason.
func (s *session) expire(after time.Duration) error {
	err := parley.Errorf(parley.CodeIdle, "%s", wire.IdleSentence(after))
	s.out = wire.AppendClosed(s.out, err.Sentence)
	return err
}

// earlier gives the earlier of two times, of which zero is never.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

package plain

import (
	"time"

	"parley"
)

// pay spends what has come. That is put off while a message is under way that silence would end, and not yet too long:
// whoever waits here does not see the silence.
func (s *session) pay() error {
	n := s.unpaid
	if n == 0 || n <= parley.MaxText && !s.frames.WakeAt().IsZero() {
		return nil
	}
	s.unpaid = 0
	if err := s.spend(n); err != nil {
		return err
	}
	s.heard = time.Now()
	s.frames.SilentSince(s.heard)
	return nil
}

// spend notes that a client has sent n bytes, or what counts as so many, and waits where that was too fast: what it sends meanwhile waits in the
// network. The error is that of answers which could not be sent.
func (s *session) spend(n int) error {
	if s.server.options.Unpaced {
		return nil
	}
	wait := s.pace.Take(n, time.Now())
	if wait == 0 {
		return nil
	}
	s.post()
	if err := s.flush(); err != nil {
		return err
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-s.conn.Done():
	}
	return nil
}

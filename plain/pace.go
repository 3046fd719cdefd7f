package plain

import "time"

// spend notes that a client has sent n bytes, and waits where that was too fast: what it sends meanwhile waits in the
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

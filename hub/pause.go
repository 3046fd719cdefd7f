package hub

import (
	"context"

	"parley"
)

// pageSize is how many messages are read from history at once.
const pageSize = 256

// Pause stops everything from being sent to the session's outbox until Resume, and returns when that holds: what a protocol
// sends in the meantime, such as a file, stands alone. It must not be called twice without a Resume between.
func (s *Session) Pause() {
	done := make(chan struct{})
	s.worker.tasks <- &pausing{session: s, done: done}
	<-done
}

// Resume ends Pause. The messages that were held back are read from history and given to write, in the session's form,
// room by room in order; then delivery goes on where they end, without gap or double. Those who came and went meanwhile are
// not told of. It calls write, which may wait, from this goroutine. On an error, write's or the history's, the session
// stays paused, and there is nothing left but to Leave.
func (s *Session) Resume(ctx context.Context, write func(block []byte) error) error {
	for {
		missed := s.collect()
		if missed == nil {
			return nil
		}
		for r, gap := range missed {
			if err := s.replay(ctx, r, gap, write); err != nil {
				return err
			}
		}
	}
}

// collect gives what has been missed since the last call; nil when that is nothing, and then s is live again.
func (s *Session) collect() map[*room]span {
	missed := make(chan map[*room]span)
	s.worker.tasks <- &collecting{session: s, missed: missed}
	return <-missed
}

// replay writes what was said in r within gap. A conversation whose other side has left is over, but what they said before
// is written all the same.
func (s *Session) replay(ctx context.Context, r *room, gap span, write func([]byte) error) error {
	for gap.after < gap.last {
		limit := min(pageSize, int(gap.last-gap.after))
		messages, err := s.hub.history.Messages(ctx, r.info.ID, gap.after, limit)
		if err != nil || len(messages) == 0 {
			return err
		}
		gap.after = messages[len(messages)-1].Seq
		if b := s.encodePast(r.info, messages); len(b.bytes) > 0 {
			if err := write(b.bytes); err != nil {
				return err
			}
		}
	}
	return nil
}

// encodePast makes a block of messages from history.
func (s *Session) encodePast(info parley.Room, messages []parley.Message) block {
	items := make([]Item, len(messages))
	for i, m := range messages {
		items[i] = Item{Kind: ItemMessage, Room: info, Message: m}
	}
	s.hub.mu.Lock() // a form is asked by one goroutine at a time
	defer s.hub.mu.Unlock()
	return encode(s.form, items)
}

// miss notes that the messages of a span were not sent. The worker calls it.
func (s *Session) miss(r *room, covers span) {
	if covers.last == 0 {
		return
	}
	if s.missed == nil {
		s.missed = make(map[*room]span)
	}
	gap, ok := s.missed[r]
	if !ok {
		gap.after = covers.after
	}
	gap.last = covers.last
	s.missed[r] = gap
}

// pausing makes a session paused.
type pausing struct {
	session *Session
	done    chan struct{}
}

func (t *pausing) run(*worker) {
	t.session.paused = true
	close(t.done)
}

// collecting takes what a session has missed, or ends its pause when it has missed nothing more.
type collecting struct {
	session *Session
	missed  chan map[*room]span
}

func (t *collecting) run(*worker) {
	missed := t.session.missed
	t.session.missed = nil
	t.session.paused = missed != nil
	t.missed <- missed
}

package hub

import (
	"context"

	"parley"
)

// pageSize is how many events are read from history at once.
const pageSize = 256

// Pause stops everything from being sent to the session's outbox until Resume, and returns when that holds: what a
// protocol sends in the meantime, such as a file, stands alone. It must not be called twice without a Resume between.
func (s *Session) Pause() {
	done := make(chan struct{})
	s.worker.tasks <- &pausing{session: s, done: done}
	<-done
}

// Resume ends Pause. What was held back is read from history and given to write, in the session's form, room by room in
// order; then delivery goes on where that ends, without gap or double. Those who came, went and typed meanwhile are not
// told of. It calls write, which may wait, from this goroutine. On an error, write's or the history's, the session
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

// replay writes what has happened in r within gap.
func (s *Session) replay(ctx context.Context, r *room, gap span, write func([]byte) error) error {
	for gap.after < gap.last {
		page, reached, err := s.hub.past(ctx, r.info.ID, gap)
		if err != nil {
			return err
		}
		gap.after = reached
		if err := s.give(r, page, write); err != nil {
			return err
		}
	}
	return nil
}

// past reads a page of what has happened in a room within gap, and gives up to which number it goes: to the end where
// there is nothing more.
func (h *Hub) past(ctx context.Context, room parley.RoomID, gap span) ([]parley.Applied, parley.Seq, error) {
	if gap.after >= gap.last {
		return nil, gap.last, nil
	}
	page, err := h.state.Events(ctx, room, gap.after, int(min(pageSize, gap.last-gap.after)))
	if err != nil {
		return nil, gap.after, err
	}
	for len(page) > 0 && page[len(page)-1].Outcome.Seq > gap.last { // some between have been forgotten
		page = page[:len(page)-1]
	}
	if len(page) == 0 {
		return nil, gap.last, nil
	}
	return page, page[len(page)-1].Outcome.Seq, nil
}

// give writes a page of the past in the session's form.
func (s *Session) give(r *room, page []parley.Applied, write func([]byte) error) error {
	if b := s.encodePast(r, page); len(b.bytes) > 0 {
		return write(b.bytes)
	}
	return nil
}

// encodePast makes a block of events from history.
func (s *Session) encodePast(r *room, page []parley.Applied) block {
	items := make([]Item, 0, len(page))
	s.hub.mu.Lock() // a form is asked by one goroutine at a time
	defer s.hub.mu.Unlock()
	label := r.label()
	for _, applied := range page {
		if e, ok := applied.Event.(parley.RoomEvent); ok {
			items = append(items, Item{Kind: ItemEvent, Room: label, Event: numbered(e, applied.Outcome.Seq)})
		}
	}
	return encode(s.form, items)
}

// miss notes that the events of a span were not sent. The worker calls it.
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

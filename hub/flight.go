package hub

import (
	"context"
	"strconv"

	"parley"
)

// flight is an event on its way through the journal, by what nothing else is called.
type flight struct {
	sender parley.SenderID
	id     parley.MessageID
}

// flightOf gives what e is known by on its way; the zero flight for what nobody needs to know the origin of.
func flightOf(e parley.Event) flight {
	switch e := e.(type) {
	case parley.Read: // no MessageID has a space
		return flight{e.Who, parley.MessageID("read " + string(e.Room) + " " + strconv.FormatInt(int64(e.Seq), 10))}
	case parley.RoomEvent:
		head := e.Head()
		return flight{head.By.ID, head.ID}
	}
	return flight{}
}

// append brings events to the journal. While they are on their way the hub knows that they came from s, nil for no
// session, so that they do not come back to it. Without events it waits until what is on its way has been delivered.
func (h *Hub) append(ctx context.Context, s *Session, events ...parley.Event) ([]parley.Outcome, error) {
	if err := h.takeOff(s, events); err != nil {
		return nil, err
	}
	defer h.land(s, events)
	return h.journal.Append(ctx, events...)
}

// takeOff notes that events are on their way and come from s.
func (h *Hub) takeOff(s *Session, events []parley.Event) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case h.stopping:
		return errStopping
	case s != nil && s.gone:
		return errGone
	}
	h.posting.Add(1)
	if s != nil {
		for _, e := range events {
			h.inFlight[flightOf(e)] = s
		}
	}
	return nil
}

// land undoes takeOff.
func (h *Hub) land(s *Session, events []parley.Event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if s != nil {
		for _, e := range events {
			if f := flightOf(e); h.inFlight[f] == s {
				delete(h.inFlight, f)
			}
		}
	}
	h.posting.Done()
}

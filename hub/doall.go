package hub

import (
	"context"

	"parley"
)

// DoAll has several things happen, in order and as one batch, as Do does each. There is one outcome an event, whose error is
// what Do would have given. An error, an *parley.Error or ctx's, means that nothing has happened.
func (s *Session) DoAll(ctx context.Context, events ...parley.RoomEvent) ([]parley.Outcome, error) {
	outcomes := make([]parley.Outcome, len(events))
	ready := make([]parley.Event, 0, len(events))
	places := make([]int, 0, len(events)) // in outcomes, of those that are ready
	by, now := s.Person().sender(), s.hub.now()
	for i, e := range events {
		e, err := prepare(e, by, now)
		if err != nil {
			outcomes[i].Err = err
			continue
		}
		ready, places = append(ready, e), append(places, i)
	}
	if len(ready) == 0 {
		return outcomes, nil
	}
	applied, err := s.hub.append(ctx, s, ready...)
	if err != nil {
		return nil, err
	}
	for i, o := range applied {
		outcomes[places[i]] = o
	}
	return outcomes, nil
}

package socket

import (
	"parley"
	"parley/web/wire"
)

// Seen is an account of what somebody has seen of rooms, by which every event is shown once and in order over any number
// of connections. It does no input or output; one goroutine at a time uses it. The zero value has seen nothing.
//
// On each connection, after Reconnect: send what Join gives for each room; hand every Joined to Joined and every event
// to Take, and send the Joins that they give.
type Seen struct{ rooms map[wire.Place]*stretch }

// stretch is what was seen of one room.
type stretch struct {
	last  parley.Seq // the newest number seen
	known bool       // last counts; else whatever comes first is the first

	// Of the current connection.
	asking bool       // a Join has been sent and not answered
	live   bool       // the server shows everything after last, in order
	page   parley.Seq // it shows everything up to this number, in order; 0 for none
	past   parley.Seq // up to here, what comes has happened before; 0 for nothing
}

// Verdict says what to do with an event.
type Verdict int

// The verdicts.
const (
	Fresh  Verdict = iota // to be shown
	Double                // was shown before
	Gap                   // events before it are missing: it will come again behind them
)

// Entered is what a Joined means.
type Entered struct {
	Next      *wire.Join // to be sent; nil for nothing
	Forgotten bool       // some of what was missed is not kept any more
	Anew      bool       // the room is not the one that was seen: it has begun again, and so does the account
}

// Reconnect says that a new connection begins.
func (s *Seen) Reconnect() {
	for _, r := range s.rooms {
		r.asking, r.live, r.page, r.past = false, false, 0, 0
	}
}

// Know says that a room has been seen up to a number, unless more is known of it already.
func (s *Seen) Know(place wire.Place, last parley.Seq) {
	if r := s.room(place); !r.known {
		r.known, r.last = true, last
	}
}

// Last gives up to which number a room has been seen; false where it never was.
func (s *Seen) Last(place wire.Place) (parley.Seq, bool) {
	r := s.rooms[place]
	if r == nil || !r.known {
		return 0, false
	}
	return r.last, true
}

// Live reports whether the server shows what happens in a room by itself, now that it was joined.
func (s *Seen) Live(place wire.Place) bool { r := s.rooms[place]; return r != nil && r.live }

// Join gives what asks for a room: everything after what was seen of it, or only what is new where it never was.
func (s *Seen) Join(place wire.Place) wire.Join {
	r := s.room(place)
	r.asking, r.live, r.page = true, false, 0
	return wire.Join{Resume: r.resume(place)}
}

// Joined takes the answer to a Join.
func (s *Seen) Joined(m wire.Joined) Entered {
	r := s.room(m.Room)
	r.asking = false
	if r.known && m.Last < r.last {
		r.last = 0
		join := s.Join(m.Room)
		return Entered{Next: &join, Anew: true}
	}
	if !r.known {
		r.known, r.last = true, m.Last
	}
	forgotten := m.First > r.last+1
	if m.More {
		r.asking, r.page, r.past = true, m.Next, m.Last
		after := m.Next
		return Entered{Next: &wire.Join{Resume: wire.Resume{Room: m.Room, After: &after}}, Forgotten: forgotten}
	}
	r.live, r.page, r.past = true, 0, m.Last
	return Entered{Forgotten: forgotten}
}

// Take says what to do with an event. With Gap there is a Join to be sent, unless one is on its way already.
func (s *Seen) Take(e wire.Entry) (Verdict, *wire.Join) {
	r := s.room(e.Room)
	switch {
	case r.known && e.Number <= r.last:
		return Double, nil
	case !r.known, r.live, e.Number <= r.page, e.Number == r.last+1 && r.page == 0:
		r.known, r.last = true, e.Number
		return Fresh, nil
	case r.asking:
		return Gap, nil
	}
	join := s.Join(e.Room)
	return Gap, &join
}

// CaughtUp reports, once after each Joined, that everything which had happened before has been seen.
func (s *Seen) CaughtUp(place wire.Place) bool {
	r := s.rooms[place]
	if r == nil || !r.live || r.past < 0 || r.last < r.past {
		return false
	}
	r.past = -1
	return true
}

// room gives the stretch of a room.
func (s *Seen) room(place wire.Place) *stretch {
	if s.rooms == nil {
		s.rooms = make(map[wire.Place]*stretch)
	}
	if s.rooms[place] == nil {
		s.rooms[place] = &stretch{}
	}
	return s.rooms[place]
}

// resume asks for what comes after what was seen.
func (r *stretch) resume(place wire.Place) wire.Resume {
	if !r.known {
		return wire.Resume{Room: place}
	}
	after := r.last
	return wire.Resume{Room: place, After: &after}
}

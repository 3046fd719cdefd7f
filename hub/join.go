package hub

import (
	"context"

	"parley"
)

// FromNow as the number after which Join begins means that nothing of the past is wanted.
const FromNow parley.Seq = -1

// Joined is what somebody who joins a room is told first.
type Joined struct {
	Room parley.Room // Last is the last number that was delivered before they were there
	// Members is in the first write only, and must not be changed: who is there, themselves included, each once and
	// sorted; of a conversation, those of the two who are connected.
	Members []*Person
	More    bool       // they are too far behind, are not there yet, and ask again
	Next    parley.Seq // after which number, where More is set
}

// Join makes the session a member of a room, or of a conversation that is its own, and gives it what has happened there
// after a number: each event once, in order, and then live. It calls write, which may wait, from this goroutine: first
// without a block, for what the session is told of the room, and then with blocks of the past in the session's form.
// What happens meanwhile, in other rooms too, reaches the outbox afterwards.
//
// A number below the room's First begins there. Whoever is more than 256 events behind, or a few very long ones, gets
// some of them, and More: they are no member then, and call Join again with Next.
//
// The error is an *parley.Error, CodeNoSuchRoom or CodeBanned when they may not enter; ctx's; or write's. When nothing
// has been written, nothing has changed. After that, nothing more is sent, and there is nothing left but to Leave.
func (s *Session) Join(
	ctx context.Context, room parley.RoomID, after parley.Seq, write func(j Joined, block []byte) error,
) (Joined, error) {
	h := s.hub
	r, err := h.ask(ctx, room)
	if err != nil {
		return Joined{}, err
	}
	defer h.asked(r)
	c := &catchUp{session: s, room: r, after: after}
	check := func() error {
		if err := h.mayEnter(ctx, r, s.Person().ID); err != nil {
			return err
		}
		return c.read(ctx)
	}
	if err := h.decide(check, c.enter); err != nil {
		return Joined{}, err
	}
	err = c.write(ctx, write)
	return c.joined, err
}

// Part ends what Join began. A conversation comes back with its next event.
func (s *Session) Part(room parley.RoomID) {
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	if r := s.hub.rooms[room]; r != nil && r != s.home && !s.hub.closed {
		s.exit(r)
	}
}

// catchUp is a session on its way into a room.
type catchUp struct {
	session *Session
	room    *room
	after   parley.Seq       // as asked
	last    parley.Seq       // the last number delivered when page was read
	page    []parley.Applied // what comes after after
	reached parley.Seq       // up to where it goes
	joined  Joined
	crowd   []*Person     // of whom joined's Members are made
	held    chan struct{} // closed when nothing is sent to the outbox any more; nil with joined.More
}

// read reads the first page of what was missed.
func (c *catchUp) read(ctx context.Context) error {
	h := c.session.hub
	if err := h.count(ctx, c.room); err != nil {
		return err
	}
	h.mu.Lock()
	info := c.room.info
	h.mu.Unlock()
	c.last, c.reached, c.page = info.Last, info.Last, nil
	if c.after != FromNow {
		c.reached = min(max(c.after, info.First-1, 0), info.Last)
	}
	var err error
	c.page, c.reached, err = h.past(ctx, info.ID, span{c.reached, c.last})
	return err
}

// enter makes the session a member, unless it is too far behind. It holds the mutex.
func (c *catchUp) enter() error {
	s, r := c.session, c.room
	if s.gone {
		return errGone
	}
	if c.after == FromNow {
		c.reached = r.info.Last
	}
	c.joined.Room = r.info
	if c.reached < c.last || r.info.Last-c.reached > pageSize {
		c.joined.More, c.joined.Next = true, c.reached
	} else {
		c.held = make(chan struct{})
		s.worker.tasks <- &holding{session: s, done: c.held}
		s.enter(r, false)
	}
	c.crowd = s.hub.crowd(r.info.ID)
	return nil
}

// write writes what is to be written before the session goes live, and has it go live.
func (c *catchUp) write(ctx context.Context, write func(Joined, []byte) error) error {
	s := c.session
	if c.held != nil {
		<-c.held
	}
	c.joined.Members = sorted(c.crowd)
	if err := write(c.joined, nil); err != nil {
		return err
	}
	c.joined.Members, c.crowd = nil, nil // they are many, and the past may take long to read
	give := func(block []byte) error { return write(c.joined, block) }
	if err := s.give(c.room, c.page, give); err != nil || c.joined.More {
		return err
	}
	if err := s.replay(ctx, c.room, span{c.reached, c.joined.Room.Last}, give); err != nil {
		return err
	}
	s.release()
	return nil
}

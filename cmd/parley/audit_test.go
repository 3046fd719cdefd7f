//go:build unix

package main

import (
	"cmp"
	"fmt"
	"log/slog"
	"net/http"
	"slices"

	"parley"
	"parley/sqlite"
	"parley/web/wire"
)

// maker is what a message is known by.
type maker struct {
	by parley.SenderID
	id parley.MessageID
}

// audit holds what everybody saw, and what they were told is done, against what the server tells over REST, and both
// against what is in its data once it has been killed for the last time.
func (s *storm) audit() {
	s.t.Helper()
	told := make(map[wire.Place][]uint64)
	listed := make(map[wire.Place][]wire.KeptMessage)
	for _, place := range stormRooms {
		told[place] = s.told(place)
		listed[place] = s.listed(place, "oldest")
		back := s.listed(place, "newest")
		slices.Reverse(back)
		if !slices.EqualFunc(listed[place], back, func(a, b wire.KeptMessage) bool { return a.Number == b.Number }) {
			s.t.Errorf("%s: %d messages from the oldest on, and others from the newest on", place, len(back))
		}
	}
	s.server.kill()
	for _, place := range stormRooms {
		kept := s.kept(place)
		if !slices.Equal(kept, told[place]) {
			s.t.Errorf("%s: %d events are kept, and others are told over REST", place, len(kept))
		}
		for _, c := range s.people {
			if !slices.Equal(kept, c.rooms[place].prints) {
				s.t.Errorf("%s: %d events are kept, and %s has seen others", place, len(kept), c.name)
			}
		}
	}
	for _, c := range s.people {
		s.auditAcks(c, listed)
	}
}

// auditAcks looks for everything that somebody was told is done: once, under its number, and in the order in which they
// asked for it.
func (s *storm) auditAcks(c *chatter, listed map[wire.Place][]wire.KeptMessage) {
	s.t.Helper()
	numbers := make(map[parley.MessageID][]parley.Seq)
	for _, place := range stormRooms {
		for _, m := range listed[place] {
			if m.By.Name == c.name {
				numbers[m.ID] = append(numbers[m.ID], m.Number)
			}
		}
	}
	posts := 0
	for _, ack := range c.acks {
		if got, isPost := numbers[ack.ID]; isPost {
			posts++
			if !slices.Equal(got, []parley.Seq{ack.Number}) {
				s.t.Errorf("%s of %s is number %d, and is listed under %v", ack.ID, c.name, ack.Number, got)
			}
		}
	}
	if want := stormMessages / stormPeople; posts != want || len(numbers) != want {
		s.t.Errorf("%s: of %d messages %d are acknowledged and listed, %d are listed", c.name, want, posts, len(numbers))
	}
	last := make(map[wire.Place]parley.Seq)
	slices.SortFunc(c.orders, func(a, b order) int { return cmp.Compare(a.made, b.made) })
	for _, o := range c.orders {
		if o.number <= last[o.room] {
			s.t.Errorf("%s-%d is number %d of %s, after %d", c.name, o.made, o.number, o.room, last[o.room])
		}
		last[o.room] = o.number
	}
}

// told gives the prints of what happened in a room, as the pages of REST tell it.
func (s *storm) told(place wire.Place) (prints []uint64) {
	s.t.Helper()
	for {
		var page wire.EventPage
		path := fmt.Sprintf("/v1/rooms/%s/events?limit=1000&after=%d", place, len(prints))
		s.ask(http.MethodGet, path, s.people[1].token, nil, &page)
		for _, e := range page.Items {
			prints = append(prints, s.print(e.ServerMessage, len(prints)))
		}
		if !page.More {
			return prints
		}
	}
}

// listed gives all messages of a room, as the pages of REST list them.
func (s *storm) listed(place wire.Place, order string) (all []wire.KeptMessage) {
	s.t.Helper()
	for next, name := parley.Seq(0), map[string]string{"oldest": "after", "newest": "before"}[order]; ; {
		path := fmt.Sprintf("/v1/rooms/%s/messages?limit=500&order=%s", place, order)
		if next != 0 {
			path += fmt.Sprintf("&%s=%d", name, next)
		}
		var page wire.MessagePage
		s.ask(http.MethodGet, path, s.people[1].token, nil, &page)
		all = append(all, page.Items...)
		if next = page.Next; next == 0 {
			return all
		}
	}
}

// kept gives the prints of what happened in a room, as it is in the data, where everything is there once.
func (s *storm) kept(place wire.Place) (prints []uint64) {
	s.t.Helper()
	ctx := s.t.Context()
	store, err := sqlite.Open(ctx, s.data, sqlite.Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		s.t.Fatal(err)
	}
	store.Start(func([]parley.Applied) {})
	defer store.Close()
	room, err := store.Room(ctx, parley.RoomName(place))
	if err != nil {
		s.t.Fatal(err)
	}
	made := make(map[maker]parley.Seq)
	for {
		page, err := store.Events(ctx, room.ID, parley.Seq(len(prints)), parley.MaxPage)
		if err != nil {
			s.t.Fatal(err)
		}
		if len(page) == 0 {
			return prints
		}
		for _, applied := range page {
			e := applied.Event.(parley.RoomEvent)
			what := maker{e.Head().By.ID, e.Head().ID}
			if made[what] != 0 {
				s.t.Errorf("%s has %s twice, as %d and %d", place, what.id, made[what], applied.Outcome.Seq)
			}
			made[what] = applied.Outcome.Seq
			shown, _ := wire.EventOf(&room, e)
			prints = append(prints, s.print(shown.ServerMessage, len(prints)))
		}
	}
}

// print gives the print of the event that comes after so many.
func (s *storm) print(m wire.ServerMessage, after int) uint64 {
	s.t.Helper()
	head, print, err := printOf(m)
	if err != nil || head.Number != parley.Seq(after)+1 {
		s.t.Fatalf("after number %d comes %+v (%v)", after, m, err)
	}
	return print
}

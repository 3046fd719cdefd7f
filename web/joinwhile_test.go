package web_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"parley"
	"parley/accounts"
	"parley/web"
	"parley/web/wire"
)

// Somebody who joins while twenty people post gets each event once and in order from where they asked on: no gap and no double
// where history ends and what happens begins. What REST tells is the same.
func TestJoiningWhileManyPost(t *testing.T) {
	const posters, each, joins = 20, 15, 100
	h := newHouse(t, accounts.Open, func(c *web.Config) { c.Options.Unpaced = true })
	var posting, joining sync.WaitGroup
	for i := range posters {
		p := h.guest(fmt.Sprint("p", i))
		posting.Go(func() {
			for n := range each {
				p.post(fmt.Sprintf("%d-%d", i, n), "lobby", "text")
				p.await(`"type":"ack"`)
			}
		})
	}
	seen := make([][]parley.MessageID, joins) // from which number on each begins stands in starts
	starts := make([]parley.Seq, joins)
	random := rand.New(rand.NewPCG(1, 2))
	for i := range joins {
		room, err := h.store.Room(t.Context(), "lobby")
		must(t, err)
		starts[i] = parley.Seq(random.Int64N(int64(room.Last) + 1))
		p := h.enter(fmt.Sprintf(`"rooms":[{"room":"lobby","after":%d}]`, starts[i]))
		joining.Go(func() { seen[i] = p.follow(starts[i], posters*each) })
	}
	posting.Wait()
	joining.Wait()
	all := h.told("lobby")
	for i, ids := range seen {
		if !slices.Equal(ids, all[starts[i]:]) {
			t.Errorf("who joined after %d has seen others than REST tells", starts[i])
		}
	}
}

// follow reads a room's events after a number up to another, joining again where there is more, and gives their ids. It fails at
// a gap or a double.
func (p *person) follow(after, last parley.Seq) (ids []parley.MessageID) {
	for after < last {
		text := p.next()
		m, err := wire.DecodeServer([]byte(text))
		if err != nil {
			p.t.Errorf("after %d: %v", after, err)
			return ids
		}
		switch m := m.(type) {
		case wire.Joined:
			if m.More {
				p.say(fmt.Sprintf(`{"type":"join","room":"lobby","after":%d}`, m.Next))
			}
		case wire.Message:
			if after++; m.Number != after {
				p.t.Errorf("%d came where %d was due", m.Number, after)
				return ids
			}
			ids = append(ids, m.ID)
		}
	}
	return ids
}

// told gives the ids of everything in a room, as REST tells it.
func (h *house) told(room parley.RoomName) (ids []parley.MessageID) {
	token := h.token("reader", "")
	for after := parley.Seq(0); ; {
		a := h.ask("GET", fmt.Sprintf("/v1/rooms/%s/events?limit=100&after=%d", room, after), token, "").want(h.t, 200)
		page, err := wire.DecodeAnswer[wire.EventPage]([]byte(a.text))
		must(h.t, err)
		for _, e := range page.Items {
			ids = append(ids, e.ServerMessage.(wire.Message).ID)
		}
		if after = page.Next; !page.More {
			return ids
		}
	}
}

//go:build unix

package main

import (
	"fmt"
	"hash/maphash"
	"math/rand/v2"
	"slices"
	"strings"

	"parley"
	"parley/web/wire"
)

// asker is what somebody wants to say, in order, and what came of it.
type asker struct {
	name   string
	random *rand.Rand
	places []wire.Place
	left   int       // messages not yet said
	made   int       // requests, for their ids
	flight []request // without an answer, in order
	sent   int       // of those, from the front, that were sent on the connection at hand
	acks   []wire.Ack
	orders []order
	own    []target // messages of its own that are there
	others []target // messages that it saw last
}

// request is something asked for under an id.
type request struct {
	id      parley.MessageID
	message wire.ClientMessage
}

// order is in which order requests were made, and what number each came to. Reactions are not among them: one that was refused
// can be done when it is said again, because something else was done in between.
type order struct {
	room   wire.Place
	made   int
	number parley.Seq
}

// target is a message that something can be done about.
type target struct {
	room   wire.Place
	number parley.Seq
}

// finished reports whether everything has been said and answered.
func (a *asker) finished() bool { return a.left == 0 && len(a.flight) == 0 }

// again has everything that is without an answer sent anew.
func (a *asker) again() { a.sent = 0 }

// next gives what to send now, so that so many are in flight.
func (a *asker) next(window int) []request {
	for len(a.flight) < window && a.left > 0 {
		a.made++
		id := parley.MessageID(fmt.Sprintf("%s-%d", a.name, a.made))
		a.flight = append(a.flight, request{id, a.make(id)})
	}
	from := a.sent
	a.sent = len(a.flight)
	return a.flight[from:]
}

// make makes a request: mostly something to say, sometimes a change of what was said.
func (a *asker) make(id parley.MessageID) wire.ClientMessage {
	switch dice := a.random.IntN(20); {
	case dice < 2 && len(a.own) > 0:
		t := a.own[a.random.IntN(len(a.own))]
		return wire.Edit{ID: id, Room: t.room, Target: t.number, Text: wire.Text("rather " + id)}
	case dice < 3 && len(a.own) > 0:
		i := a.random.IntN(len(a.own))
		t := a.own[i]
		a.own = slices.Delete(a.own, i, i+1)
		return wire.Delete{ID: id, Room: t.room, Target: t.number}
	case dice < 5 && len(a.others) > 0:
		t := a.others[a.random.IntN(len(a.others))]
		return wire.React{ID: id, Room: t.room, Target: t.number, Emoji: "👍", Off: a.random.IntN(4) == 0}
	}
	a.left--
	text := string(id) + " " + strings.Repeat("…", a.random.IntN(60))
	return wire.Post{ID: id, Room: a.places[a.random.IntN(len(a.places))], Words: wire.Words{Text: wire.Text(text)}}
}

// remember keeps a message to react to.
func (a *asker) remember(m wire.Message) {
	const enough = 16
	if len(a.others) == enough {
		a.others = slices.Delete(a.others, 0, 1)
	}
	a.others = append(a.others, target{m.Room, m.Number})
}

// acked takes an acknowledgement.
func (a *asker) acked(m wire.Ack) error {
	r, err := a.answered(m.ID)
	if err != nil {
		return err
	}
	a.acks = append(a.acks, m)
	switch r.message.(type) {
	case wire.Post:
		a.own = append(a.own, target{m.Room, m.Number})
	case wire.React:
		return nil
	}
	var made int
	if _, err := fmt.Sscanf(string(m.ID), a.name+"-%d", &made); err != nil {
		return err
	}
	a.orders = append(a.orders, order{m.Room, made, m.Number})
	return nil
}

// refused takes a refusal, which only reactions can get: to a message that was deleted meanwhile, or a second time.
func (a *asker) refused(m wire.Refused) error {
	r, err := a.answered(m.ID)
	if err != nil {
		return err
	}
	if _, ok := r.message.(wire.React); !ok || m.Retry {
		return violated("%s is refused: %s", r.message.Append(nil), m.Sentence)
	}
	return nil
}

// answered takes a request out of flight. Each is answered once on every connection.
func (a *asker) answered(id parley.MessageID) (request, error) {
	i := slices.IndexFunc(a.flight, func(r request) bool { return r.id == id })
	if i < 0 || i >= a.sent {
		return request{}, violated("an answer to %q, which is not waited for", id)
	}
	r := a.flight[i]
	a.flight = slices.Delete(a.flight, i, i+1)
	a.sent--
	return r, nil
}

// printSeed is the same for all prints of this process.
var printSeed = maphash.MakeSeed()

// printOf gives the head of an event, and a print of what never changes about it: texts do, when they are edited or deleted.
func printOf(m wire.ServerMessage) (wire.Entry, uint64, error) {
	var head wire.Entry
	var target parley.Seq
	switch m := m.(type) {
	case wire.Message:
		head = m.Entry
	case wire.Edited:
		head, target = m.Entry, m.Target
	case wire.Deleted:
		head, target = m.Entry, m.Target
	case wire.Reaction:
		head, target = m.Entry, m.Target
	default:
		return head, 0, fmt.Errorf("a %s, which nobody has asked for", m.Type())
	}
	text := fmt.Sprint(m.Type(), head.Room, head.Number, head.ID, head.By, head.At.UnixMicro(), target)
	return head, maphash.String(printSeed, text), nil
}

package hub

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"parley"
)

// plainly is a form much like that of a line protocol.
type plainly struct{}

func (*plainly) Echo() bool { return false }

func (*plainly) AppendItem(dst []byte, item *Item) []byte {
	posted, ok := item.Event.(parley.MessagePosted)
	if !ok {
		return dst
	}
	dst = append(append(dst, '<'), posted.Message.By.Name...)
	dst = append(append(dst, "> :"...), posted.Message.Text...)
	return append(dst, '\n')
}

// counter is an outbox that costs nothing.
type counter struct{ writes atomic.Int64 }

func (c *counter) Send([][]byte) { c.writes.Add(1) }
func (c *counter) Close(error)   {}

// open is a state in which there is one public room, and nobody whom it knows.
type open struct{ State }

func (open) RoomByID(_ context.Context, id parley.RoomID) (parley.Room, error) {
	return parley.Room{ID: id, Kind: parley.RoomPublic}, nil
}

func (open) Account(context.Context, parley.NameKey) (parley.Account, error) {
	return parley.Account{}, parley.Errorf(parley.CodeNoSuchAccount, "there is no such account")
}

// crowd is a room with members people in it, and a batch of n messages, each from another of them.
func crowd(tb testing.TB, members, n int) (*Hub, []parley.Applied, []counter) {
	h := New(Config{State: open{}, Log: slog.New(slog.DiscardHandler)})
	tb.Cleanup(h.Close)
	lobby := parley.Room{ID: "r-lobby", Name: parley.Lobby, Kind: parley.RoomPublic}
	form := &plainly{}
	outs := make([]counter, members)
	batch := make([]parley.Applied, n)
	text := strings.Repeat("x", 200)
	for i := range members {
		who := parley.Identity{Name: parley.Name(fmt.Sprint("p", i))}
		s, err := h.Connect(tb.Context(), lobby, Profile{Identity: who}, form, &outs[i])
		if err != nil {
			tb.Fatal(err)
		}
		tb.Cleanup(s.Leave)
		if i < n {
			e, err := prepare(parley.MessagePosted{Message: parley.Message{Room: lobby.ID, Text: text}},
				s.Person().sender(), time.Now())
			if err != nil {
				tb.Fatal(err)
			}
			if err := h.takeOff(s, []parley.Event{e}); err != nil {
				tb.Fatal(err)
			}
			batch[i] = parley.Applied{Event: e, Outcome: parley.Outcome{Seq: parley.Seq(i + 1)}}
		}
	}
	return h, batch, outs
}

// BenchmarkFanOut measures what one delivery costs before the socket, in a room of 1,000 people.
func BenchmarkFanOut(b *testing.B) {
	for _, n := range []int{1, 64} {
		b.Run(fmt.Sprintf("members=1000/batch=%d", n), func(b *testing.B) {
			h, batch, _ := crowd(b, 1000, n)
			b.ReportAllocs()
			for b.Loop() {
				h.Deliver(batch)
			}
			h.settle()
			deliveries := float64(b.N) * 1000 * float64(n)
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/deliveries, "ns/delivery")
		})
	}
}

// A delivery costs a pointer, not an encoding: handing a batch to 1,000 connections allocates nothing.
func TestADeliveryAllocatesNothing(t *testing.T) {
	h, batch, outs := crowd(t, 1000, 64)
	h.Deliver(batch)
	h.settle()
	if got := outs[0].writes.Load(); got != 1 {
		t.Fatalf("the batch reached somebody in %d writes", got)
	}
	allocations := testing.AllocsPerRun(100, func() { h.Deliver(batch); h.settle() })
	// What is left is a batch's own: its block, its items, its origins, the tasks. None of it grows with the members.
	few, fewBatch, _ := crowd(t, 100, 64)
	fewAllocations := testing.AllocsPerRun(100, func() { few.Deliver(fewBatch); few.settle() })
	if allocations > fewAllocations {
		t.Errorf("%v allocations a batch for 1,000 members, %v for 100", allocations, fewAllocations)
	}
}

package web

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"parley"
	"parley/hub"
)

// counter is an outbox that costs nothing.
type counter struct{ writes atomic.Int64 }

func (c *counter) Send([][]byte) { c.writes.Add(1) }
func (c *counter) Close(error)   {}

// public is a state in which there is one public room, and nobody has an account.
type public struct{ hub.State }

func (public) RoomByID(_ context.Context, id parley.RoomID) (parley.Room, error) {
	return parley.Room{ID: id, Name: parley.Lobby, Kind: parley.RoomPublic}, nil
}

func (public) Account(context.Context, parley.NameKey) (parley.Account, error) {
	return parley.Account{}, parley.Errorf(parley.CodeNoSuchAccount, "there is no such account")
}

// said is so many messages of 200 bytes, as the journal brings them.
func said(n int) []parley.Applied {
	batch := make([]parley.Applied, n)
	for i := range batch {
		batch[i] = parley.Applied{Outcome: parley.Outcome{Seq: parley.Seq(i + 1)}, Event: parley.MessagePosted{
			Message: parley.Message{
				Room: "r-lobby", ID: parley.MessageID(fmt.Sprint("m-", i)), By: parley.Sender{ID: "g-1", Name: "ann"},
				At: time.Unix(1_700_000_000, 0).UTC(), Text: strings.Repeat("x", 200),
			},
		}}
	}
	return batch
}

// crowd is a hub in whose lobby so many read this package's form.
func crowd(tb testing.TB, members int) (*hub.Hub, []counter) {
	h := hub.New(hub.Config{State: public{}, Log: slog.New(slog.DiscardHandler)})
	tb.Cleanup(h.Close)
	shown, outs := &form{}, make([]counter, members)
	room := parley.Room{ID: "r-lobby", Name: parley.Lobby, Kind: parley.RoomPublic}
	for i := range members {
		who := parley.Identity{Name: parley.Name(fmt.Sprint("p", i))}
		s, err := h.Connect(tb.Context(), room, hub.Profile{Identity: who}, shown, &outs[i])
		if err != nil {
			tb.Fatal(err)
		}
		tb.Cleanup(s.Leave)
	}
	return h, outs
}

// BenchmarkItem measures what making the frame of one message costs, which is done once for everybody.
func BenchmarkItem(b *testing.B) {
	f, message := &form{}, said(1)[0].Event.(parley.RoomEvent)
	item := hub.Item{Kind: hub.ItemEvent, Room: parley.Room{ID: "r-lobby", Name: parley.Lobby}, Event: message}
	var buf []byte
	b.ReportAllocs()
	for b.Loop() {
		buf = f.AppendItem(buf[:0], &item)
	}
	b.SetBytes(int64(len(buf)))
}

// BenchmarkFanOut measures what one delivery costs before the socket, in a room of 1,000 people on WebSockets.
func BenchmarkFanOut(b *testing.B) {
	for _, n := range []int{1, 64} {
		b.Run(fmt.Sprintf("members=1000/batch=%d", n), func(b *testing.B) {
			h, _ := crowd(b, 1000)
			batch := said(n)
			b.ReportAllocs()
			for b.Loop() {
				h.Deliver(batch)
			}
			deliveries := float64(b.N) * 1000 * float64(n)
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/deliveries, "ns/delivery")
		})
	}
}

// Making a frame allocates nothing, and what a batch allocates for all of its readers together does not grow with them: a
// delivery allocates nothing.
func TestADeliveryAllocatesNothing(t *testing.T) {
	f, message := &form{}, said(1)[0].Event.(parley.RoomEvent)
	item := hub.Item{Kind: hub.ItemEvent, Room: parley.Room{ID: "r-lobby", Name: parley.Lobby}, Event: message}
	buf := make([]byte, 0, 1024)
	if n := testing.AllocsPerRun(100, func() { buf = f.AppendItem(buf[:0], &item) }); n != 0 {
		t.Errorf("%v allocations a frame", n)
	}
	batch := said(64)
	many, outs := crowd(t, 1000)
	few, _ := crowd(t, 100)
	allocations := testing.AllocsPerRun(50, func() { many.Deliver(batch) })
	if fewer := testing.AllocsPerRun(50, func() { few.Deliver(batch) }); allocations > fewer+20 { // what the workers need now and then
		t.Errorf("%v allocations a batch for 1,000 readers, %v for 100", allocations, fewer)
	}
	if outs[0].writes.Load() == 0 {
		t.Error("nobody was shown anything")
	}
}

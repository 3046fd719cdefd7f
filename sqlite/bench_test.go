package sqlite

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"parley"
)

// BenchmarkGroupCommit is how many messages of 200 bytes a second become durable in one room when so many senders
// each wait for the answer before they send the next.
func BenchmarkGroupCommit(b *testing.B) {
	for _, senders := range []int{1, 10, 100, 1000} {
		b.Run(fmt.Sprintf("senders=%d", senders), func(b *testing.B) { groupCommit(b, senders) })
	}
}

// perTicket is how many messages a sender sends before it asks whether the time is over.
const perTicket = 16

func groupCommit(b *testing.B, senders int) {
	s := startStore(b, b.TempDir(), Options{})
	room := openLobby(b, s)
	openRoom(b, s, "elsewhere") // so that the room is not the last one in any index

	text := strings.Repeat("x", 200)
	tickets := make(chan struct{})
	var all sync.WaitGroup
	for range senders {
		by := parley.Sender{ID: parley.NewGuestID(), Name: "alice"}
		all.Go(func() {
			for range tickets {
				for range perTicket {
					now := time.Now()
					m := parley.Message{Room: room, ID: parley.NewMessageID(now), By: by, At: now, Text: text}
					if _, err := s.Append(b.Context(), parley.MessagePosted{Message: m}); err != nil {
						b.Error(err)
					}
				}
			}
		})
	}
	n := 0
	start := time.Now()
	for b.Loop() {
		tickets <- struct{}{}
		n += perTicket
	}
	close(tickets)
	all.Wait() // what is still under way counts, and so does its time
	b.ReportMetric(float64(n)/time.Since(start).Seconds(), "messages/s")
	b.ReportMetric(0, "ns/op")
}

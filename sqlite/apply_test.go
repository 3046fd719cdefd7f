package sqlite

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"

	"parley"
)

// TestBatchesChangeNothing applies the same random events one by one and in batches of every size. What came of each
// event and what is kept must be the same: how events are gathered is an accident of time.
func TestBatchesChangeNothing(t *testing.T) {
	const seeds = 5
	for seed := range uint64(seeds) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			random := rand.New(rand.NewPCG(seed, 1))
			events := randomEvents(random, 300)
			single := startStore(t, t.TempDir(), Options{Volatile: true})
			var want []parley.Outcome
			for _, e := range events {
				want = append(want, appendOne(t, single, e))
			}
			batched := startStore(t, t.TempDir(), Options{Volatile: true})
			var got []parley.Outcome
			for rest := events; len(rest) > 0; {
				n := 1 + random.IntN(min(len(rest), 200))
				got = append(got, appendAll(t, batched, rest[:n]...)...)
				rest = rest[n:]
			}
			for i := range want {
				if !reflect.DeepEqual(got[i], want[i]) {
					t.Fatalf("event %d, %v: %v in a batch, %v alone", i, events[i], got[i], want[i])
				}
			}
			for _, room := range randomRooms {
				kept := history(t, single, room)
				noGaps(t, kept)
				if other := history(t, batched, room); !reflect.DeepEqual(other, kept) {
					t.Fatalf("room %s: %v in batches, %v one by one", room, other, kept)
				}
			}
		})
	}
}

// randomRooms are those of randomEvents; the first is never opened.
var randomRooms = []parley.RoomID{"r-never", "r-lobby", "r-den", parley.DirectRoom(alice.ID, bob.ID)}

// randomEvents makes events of which many are refused and many are repeats.
func randomEvents(random *rand.Rand, n int) []parley.Event {
	var events []parley.Event
	for range n {
		room := randomRooms[random.IntN(len(randomRooms))]
		by := []parley.Sender{alice, bob}[random.IntN(2)]
		id := id(random.IntN(n))
		switch random.IntN(20) {
		case 0:
			room := randomRooms[1+random.IntN(2)]
			name := parley.RoomName(room[2:])
			events = append(events, parley.RoomOpened{Room: parley.Room{ID: room, Name: name, Kind: parley.RoomPublic}})
		case 1:
			events = append(events, sent(room, by, id, parley.File{Name: "a.txt", Size: int64(len(events))}))
		case 2:
			events = append(events, said(room, by, id, ""))
		default:
			events = append(events, said(room, by, id, fmt.Sprint("text ", len(events))))
		}
	}
	return events
}

package sqlite

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"parley"
)

// TestBatchesChangeNothing applies the same random events one by one, in batches of every size, and in batches of which
// each fails once before it is done. What came of each event and every row that is kept must be the same: how events are
// gathered is an accident of time.
func TestBatchesChangeNothing(t *testing.T) {
	const seeds = 4
	came := make(map[parley.EventType]*tally)
	for seed := range uint64(seeds) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			random := rand.New(rand.NewPCG(seed, 1))
			events := randomEvents(random, 800)
			single := startStore(t, t.TempDir(), Options{Volatile: true})
			var want []parley.Outcome
			for _, e := range events {
				want = append(want, appendOne(t, single, e))
			}
			kept := dump(t, single)
			for _, fails := range []bool{false, true} {
				batched := startStore(t, t.TempDir(), Options{Volatile: true})
				got := inBatches(t, batched, random, events, fails)
				for i := range want {
					if !reflect.DeepEqual(got[i], want[i]) {
						t.Fatalf("event %d, %+v: %v in a batch (failing: %v), %v alone", i, events[i], got[i], fails, want[i])
					}
				}
				if other := dump(t, batched); other != kept {
					t.Fatalf("in batches (failing: %v)\n%s\none by one\n%s", fails, other, kept)
				}
			}
			everyNumberOnce(t, single)
			count(came, events, want)
		})
	}
	for what, n := range came {
		always := what == parley.EventLoginsEnded || what == parley.EventLoginsExpired
		if n.done == 0 || n.refused+n.repeats == 0 && !always {
			t.Errorf("%s was not worth trying: %+v", what, *n)
		}
	}
}

// tally is how often something was what.
type tally struct{ done, refused, repeats int }

// count adds what came of events.
func count(came map[parley.EventType]*tally, events []parley.Event, outcomes []parley.Outcome) {
	for i, o := range outcomes {
		n := came[events[i].Type()]
		if n == nil {
			n = &tally{}
			came[events[i].Type()] = n
		}
		switch {
		case o.Err != nil:
			n.refused++
		case o.Repeat:
			n.repeats++
		default:
			n.done++
		}
	}
}

// inBatches appends events in batches of random sizes. Those that fail do so on a full disk, when all of them have been
// applied.
func inBatches(t *testing.T, s *Store, random *rand.Rand, events []parley.Event, fails bool) (got []parley.Outcome) {
	t.Helper()
	for rest := events; len(rest) > 0; {
		n := 1 + random.IntN(min(len(rest), 100))
		if fails {
			failOnFullDisk(t, s, rest[:n])
		}
		got = append(got, appendAll(t, s, rest[:n]...)...)
		rest = rest[n:]
	}
	return got
}

// failOnFullDisk appends events, and enough besides to fill the database, which may not grow: SQLite itself finds that the
// disk is full.
func failOnFullDisk(t *testing.T, s *Store, events []parley.Event) {
	t.Helper()
	appendOne(t, s, parley.LoginEnded{ID: "none"}) // so that the writer has its connection
	doomed := slices.Clone(events)
	big := strings.Repeat("x", parley.MaxText)
	for n := range 20 {
		doomed = append(doomed, said(parley.DirectRoom("g-1", "g-2"), parley.Sender{ID: "g-1"}, id(n), big))
	}
	limitPages(t, s, 1)
	_, err := s.Append(t.Context(), doomed...)
	limitPages(t, s, 1<<30)
	if parley.CodeOf(err) != parley.CodeDiskFull {
		t.Fatalf("on a full disk: %v", err)
	}
}

// limitPages says how many pages the database may have; what it has it keeps. The writer must have nothing to do.
func limitPages(t *testing.T, s *Store, n int) {
	t.Helper()
	row := s.writer.ledger.conn.QueryRowContext(t.Context(), fmt.Sprintf("PRAGMA max_page_count = %d", n))
	if err := row.Scan(&n); err != nil {
		t.Fatal(err)
	}
}

// everyNumberOnce checks that each room has its numbers from 1 without gaps.
func everyNumberOnce(t *testing.T, s *Store) {
	t.Helper()
	rows, err := s.db.reads.pool.QueryContext(t.Context(), `SELECT rooms.id, last, count(entries.seq), ifnull(max(seq), 0),
		ifnull(min(seq), 1) FROM rooms LEFT JOIN entries ON entries.room = rooms.num GROUP BY rooms.num`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var room string
		var last, count, most, least int
		if err := rows.Scan(&room, &last, &count, &most, &least); err != nil {
			t.Fatal(err)
		}
		if last != count || last != most || least != 1 {
			t.Errorf("room %s: last number %d, %d entries from %d to %d", room, last, count, least, most)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
}

// randomRooms are those of randomEvents; the first is never opened.
var randomRooms = []parley.RoomID{"r-never", "r-lobby", "r-den", "r-stage", parley.DirectRoom(alice.ID, bob.ID),
	parley.DirectRoom("a-carol", "a-dave")}

// randomPeople are guests, accounts that come and go, and the operator.
var randomPeople = []parley.Sender{alice, bob, {ID: "a-carol", Name: "carol"}, {ID: "a-dave", Name: "dave"},
	{ID: "a-eve", Name: "eve"}, {ID: parley.OperatorID, Name: "server"}}

// randomEvents makes events of which many are refused and many are repeats.
func randomEvents(random *rand.Rand, n int) []parley.Event {
	events := []parley.Event{}
	for _, room := range randomRooms[1:4] {
		kind := map[parley.RoomID]parley.RoomKind{"r-den": parley.RoomPrivate, "r-stage": parley.RoomAnnounce}[room]
		if kind == "" {
			kind = parley.RoomPublic
		}
		opened := parley.Room{ID: room, Name: parley.RoomName(room[2:]), Kind: kind}
		events = append(events, parley.RoomOpened{Room: opened, By: alice, At: noon})
	}
	for _, who := range randomPeople[2:5] {
		events = append(events, added(who.Name, parley.RoleMember))
	}
	for len(events) < n {
		events = append(events, randomEvent(random, n))
	}
	return events
}

func randomEvent(random *rand.Rand, n int) parley.Event {
	pick := func(from []parley.Sender) parley.Sender { return from[random.IntN(len(from))] }
	room, by, who := randomRooms[random.IntN(len(randomRooms))], pick(randomPeople), pick(randomPeople)
	roles := parley.Roles()
	role, yes := roles[random.IntN(len(roles))], random.IntN(2) == 0
	head := parley.Entry{Room: room, ID: id(random.IntN(2 * n)), By: by, At: noon.Add(time.Duration(random.IntN(n)) * time.Minute)}
	target := parley.Seq(random.IntN(30))
	switch random.IntN(32) {
	case 0:
		return parley.RoomOpened{Room: parley.Room{ID: room, Name: "den", Kind: parley.RoomPublic}, By: by, At: noon}
	case 1:
		return sent(room, by, head.ID, parley.File{Name: "a.txt", Size: int64(random.IntN(n))})
	case 2:
		return said(room, by, head.ID, "")
	case 3, 4, 5:
		return parley.MessageEdited{Entry: head, Target: target, Text: fmt.Sprint("edited ", random.IntN(n), " @dave")}
	case 6:
		return parley.MessageDeleted{Entry: head, Target: target}
	case 7, 8, 9:
		return parley.MessageReacted{Entry: head, Target: target, Emoji: []string{"+1", "-1"}[random.IntN(2)], On: yes}
	case 10, 11, 12:
		changes := []parley.MemberChange{parley.MemberInvited, parley.MemberLeft, parley.MemberKicked, parley.MemberBanned,
			parley.MemberUnbanned, parley.MemberAppointed}
		return parley.MemberChanged{Entry: head, Who: who, Change: changes[random.IntN(len(changes))], Role: role}
	case 13:
		kinds := []parley.RoomKind{parley.RoomPublic, parley.RoomPrivate, parley.RoomAnnounce}
		return parley.RoomChanged{Entry: head, Topic: fmt.Sprint("topic ", random.IntN(n)), Kind: kinds[random.IntN(3)]}
	case 14:
		return parley.Read{Room: room, Who: by.ID, Seq: target}
	case 15:
		return added(who.Name, role)
	case 16:
		return parley.AccountChanged{ID: who.ID, Role: &role}
	case 17:
		return parley.AccountChanged{ID: who.ID, Disabled: &yes}
	case 18:
		if random.IntN(3) == 0 {
			return parley.AccountRemoved{ID: who.ID}
		}
		return parley.LoginsEnded{Who: who.ID, Except: randomLogin(random, who).ID}
	case 19, 22, 23:
		return parley.LoginOpened{Login: randomLogin(random, who)}
	case 20:
		return parley.LoginEnded{ID: randomLogin(random, who).ID}
	case 21:
		return parley.LoginsExpired{Before: head.At.Add(guestsKept)}
	}
	posted := said(room, by, head.ID, fmt.Sprint("text ", random.IntN(n)))
	if random.IntN(4) == 0 {
		posted.Message.Reply = target
	}
	if random.IntN(4) == 0 {
		posted.Mentions = []parley.NameKey{"carol", "nobody", "dave"}
	}
	return posted
}

// randomLogin makes one of a few logins.
func randomLogin(random *rand.Rand, who parley.Sender) parley.Login {
	n := byte(1 + random.IntN(20))
	return parley.Login{ID: parley.LoginID(fmt.Sprint("l-", n)), Token: parley.TokenHash{n}, Who: who, Created: noon,
		Expires: noon.Add(time.Duration(n) * time.Hour)}
}

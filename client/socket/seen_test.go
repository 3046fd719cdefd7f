package socket

import (
	"reflect"
	"testing"

	"parley"
	"parley/web/wire"
)

func at(n parley.Seq) wire.Entry { return wire.Entry{Room: "lobby", Number: n} }

func after(n parley.Seq) wire.Join {
	return wire.Join{Resume: wire.Resume{Room: "lobby", After: &n}}
}

func joined(last parley.Seq) wire.Joined { return wire.Joined{Room: "lobby", First: 1, Last: last} }

// takes hands events to s, which are all to be shown.
func takes(t *testing.T, s *Seen, numbers ...parley.Seq) {
	t.Helper()
	for _, n := range numbers {
		if verdict, join := s.Take(at(n)); verdict != Fresh || join != nil {
			t.Fatalf("event %d: %v, %+v", n, verdict, join)
		}
	}
}

func TestTheFirstJoinIsForWhatIsNew(t *testing.T) {
	var s Seen
	if j := s.Join("lobby"); j.After != nil {
		t.Errorf("it asks for what comes after %d", *j.After)
	}
	if e := s.Joined(joined(40)); e != (Entered{}) || !s.CaughtUp("lobby") || s.CaughtUp("lobby") {
		t.Errorf("%+v", e)
	}
	takes(t, &s, 41, 42)
	if verdict, _ := s.Take(at(41)); verdict != Double {
		t.Errorf("an event that was shown: %v", verdict)
	}
	s.Reconnect()
	if j := s.Join("lobby"); !reflect.DeepEqual(j, after(42)) {
		t.Errorf("it resumes by %+v", j)
	}
	s.Joined(joined(44))
	if s.CaughtUp("lobby") {
		t.Error("it has caught up with nothing")
	}
	takes(t, &s, 43, 44)
	if !s.CaughtUp("lobby") {
		t.Error("it has not caught up")
	}
	takes(t, &s, 45)
}

func TestPagesAreJoinedOneByOne(t *testing.T) {
	var s Seen
	s.Know("lobby", 10)
	s.Join("lobby")
	page := joined(15)
	page.More, page.Next = true, 12
	e := s.Joined(page)
	if want := after(12); !reflect.DeepEqual(e.Next, &want) {
		t.Fatalf("%+v", e)
	}
	takes(t, &s, 11, 12)
	// What happens before the next page is asked for comes again in it.
	if verdict, join := s.Take(at(16)); verdict != Gap || join != nil {
		t.Errorf("an event too early: %v, %+v", verdict, join)
	}
	s.Joined(joined(16))
	takes(t, &s, 13, 14, 15, 16)
	if !s.CaughtUp("lobby") {
		t.Error("it has not caught up")
	}
}

// A conversation is shown without having been joined. Where something before it is missing, that is asked for, once.
func TestAGapIsFilled(t *testing.T) {
	var s Seen
	s.Know("lobby", 3)
	takes(t, &s, 4)
	verdict, join := s.Take(at(6))
	if want := after(4); verdict != Gap || !reflect.DeepEqual(join, &want) {
		t.Fatalf("%v, %+v", verdict, join)
	}
	if verdict, join := s.Take(at(7)); verdict != Gap || join != nil {
		t.Fatalf("%v, %+v", verdict, join)
	}
	takes(t, &s, 5) // which was on its way all the same
	s.Joined(joined(7))
	if verdict, _ := s.Take(at(5)); verdict != Double {
		t.Errorf("%v", verdict)
	}
	takes(t, &s, 6, 7, 8)
}

// A newer server has events that are passed over here: their numbers are missing, and that is no gap.
func TestInARoomThatIsJoinedNumbersMayBeMissing(t *testing.T) {
	var s Seen
	s.Know("lobby", 3)
	s.Join("lobby")
	s.Joined(joined(5))
	takes(t, &s, 5, 7, 9)
}

func TestARoomWithLowerNumbersHasBegunAnew(t *testing.T) {
	var s Seen
	s.Know("lobby", 50)
	s.Join("lobby")
	e := s.Joined(joined(2))
	if want := after(0); !e.Anew || !reflect.DeepEqual(e.Next, &want) {
		t.Fatalf("%+v", e)
	}
	s.Joined(joined(2))
	takes(t, &s, 1, 2, 3)
}

func TestWhatIsNotKeptIsForgotten(t *testing.T) {
	var s Seen
	s.Know("lobby", 5)
	s.Join("lobby")
	room := joined(20)
	room.First = 10
	if e := s.Joined(room); !e.Forgotten {
		t.Errorf("%+v", e)
	}
	takes(t, &s, 10)
}

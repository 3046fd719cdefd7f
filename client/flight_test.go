package client

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// launch is when the tests of flight begin.
var launch = time.Unix(1_700_000_000, 0)

// inTheAir gives a flight with messages one, two and three, written a second apart, on a connection that has been
// heard.
func inTheAir() *flight {
	f := &flight{heard: true}
	for i, text := range []string{"one", "two", "three"} {
		f.add(text, launch.Add(time.Duration(i)*time.Second))
	}
	return f
}

func TestMessageIsInDoubtForAMomentAfterItWasTaken(t *testing.T) {
	for wait, want := range map[time.Duration]string{
		2 * time.Second:             "one two three",
		reading + time.Second:       "two three",
		reading + time.Second + 1:   "three",
		reading + 2*time.Second + 1: "",
	} {
		if got := strings.Join(inTheAir().lost(0, launch.Add(wait)), " "); got != want {
			t.Errorf("%v after the first: %q is in doubt, want %q", wait, got, want)
		}
	}
}

func TestMessageThatTheOtherMachineHasNotTakenStaysInDoubt(t *testing.T) {
	for unread, want := range map[int]string{
		0: "", 1: "three", 5: "three", 6: "two three", 11: "one two three", 999: "one two three",
	} {
		if got := strings.Join(inTheAir().lost(unread, launch.Add(30*time.Second)), " "); got != want {
			t.Errorf("%d bytes not taken: %q is in doubt, want %q", unread, got, want)
		}
	}
}

func TestWhereTheSystemDoesNotTellMessagesStayInDoubtForLonger(t *testing.T) {
	if got := inTheAir().lost(-1, launch.Add(longest+time.Second)); !slices.Equal(got, []string{"two", "three"}) {
		t.Errorf("%q is in doubt", got)
	}
}

func TestAllIsInDoubtWhileTheServerHasSaidNothing(t *testing.T) {
	f := inTheAir()
	f.heard = false
	if got := f.lost(0, launch.Add(time.Hour)); len(got) != 3 {
		t.Errorf("%q is in doubt, want all three: perhaps nobody serves this connection yet", got)
	}
}

func TestAnswerSettlesWhatWasWrittenBefore(t *testing.T) {
	f := inTheAir()
	f.settle(2)
	if got := f.lost(0, launch); !slices.Equal(got, []string{"three"}) {
		t.Errorf("%q is in doubt", got)
	}
	f.echoed("four")
	f.echoed("three")
	if got := f.lost(0, launch); len(got) != 0 || f.bytes != 0 {
		t.Errorf("after the echo %q is in doubt, %d bytes", got, f.bytes)
	}
}

func TestFlightForgetsTheOldAndTheTooMany(t *testing.T) {
	f := inTheAir()
	f.add("four", launch.Add(longest+time.Second+1))
	if len(f.messages) != 2 {
		t.Errorf("%d messages are kept, want three and four", len(f.messages))
	}
	for range 100 {
		f.add(strings.Repeat("x", 64<<10), launch.Add(longest))
	}
	if f.bytes > maxFlight {
		t.Errorf("%d bytes are kept, want at most %d", f.bytes, maxFlight)
	}
}

package wire

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// pacing drives a Pacer on a clock of its own, and writes down what it sends and when.
type pacing struct {
	pacer Pacer
	now   int
	wake  time.Time
	log   strings.Builder
}

func (p *pacing) text(who, text string) {
	p.pacer.Text([]byte(who), AppendText(nil, who, text), at(p.now))
	p.next()
}

func (p *pacing) roster(names string) {
	p.pacer.Roster([]byte("!"+names), at(p.now))
	p.next()
}

// next asks the Pacer, as its owner does whenever there is something new or it is time.
func (p *pacing) next() {
	var parts [][]byte
	if parts, p.wake = p.pacer.Next(at(p.now)); len(parts) > 0 {
		fmt.Fprintf(&p.log, "%d:", p.now)
		for _, part := range parts {
			fmt.Fprintf(&p.log, "[%s]", strings.TrimSpace(string(part)))
		}
		p.log.WriteString("\n")
	}
}

// wait lets so many milliseconds go by.
func (p *pacing) wait(ms int) {
	end := p.now + ms
	for !p.wake.IsZero() && !p.wake.After(at(end)) {
		p.now = int(p.wake.Sub(at(0)) / time.Millisecond)
		p.next()
	}
	p.now = end
}

// expect checks what was sent so far.
func (p *pacing) expect(t *testing.T, want ...string) {
	t.Helper()
	if got := strings.TrimSuffix(p.log.String(), "\n"); got != strings.Join(want, "\n") {
		t.Errorf("sent\n%s\nwant\n%s", got, strings.Join(want, "\n"))
	}
}

func TestWhatNothingStandsInTheWayOfGoesAtOnce(t *testing.T) {
	var p pacing
	p.text("alice", "hi")
	p.wait(25)
	p.roster("{}")
	p.wait(25)
	p.text("alice", "there")
	p.wait(1000)
	p.expect(t, "0:[alice: hi]", "25:[!{}]", "50:[alice: there]")
	if !p.wake.IsZero() || p.pacer.queue != nil {
		t.Error("something is kept though nothing waits")
	}
}

func TestRosterHasQuietBeforeAndAfter(t *testing.T) {
	var p pacing
	p.text("alice", "hi")
	p.wait(10)
	p.roster("{}")
	p.wait(5)
	p.text("bob", "yo")
	p.text("bob", "ho")
	p.wait(1000)
	p.expect(t, "0:[alice: hi]", "25:[!{}]", "50:[bob: yo][bob: ho]")
}

func TestNewestRosterReplacesTheOneThatWaits(t *testing.T) {
	var p pacing
	p.roster("1")
	p.roster("2")
	p.text("alice", "hi")
	p.roster("3")
	p.wait(1000)
	p.expect(t, "0:[!1]", "25:[!3]", "50:[alice: hi]")
}

func TestRosterIsSentHoweverManyComeAndGo(t *testing.T) {
	var p pacing
	for i := range 100 {
		p.roster(fmt.Sprint(i))
		p.text("alice", "x")
		p.wait(1)
	}
	if n := strings.Count(p.log.String(), "[!"); n < 2 {
		t.Errorf("%d rosters in 100 ms: %s", n, &p.log)
	}
}

func TestTextsOfOnePersonGoTogetherAndOfDifferentPeopleApart(t *testing.T) {
	var p pacing
	p.text("alice", "one")
	p.text("alice", "two")
	p.text("bob", "three")
	p.text("bob", "four")
	p.text("carol", "five")
	p.wait(1000)
	p.expect(t, "0:[alice: one]", "0:[alice: two]", "25:[bob: three][bob: four]", "50:[carol: five]")
}

func TestInALivelyRoomTextsAreJoined(t *testing.T) {
	var p pacing
	for i := range 12 {
		p.text(string(rune('a'+i)), "x")
	}
	p.roster("{}")
	p.text("z", "x")
	p.wait(1000)
	p.expect(t, "0:[a: x]", "25:[b: x]", "50:[c: x]", "75:[d: x]", "100:[e: x]", "125:[f: x]", "150:[g: x]",
		"175:[h: x]", "200:[i: x]", "225:[j: x]", "250:[k: x][l: x]", "275:[!{}]", "300:[z: x]")
}

func TestWhatWaitsIsBounded(t *testing.T) {
	var p pacing
	p.roster("1")
	p.roster("2")
	text := strings.Repeat("x", 10_000)
	for range MaxWaiting / len(text) {
		p.text("alice", text)
	}
	p.expect(t, "0:[!1]")
	p.text("alice", text)
	if p.pacer.queue != nil || p.pacer.size != 0 {
		t.Errorf("%d bytes wait", p.pacer.size)
	}
	p.log.Reset()
	p.wait(10)
	p.text("alice", "and quiet is counted from here")
	p.roster("3")
	p.wait(1000)
	p.expect(t, "10:[alice: and quiet is counted from here]", "35:[!3]")
}

func TestRestIsForAConnectionThatEnds(t *testing.T) {
	var p pacing
	p.roster("1")
	p.text("alice", "hi")
	p.roster("2")
	p.text("bob", "ho")
	if parts := p.pacer.Rest(); len(parts) != 2 || string(parts[0]) != "alice: hi " || string(parts[1]) != "bob: ho " {
		t.Errorf("the rest is %q", parts)
	}
	if parts := p.pacer.Rest(); len(parts) != 0 {
		t.Errorf("and then %q", parts)
	}
}

package discovery

import (
	"context"
	"log/slog"
	"net/netip"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

var kitchen = Offer{Machine: "kitchen", Version: "1.2", Doors: []Door{{"http", 7275}, {"plain", 8001}}}

// running is an announcer that runs.
type running struct {
	*Announcer
	ended sync.WaitGroup
}

func announce(t *testing.T, o Offer, links ...link) *running {
	r := &running{Announcer: newAnnouncer(o, links, slog.New(slog.DiscardHandler))}
	r.ended.Go(r.Run)
	return r
}

func (r *running) leave() {
	r.Stop()
	r.ended.Wait()
}

// lookFor finds what is on a wire within two seconds.
func lookFor(links ...link) []Server {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	return look(ctx, links)
}

func TestAServerIsFound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{}
		a := announce(t, kitchen, w.join("10.0.0.1", multicastPort))
		time.Sleep(time.Minute) // of the bubble: what was announced is long over
		if !a.Goes("parley-kitchen.local") || !a.Goes("PARLEY-kitchen.local.") || a.Goes("kitchen.local") {
			t.Error("the host goes by the wrong name")
		}
		want := []Server{{Name: "Parley on kitchen", Version: "1.2",
			URLs: []string{"http://10.0.0.1:7275", "plain://10.0.0.1:8001"}}}
		if got := lookFor(w.join("10.0.0.2", multicastPort)); !equal(got, want) {
			t.Errorf("found %v", got)
		}
		a.leave()
		if got := lookFor(w.join("10.0.0.3", multicastPort)); len(got) > 0 {
			t.Errorf("found %v after it had left", got)
		}
	})
}

func equal(a, b []Server) bool {
	return slices.EqualFunc(a, b, func(a, b Server) bool {
		return a.Name == b.Name && a.Version == b.Version && slices.Equal(a.URLs, b.URLs)
	})
}

func TestWhoeverListensLearnsThatAServerHasLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{}
		a := announce(t, kitchen, w.join("10.0.0.1", multicastPort))
		time.Sleep(time.Minute)
		v := view{networks: []netip.Prefix{netip.MustParsePrefix("10.0.0.2/24")}, hosts: map[string][]netip.Addr{}}
		for _, packet := range w.everything() {
			v.take(packet)
		}
		if len(v.servers()) != 1 {
			t.Fatalf("it is not announced: %v", v.servers())
		}
		a.leave()
		for _, packet := range w.everything() {
			v.take(packet)
		}
		if len(v.servers()) != 0 {
			t.Error("it did not say goodbye")
		}
	})
}

func TestTheSecondOfANameTakesAnother(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{}
		first := announce(t, kitchen, w.join("10.0.0.1", multicastPort))
		time.Sleep(time.Minute)
		second := announce(t, kitchen, w.join("10.0.0.2", multicastPort))
		time.Sleep(time.Minute)
		expectTwo(t, w, first, second)
	})
}

func TestOfTwoAtOnceOneTakesAnotherName(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{}
		first := announce(t, kitchen, w.join("10.0.0.1", multicastPort))
		second := announce(t, kitchen, w.join("10.0.0.2", multicastPort))
		time.Sleep(time.Minute)
		expectTwo(t, w, first, second)
	})
}

func TestTwoThatHadBeenApartTellEachOtherApart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, apart := &wire{}, &wire{}
		first := announce(t, kitchen, w.join("10.0.0.1", multicastPort))
		away := apart.join("10.0.0.2", multicastPort)
		second := announce(t, kitchen, away)
		time.Sleep(time.Minute)
		w.mu.Lock()
		w.members = append(w.members, away)
		away.wire.Store(w) // the cable
		w.mu.Unlock()
		_ = w.join("10.0.0.9", 999).Write(message{questions: []dnsmessage.Question{
			question(kindName, dnsmessage.TypePTR)}}.pack(), netip.AddrPort{})
		time.Sleep(time.Minute)
		expectTwo(t, w, first, second)
	})
}

// expectTwo fails unless both are found, under the usual name and a second one.
func expectTwo(t *testing.T, w *wire, first, second *running) {
	t.Helper()
	var names []string
	for _, s := range lookFor(w.join("10.0.0.3", multicastPort)) {
		names = append(names, s.Name)
	}
	if !slices.Equal(names, []string{"Parley on kitchen", "Parley on kitchen (2)"}) {
		t.Errorf("found %q", names)
	}
	usual, other := first.Goes("parley-kitchen.local"), first.Goes("parley-kitchen-2.local")
	if usual == other || second.Goes("parley-kitchen.local") == usual || second.Goes("parley-kitchen-2.local") == other {
		t.Error("the hosts are not told apart")
	}
	first.leave()
	second.leave()
}

// A machine with two ways into one network hears itself on both, which is no conflict.
func TestTwoInterfacesOnOneNetworkAreNoConflict(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{}
		a := announce(t, kitchen, w.join("10.0.0.1", multicastPort), w.join("10.0.0.2", multicastPort))
		time.Sleep(time.Minute)
		if !a.Goes("parley-kitchen.local") {
			t.Error("it lost its name to itself")
		}
		if got := lookFor(w.join("10.0.0.3", multicastPort), w.join("10.0.0.4", multicastPort)); len(got) != 1 {
			t.Errorf("found %v", got)
		}
		a.leave()
	})
}

func TestNobodyIsFoundWhereNobodyIs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		if got := lookFor((&wire{}).join("10.0.0.3", multicastPort)); len(got) > 0 {
			t.Errorf("found %v", got)
		}
	})
}

func TestAnAnnouncerThatNeverRanCanBeClosed(t *testing.T) {
	a := newAnnouncer(kitchen, []link{(&wire{}).join("10.0.0.1", multicastPort)}, slog.New(slog.DiscardHandler))
	a.Close()
	a.Close()
	a.Stop()
}

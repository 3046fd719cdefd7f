package accounts

import (
	"context"
	"errors"
	"net/netip"
	"reflect"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// hall is where people queue up for turns. Each is named by their network and their number in it, and keeps a turn for
// one second of the bubble's clock.
type hall struct {
	*turns
	coming  sync.WaitGroup
	order   []string
	running int
	most    int
}

// come has somebody take a turn.
func (h *hall) come(ctx context.Context, who, address string) {
	done, err := h.take(ctx, network(netip.MustParseAddr(address)))
	if err != nil {
		return
	}
	h.mu.Lock()
	h.order = append(h.order, who)
	h.running++
	h.most = max(h.most, h.running)
	h.mu.Unlock()
	time.Sleep(time.Second)
	h.mu.Lock()
	h.running--
	h.mu.Unlock()
	done()
}

// empty waits until everybody has left, and checks that nothing is left over.
func (h *hall) empty(t *testing.T) {
	t.Helper()
	h.coming.Wait()
	if h.free != atOnce || len(h.busy) != 0 || len(h.queue) != 0 {
		t.Errorf("afterwards %d turns are free, %d networks busy, %d wait", h.free, len(h.busy), len(h.queue))
	}
}

func TestNetworksTakeTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := &hall{turns: newTurns()}
		for _, p := range [][2]string{
			{"a1", "10.0.0.1"}, {"a2", "10.0.0.1"}, {"a3", "10.0.0.1"}, {"b1", "10.0.0.2"}, {"c1", "10.0.0.3"},
			{"a4", "10.0.0.1"}, {"c2", "10.0.0.3"},
		} {
			h.coming.Go(func() { h.come(t.Context(), p[0], p[1]) })
			synctest.Wait() // so that they come in this order
			time.Sleep(time.Millisecond)
		}
		h.coming.Wait()
		// a1 and b1 begin. When a1 leaves, c has waited for longer than what a has next.
		if want := []string{"a1", "b1", "c1", "a2", "c2", "a3", "a4"}; !reflect.DeepEqual(h.order, want) {
			t.Errorf("%v, not %v", h.order, want)
		}
		if h.most != atOnce {
			t.Errorf("%d at once", h.most)
		}
		h.empty(t)
	})
}

// Whoever comes with a thousand tries at once holds up somebody else by no more than one turn.
func TestACrowdFromOnePlaceHoldsUpItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := &hall{turns: newTurns()}
		for range 1000 {
			h.coming.Go(func() { h.come(t.Context(), "attacker", "10.0.0.1") })
		}
		synctest.Wait()
		h.come(t.Context(), "alice", "10.0.0.2")
		h.empty(t)
		if i := slices.Index(h.order, "alice"); i > 2 {
			t.Errorf("%d attackers came first", i)
		}
	})
}

func TestWhoGivesUpLosesNoTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := &hall{turns: newTurns()}
		h.coming.Go(func() { h.come(t.Context(), "a", "10.0.0.1") })
		h.coming.Go(func() { h.come(t.Context(), "b", "10.0.0.2") })
		synctest.Wait()
		brief, cancel := context.WithTimeout(t.Context(), time.Second/2)
		defer cancel()
		for _, address := range []string{"10.0.0.1", "10.0.0.3"} {
			if _, err := h.take(brief, network(netip.MustParseAddr(address))); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("from %s: %v", address, err)
			}
		}
		h.empty(t)
	})
}

// A turn that comes just as somebody gives up is given on.
func TestATurnThatComesTooLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := &hall{turns: newTurns()}
		from := network(here)
		done, err := h.take(t.Context(), from)
		if err != nil {
			t.Fatal(err)
		}
		late := h.enter(from)
		h.coming.Go(func() { h.come(t.Context(), "next", here.String()) })
		synctest.Wait()
		done()
		<-late
		h.withdraw(from, late)
		h.empty(t)
		if len(h.order) != 1 {
			t.Error("the next one never had a turn")
		}
	})
}

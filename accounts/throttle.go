package accounts

import (
	"container/list"
	"net/netip"
	"time"

	"parley"
)

// How wrong passwords hold up whoever tries them.
const (
	freeTries   = 5 // that may be wrong before one has to wait
	firstWait   = time.Second
	longestWait = 5 * time.Minute
	forgotten   = time.Hour // without a try, after which all is as before
	// maxTriers is how many are remembered. To push one out takes as many wrong passwords as this, and to check those
	// takes minutes: somebody who wants to be forgotten may as well wait.
	maxTriers = 16 << 10
)

// trier is whose wrong passwords are counted together: one name from one network. So nobody is held up by what somebody
// else tries, be it by their own name from another place or by another name from their own.
type trier struct {
	name parley.NameKey
	from netip.Prefix
}

// network gives the network that counts as one source: an IPv4 address, or the first 64 bits of an IPv6 address, behind
// which a host may choose the others as it likes (RFC 4291, section 2.5.1). For no address it is the zero Prefix.
func network(from netip.Addr) netip.Prefix {
	from = from.Unmap()
	bits := from.BitLen()
	if from.Is6() {
		bits = 64
	}
	prefix, _ := from.Prefix(bits) // the zero Prefix with an error, for the zero Addr alone
	return prefix
}

// throttle counts wrong passwords and says how long to wait before the next try. It reads no clock, and leaves locking
// to whoever uses it.
type throttle struct {
	triers map[trier]*list.Element // of *record
	order  *list.List              // the one who was wrong last at the end
}

// record is what is known about a trier.
type record struct {
	trier trier
	wrong int       // in a row
	last  time.Time // when it was wrong the last time
}

func newThrottle() *throttle {
	return &throttle{triers: make(map[trier]*list.Element), order: list.New()}
}

// wait tells how long somebody has to wait before they may try; 0 for not at all.
func (t *throttle) wait(who trier, now time.Time) time.Duration {
	e := t.triers[who]
	if e == nil {
		return 0
	}
	r := e.Value.(*record)
	return min(max(0, r.last.Add(waitAfter(r.wrong)).Sub(now)), longestWait)
}

// waitAfter is how long one waits after so many wrong passwords in a row.
func waitAfter(wrong int) time.Duration {
	if wrong < freeTries {
		return 0
	}
	return min(firstWait<<min(wrong-freeTries, 20), longestWait)
}

// wrong counts a wrong password.
func (t *throttle) wrong(who trier, now time.Time) {
	for e := t.order.Front(); e != nil && now.Sub(e.Value.(*record).last) >= forgotten; e = t.order.Front() {
		t.forget(e)
	}
	if e := t.triers[who]; e != nil {
		r := e.Value.(*record)
		r.wrong++
		r.last = now
		t.order.MoveToBack(e)
		return
	}
	if len(t.triers) >= maxTriers {
		t.forget(t.order.Front())
	}
	t.triers[who] = t.order.PushBack(&record{trier: who, wrong: 1, last: now})
}

// right clears what was counted.
func (t *throttle) right(who trier) {
	if e := t.triers[who]; e != nil {
		t.forget(e)
	}
}

// pardon clears what was counted for a name, from everywhere.
func (t *throttle) pardon(name parley.NameKey) {
	for who, e := range t.triers {
		if who.name == name {
			t.forget(e)
		}
	}
}

func (t *throttle) forget(e *list.Element) {
	delete(t.triers, e.Value.(*record).trier)
	t.order.Remove(e)
}

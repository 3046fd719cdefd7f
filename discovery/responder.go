package discovery

import (
	"net/netip"
	"slices"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

// multicastPort is where everybody listens who speaks multicast DNS.
const multicastPort = 5353

const (
	tellAgain    = time.Second            // everybody is told a record at most so often (RFC 6762, section 6)
	waitLeast    = 20 * time.Millisecond  // before a shared record is told (section 6)
	waitSpread   = 100 * time.Millisecond // and up to so much longer
	moreToFollow = 400 * time.Millisecond // where the asker has more known answers to send (section 7.2)
)

// packet is something to be sent.
type packet struct {
	link int
	to   netip.AddrPort // zero for everybody
	data []byte
}

// place is one link, and our records there.
type place struct {
	addresses []netip.Addr
	records   []record
}

// responder is the server's side as a state machine: packets and times go in, packets and the time of the next step come
// out. It reads no clock and opens no socket, and its memory does not grow with what is heard. It is not for several
// goroutines.
type responder struct {
	offer     Offer
	attempt   int // at a name, from 1
	links     []place
	phase     phase
	sent      int       // probes or announcements
	next      time.Time // of the next of those; zero for none
	conflicts []time.Time
	settledAs func(host string)                 // is called when names have become ours
	jitter    func(time.Duration) time.Duration // a random time from 0 to less than what is given
}

// wake tells when step is to be called, zero for never.
func (r *responder) wake() time.Time {
	at := r.next
	for _, l := range r.links {
		for _, own := range l.records {
			if !own.due.IsZero() && (at.IsZero() || own.due.Before(at)) {
				at = own.due
			}
		}
	}
	return at
}

// step does what is due.
func (r *responder) step(now time.Time) []packet {
	out := r.advance(now)
	for i := range r.links {
		var due []int
		for j, own := range r.links[i].records {
			if !own.due.IsZero() && !now.Before(own.due) {
				due = append(due, j)
			}
		}
		if len(due) > 0 {
			out = append(out, r.tell(i, now, due))
		}
	}
	return out
}

// hear takes a packet from a link, and gives what is to be sent at once.
func (r *responder) hear(now time.Time, link int, from netip.AddrPort, data []byte) []packet {
	m, ok := parseMessage(data)
	switch {
	case !ok:
		return nil
	case m.header.Response:
		if from.Port() == multicastPort { // section 6: others are not to be believed
			r.hearResponse(now, m)
		}
		return nil
	case len(m.authorities) > 0:
		r.hearProbe(now, m)
	}
	if r.phase == probing {
		return nil // nothing is ours yet
	}
	return r.answer(now, link, from, m)
}

// answer answers a query.
func (r *responder) answer(now time.Time, link int, from netip.AddrPort, m message) []packet {
	records := r.links[link].records
	suppress(records, from.Addr(), m)
	var alone, everybody []int
	for _, q := range m.questions {
		for _, i := range answersTo(q, records) {
			recent := now.Sub(records[i].told) < time.Duration(records[i].Header.TTL)*time.Second/4
			switch {
			case knows(m, records[i]):
			case from.Port() != multicastPort, q.Class&topBit != 0 && recent: // sections 6.7 and 5.4
				alone = append(alone, i)
			default:
				everybody = append(everybody, i)
			}
		}
	}
	var out []packet
	if len(alone) > 0 {
		out = append(out, r.reply(link, from, m, alone))
	}
	if everybody = r.hold(now, records, from.Addr(), m, everybody); len(everybody) > 0 {
		out = append(out, r.tell(link, now, everybody))
	}
	return out
}

// hold gives those records of chosen that are to be told at once. Others are due a little later, and those that everybody
// has just been told are not told again, unless somebody probes for their name.
func (r *responder) hold(now time.Time, records []record, asker netip.Addr, m message, chosen []int) (atOnce []int) {
	for _, i := range chosen {
		own := &records[i]
		switch {
		case len(m.authorities) > 0:
			atOnce = append(atOnce, i)
		case now.Sub(own.told) < tellAgain || !own.due.IsZero():
		case m.header.Truncated:
			own.due, own.asker = now.Add(moreToFollow+r.jitter(waitSpread)), asker
		case !own.unique:
			own.due, own.asker = now.Add(waitLeast+r.jitter(waitSpread)), asker
		default:
			atOnce = append(atOnce, i)
		}
	}
	return atOnce
}

// suppress takes back what is due to an asker who now says that they know it (section 7.2).
func suppress(records []record, asker netip.Addr, m message) {
	for i := range records {
		if records[i].asker == asker && knows(m, records[i]) {
			records[i].due = time.Time{}
		}
	}
}

// knows reports whether a query says that its sender knows a record, and will for half its time (section 7.1).
func knows(m message, own record) bool {
	return slices.ContainsFunc(m.answers, func(known dnsmessage.Resource) bool {
		return known.Header.TTL >= own.Header.TTL/2 && same(known, own.Resource)
	})
}

// answersTo gives the records that answer a question. Where we have the name, but not the type, it is the record that
// says so (section 6.1).
func answersTo(q dnsmessage.Question, records []record) (found []int) {
	if class := q.Class &^ topBit; class != dnsmessage.ClassINET && class != dnsmessage.ClassANY {
		return nil
	}
	denial := -1
	for i, own := range records {
		switch {
		case !sameName(own.Header.Name, q.Name):
		case own.Header.Type == q.Type, q.Type == dnsmessage.TypeALL && own.Header.Type != typeNSEC:
			found = append(found, i)
		case own.Header.Type == typeNSEC:
			denial = i
		}
	}
	if len(found) == 0 && denial >= 0 {
		return []int{denial}
	}
	return found
}

// tell makes a message for everybody on a link.
func (r *responder) tell(link int, now time.Time, chosen []int) packet {
	m := compose(r.links[link].records, chosen)
	for _, i := range chosen {
		r.links[link].records[i].told, r.links[link].records[i].due = now, time.Time{}
	}
	return packet{link: link, data: m.pack()}
}

// reply makes a message for one asker. Those who do not speak multicast DNS get it as other DNS servers would answer
// (section 6.7).
func (r *responder) reply(link int, to netip.AddrPort, asked message, chosen []int) packet {
	m := compose(r.links[link].records, chosen)
	if to.Port() != multicastPort {
		m.header.ID = asked.header.ID
		for _, q := range asked.questions {
			if len(answersTo(q, r.links[link].records)) > 0 && len(m.questions) < len(chosen) {
				m.questions = append(m.questions, q)
			}
		}
		for _, section := range [][]dnsmessage.Resource{m.answers, m.additionals} {
			for i := range section {
				section[i].Header.Class &^= topBit
				section[i].Header.TTL = min(section[i].Header.TTL, legacyTTL)
			}
		}
	}
	return packet{link: link, to: to, data: m.pack()}
}

// compose makes a response out of records, each once. Whoever gets the name of a service will want all the rest of it
// (RFC 6763, section 12.1).
func compose(records []record, chosen []int) message {
	m := message{header: dnsmessage.Header{Response: true, Authoritative: true}}
	slices.Sort(chosen)
	chosen = slices.Compact(chosen)
	for _, i := range chosen {
		m.answers = append(m.answers, records[i].Resource)
	}
	if !slices.ContainsFunc(m.answers, func(a dnsmessage.Resource) bool { return sameName(a.Header.Name, kindName) }) {
		return m
	}
	for i, own := range records {
		if own.unique && !slices.Contains(chosen, i) {
			m.additionals = append(m.additionals, own.Resource)
		}
	}
	return m
}

// everything chooses all records.
func everything(records []record) []int {
	all := make([]int, len(records))
	for i := range all {
		all[i] = i
	}
	return all
}

// goodbye takes everything back that was told (RFC 6762, section 10.1).
func (r *responder) goodbye() []packet {
	if r.phase == probing {
		return nil
	}
	var out []packet
	for i, l := range r.links {
		m := compose(l.records, everything(l.records))
		for j := range m.answers {
			m.answers[j].Header.TTL = 0
		}
		out = append(out, packet{link: i, data: m.pack()})
	}
	return out
}

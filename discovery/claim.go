package discovery

import (
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

// phase is how far a name has been made ours (RFC 6762, section 8).
type phase int

const (
	probing    phase = iota // asking whether somebody has it
	announcing              // telling that we do
	settled
)

const (
	probes        = 3
	probeInterval = 250 * time.Millisecond
	announcements = 2
	announceAgain = time.Second
	deferral      = time.Second // after losing to somebody who probes at the same time (section 8.2)

	manyConflicts  = 15 // within conflictWindow, after which each attempt waits (section 8.1)
	conflictWindow = 10 * time.Second
	conflictPause  = 5 * time.Second
)

// begin starts to probe for the names of this attempt, after a pause. It is what comes first.
func (r *responder) begin(now time.Time, pause time.Duration) {
	r.phase, r.sent, r.next = probing, 0, now.Add(pause)
	for i := range r.links {
		r.links[i].records = r.offer.records(r.attempt, r.links[i].addresses)
	}
}

// advance does what is due of probing and announcing.
func (r *responder) advance(now time.Time) []packet {
	if r.next.IsZero() || now.Before(r.next) {
		return nil
	}
	var out []packet
	switch {
	case r.phase == probing && r.sent < probes:
		out = r.probe()
		r.sent++
		r.next = now.Add(probeInterval)
		return out
	case r.phase == probing:
		r.phase, r.sent = announcing, 0
		r.settledAs(r.offer.host(r.attempt))
	}
	for i := range r.links {
		out = append(out, r.tell(i, now, everything(r.links[i].records)))
	}
	r.sent++
	r.next = now.Add(announceAgain)
	if r.sent == announcements {
		r.phase, r.next = settled, time.Time{}
	}
	return out
}

// probe asks for everything about our names, and says what we would have there.
func (r *responder) probe() []packet {
	var out []packet
	for i, l := range r.links {
		var m message
		for _, own := range l.records {
			if !own.unique || own.Header.Type == typeNSEC {
				continue
			}
			if !asks(m.questions, own.Header.Name) {
				m.questions = append(m.questions, dnsmessage.Question{
					Name: own.Header.Name, Type: dnsmessage.TypeALL, Class: dnsmessage.ClassINET | topBit})
			}
			claimed := own.Resource
			claimed.Header.Class &^= topBit // section 10.2: never in a probe
			m.authorities = append(m.authorities, claimed)
		}
		out = append(out, packet{link: i, data: m.pack()})
	}
	return out
}

func asks(questions []dnsmessage.Question, name dnsmessage.Name) bool {
	for _, q := range questions {
		if sameName(q.Name, name) {
			return true
		}
	}
	return false
}

// hearResponse looks for somebody else who has our names.
func (r *responder) hearResponse(now time.Time, m message) {
	for _, section := range [][]dnsmessage.Resource{m.answers, m.authorities, m.additionals} {
		for _, theirs := range section {
			if theirs.Header.TTL > 0 && r.contradicts(theirs) {
				r.lose(now)
				return
			}
		}
	}
}

// contradicts reports whether a record is at odds with ours: of a name that only we may have, and not one of ours on
// any link, since two links may be one network. A name that is settled may have types that we know nothing of (RFC 6762,
// section 9).
func (r *responder) contradicts(theirs dnsmessage.Resource) bool {
	if theirs.Header.Type == typeNSEC || theirs.Header.Class&^topBit != dnsmessage.ClassINET {
		return false
	}
	atOdds := false
	for _, l := range r.links {
		for _, own := range l.records {
			if same(own.Resource, theirs) {
				return false
			}
			ofName := own.unique && sameName(own.Header.Name, theirs.Header.Name)
			atOdds = atOdds || ofName && (r.phase == probing || own.Header.Type == theirs.Header.Type)
		}
	}
	return atOdds
}

// lose gives way: to the next name while this one is not ours yet, and by probing for it again if it was (section 9).
func (r *responder) lose(now time.Time) {
	if r.phase == probing {
		r.attempt++
	}
	r.conflicts = append(r.conflicts, now)
	pause := time.Duration(0)
	if n := len(r.conflicts); n >= manyConflicts {
		if r.conflicts = r.conflicts[n-manyConflicts:]; now.Sub(r.conflicts[0]) < conflictWindow {
			pause = conflictPause
		}
	}
	r.begin(now, pause)
}

// hearProbe looks for somebody who probes for our names while we do. The one whose records come later in order wins;
// the other waits, and then sees the winner's answer (section 8.2).
func (r *responder) hearProbe(now time.Time, m message) {
	if r.phase != probing {
		return // they will be answered
	}
	for _, q := range m.questions {
		theirs := of(q.Name, m.authorities)
		wins, ours := len(theirs) > 0, false
		for _, l := range r.links {
			var own []dnsmessage.Resource
			for _, record := range l.records {
				if record.unique && record.Header.Type != typeNSEC && sameName(record.Header.Name, q.Name) {
					own = append(own, record.Resource)
				}
			}
			order := compareAll(own, theirs)
			ours = ours || order == 0 // it is our own, heard again
			wins = wins && len(own) > 0 && order < 0
		}
		if wins && !ours {
			r.begin(now, deferral)
			return
		}
	}
}

// of gives the records of a name.
func of(name dnsmessage.Name, records []dnsmessage.Resource) (found []dnsmessage.Resource) {
	for _, record := range records {
		if sameName(record.Header.Name, name) {
			found = append(found, record)
		}
	}
	return found
}

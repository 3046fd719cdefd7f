package plain

import (
	"net/netip"
	"time"
)

// DefaultParticipants is how many participants a UDP listener has at once unless it says otherwise.
const DefaultParticipants = 1024

// party is who takes part over UDP. It reads no clock, and is used by one goroutine.
type party struct {
	limit      int           // participants at once
	perAddress int           // of one address, 0 for no limit
	idle       time.Duration // how long somebody may be silent
	newcomers  bucket
	members    map[netip.AddrPort]*participant
	addresses  map[netip.Addr]int // how many participants each has
	next       time.Time          // nobody's time is up before; zero while there is nobody
}

func newParty(limit, perAddress int, idle time.Duration) *party {
	return &party{
		limit:      limit,
		perAddress: perAddress,
		idle:       idle,
		newcomers:  bucket{rate: admitRate, burst: admitBurst},
		members:    make(map[netip.AddrPort]*participant),
		addresses:  make(map[netip.Addr]int),
	}
}

// find gives the participant at a source who is heard of at the time now, nil for somebody new.
func (p *party) find(source netip.AddrPort, now time.Time) *participant {
	member := p.members[source]
	if member != nil {
		member.heard = now
	}
	return member
}

// isFull reports whether somebody new from an address finds no place.
func (p *party) isFull(from netip.Addr) bool {
	return len(p.members) >= p.limit || p.perAddress > 0 && p.addresses[from] >= p.perAddress
}

// admit takes in somebody new, who is heard of at the time now.
func (p *party) admit(member *participant, now time.Time) {
	member.heard = now
	p.members[member.source] = member
	p.addresses[member.source.Addr()]++
	if end := now.Add(p.idle); p.next.IsZero() || end.Before(p.next) {
		p.next = end
	}
}

// expire lets go of those who have been silent for too long at the time now, and gives them.
func (p *party) expire(now time.Time) []*participant {
	if p.next.IsZero() || now.Before(p.next) {
		return nil
	}
	var gone []*participant
	p.next = time.Time{}
	for _, member := range p.members {
		switch end := member.heard.Add(p.idle); {
		case !now.Before(end):
			gone = append(gone, member)
			p.remove(member)
		case p.next.IsZero() || end.Before(p.next):
			p.next = end
		}
	}
	return gone
}

// everybody lets go of all, and gives them.
func (p *party) everybody() []*participant {
	var gone []*participant
	for _, member := range p.members {
		gone = append(gone, member)
		p.remove(member)
	}
	return gone
}

func (p *party) remove(member *participant) {
	delete(p.members, member.source)
	from := member.source.Addr()
	if p.addresses[from]--; p.addresses[from] == 0 {
		delete(p.addresses, from)
	}
}

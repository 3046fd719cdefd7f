package discovery

import (
	"net/netip"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

var (
	start    = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	neighbor = netip.MustParseAddrPort("10.0.0.2:5353")
	resolver = netip.MustParseAddrPort("10.0.0.2:40000") // which does not speak multicast DNS
)

// settledResponder is one whose names are its own, and the time: long after the last that it said.
func settledResponder(t *testing.T) (*responder, time.Time) {
	t.Helper()
	r := &responder{offer: kitchen, attempt: 1, links: []place{{addresses: []netip.Addr{netip.MustParseAddr("10.0.0.1")}}},
		settledAs: func(string) {}, jitter: func(time.Duration) time.Duration { return 0 }}
	r.begin(start, 0)
	now := start
	for !r.wake().IsZero() {
		now = r.wake()
		r.step(now)
	}
	if r.phase != settled {
		t.Fatalf("it has stopped in phase %d", r.phase)
	}
	return r, now.Add(time.Hour)
}

// parsed reads the only one of packets.
func parsed(t *testing.T, packets []packet) message {
	t.Helper()
	if len(packets) != 1 {
		t.Fatalf("%d packets instead of one", len(packets))
	}
	m, ok := parseMessage(packets[0].data)
	if !ok {
		t.Fatal("what was sent cannot be read")
	}
	return m
}

func asked(questions ...dnsmessage.Question) message { return message{questions: questions} }

// RFC 6762, section 8: three probes a quarter of a second apart, then two announcements with a second between them.
func TestProbesAndAnnouncementsComeInTime(t *testing.T) {
	r := &responder{offer: kitchen, attempt: 1, links: []place{{addresses: []netip.Addr{netip.MustParseAddr("10.0.0.1")}}},
		settledAs: func(string) {}}
	r.begin(start, 0)
	for i, want := range []time.Duration{0, 250, 500, 750, 1750} {
		if at := r.wake().Sub(start); at != want*time.Millisecond {
			t.Fatalf("packet %d is sent after %v", i, at)
		}
		if m := parsed(t, r.step(r.wake())); m.header.Response != (i >= 3) {
			t.Errorf("packet %d is of the wrong kind", i)
		}
	}
	if !r.wake().IsZero() {
		t.Error("it goes on")
	}
}

func TestWhoeverAsksForServersIsToldAllAboutThem(t *testing.T) {
	r, now := settledResponder(t)
	if out := r.hear(now, 0, neighbor, asked(question(kindName, dnsmessage.TypePTR)).pack()); len(out) > 0 {
		t.Error("a shared record is told at once")
	}
	if wait := r.wake().Sub(now); wait != waitLeast {
		t.Errorf("it is told after %v", wait)
	}
	m := parsed(t, r.step(r.wake()))
	if len(m.answers) != 1 || len(m.additionals) != 5 { // SRV, TXT, A and what there is besides
		t.Errorf("%d answers and %d additional records", len(m.answers), len(m.additionals))
	}
}

func TestWhatIsKnownIsNotTold(t *testing.T) {
	r, now := settledResponder(t)
	m := asked(question(kindName, dnsmessage.TypePTR))
	m.answers = []dnsmessage.Resource{r.links[0].records[0].Resource}
	r.hear(now, 0, neighbor, m.pack())
	if !r.wake().IsZero() {
		t.Error("it tells what the asker knows")
	}
	m.answers[0].Header.TTL = otherTTL/2 - 1
	r.hear(now, 0, neighbor, m.pack())
	if r.wake().IsZero() {
		t.Error("it does not tell what the asker is about to forget")
	}
}

func TestKnownAnswersMayFollow(t *testing.T) {
	r, now := settledResponder(t)
	m := asked(question(kindName, dnsmessage.TypePTR))
	m.header.Truncated = true
	r.hear(now, 0, neighbor, m.pack())
	if wait := r.wake().Sub(now); wait != moreToFollow {
		t.Fatalf("it waits %v for the rest of the question", wait)
	}
	rest := message{answers: []dnsmessage.Resource{r.links[0].records[0].Resource}}
	r.hear(now, 0, netip.MustParseAddrPort("10.0.0.3:5353"), rest.pack())
	if r.wake().IsZero() {
		t.Error("somebody else's known answers count")
	}
	r.hear(now, 0, neighbor, rest.pack())
	if !r.wake().IsZero() {
		t.Error("the known answers that followed do not count")
	}
}

func TestAFloodOfQuestionsIsAnsweredOnceASecond(t *testing.T) {
	r, now := settledResponder(t)
	q := asked(question(dnsmessage.MustNewName("parley-kitchen.local."), dnsmessage.TypeA)).pack()
	sent := 0
	for i := range 1000 {
		sent += len(r.hear(now.Add(time.Duration(i)*time.Millisecond), 0, neighbor, q))
	}
	if sent != 1 {
		t.Errorf("%d answers within a second", sent)
	}
}

func TestATypeThatThereIsNotIsDenied(t *testing.T) {
	r, now := settledResponder(t)
	q := asked(question(dnsmessage.MustNewName("PARLEY-Kitchen.local."), dnsmessage.TypeAAAA))
	m := parsed(t, r.hear(now, 0, neighbor, q.pack()))
	if len(m.answers) != 1 || m.answers[0].Header.Type != typeNSEC {
		t.Errorf("answered %v", m.answers)
	}
}

// RFC 6762, section 6.7: those get an answer as from any DNS server.
func TestAnOrdinaryResolverIsAnswered(t *testing.T) {
	r, now := settledResponder(t)
	q := asked(question(kindName, dnsmessage.TypePTR))
	q.header.ID = 77
	out := r.hear(now, 0, resolver, q.pack())
	m := parsed(t, out)
	if out[0].to != resolver || m.header.ID != 77 || len(m.questions) != 1 {
		t.Errorf("answered %v to %v", m, out[0].to)
	}
	for _, a := range append(m.answers, m.additionals...) {
		if a.Header.TTL > legacyTTL || a.Header.Class != dnsmessage.ClassINET {
			t.Errorf("a record of class %d for %d s", a.Header.Class, a.Header.TTL)
		}
	}
}

func TestWhoeverAsksForThemselvesAloneIsAnsweredAlone(t *testing.T) {
	r, now := settledResponder(t)
	q := question(dnsmessage.MustNewName("parley-kitchen.local."), dnsmessage.TypeA)
	q.Class |= topBit
	if out := r.hear(now, 0, neighbor, asked(q).pack()); len(out) != 1 || out[0].to.IsValid() {
		t.Error("what nobody has heard for an hour is not told to everybody")
	}
	if out := r.hear(now.Add(2*time.Second), 0, neighbor, asked(q).pack()); len(out) != 1 || out[0].to != neighbor {
		t.Error("what everybody has just heard is not told to the asker alone")
	}
}

func TestAProbeForOurNameIsAnsweredAtOnce(t *testing.T) {
	r, now := settledResponder(t)
	other := &responder{offer: kitchen, attempt: 1, links: []place{{addresses: []netip.Addr{neighbor.Addr()}}}}
	other.begin(now, 0)
	probe := parsed(t, other.probe())
	for range 2 { // even when everybody has just been told
		if len(r.hear(now, 0, neighbor, probe.pack())) == 0 {
			t.Fatal("the name is not defended")
		}
	}
}

// Somebody who contradicts everything cannot make the server probe without end as fast as it can.
func TestAnEnemyIsGivenWayToSlowly(t *testing.T) {
	r, now := settledResponder(t)
	for range 100 {
		r.begin(now, 0)
		host := dnsmessage.MustNewName(r.offer.host(r.attempt) + ".")
		theirs := unique(host, dnsmessage.TypeA, hostTTL, &dnsmessage.AResource{A: [4]byte{10, 0, 0, 66}})
		m := message{header: dnsmessage.Header{Response: true}, answers: []dnsmessage.Resource{theirs.Resource}}
		r.hear(now, 0, neighbor, m.pack())
	}
	if wait := r.wake().Sub(now); wait != conflictPause || len(r.conflicts) > manyConflicts {
		t.Errorf("after 100 conflicts it waits %v", wait)
	}
	if r.hear(now, 0, resolver, asked(question(kindName, dnsmessage.TypePTR)).pack()) != nil {
		t.Error("it answers for a name that is not its own")
	}
}

func TestNamesFitWhateverTheMachineIsCalled(t *testing.T) {
	for machine, host := range map[string]string{
		"": "parley.local", "kitchen.example": "parley-kitchen-example.local", "Küche": "parley-kche.local",
		"\x1b[2J": "parley-2j.local", "---": "parley.local", string(make([]byte, 300)): "parley.local",
	} {
		o := kitchen
		o.Machine = machine
		if got := o.host(1); got != host {
			t.Errorf("%q is at %s", machine, got)
		}
		if _, ok := parseMessage(message{answers: []dnsmessage.Resource{o.records(99, nil)[0].Resource}}.pack()); !ok {
			t.Errorf("%q cannot be told", machine)
		}
	}
}

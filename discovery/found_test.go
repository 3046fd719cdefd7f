package discovery

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"parley"
)

func newView() *view {
	return &view{networks: []netip.Prefix{netip.MustParsePrefix("10.0.0.3/24")}, hosts: map[string][]netip.Addr{}}
}

// told is a response with what an offer says of itself, from a machine with these addresses.
func told(o Offer, addresses ...string) message {
	var at []netip.Addr
	for _, a := range addresses {
		at = append(at, netip.MustParseAddr(a))
	}
	return compose(o.records(1, at), []int{0})
}

func TestNobodyIsSentToAnotherNetwork(t *testing.T) {
	v := newView()
	v.take(told(kitchen, "192.0.2.1", "127.0.0.1", "224.0.0.251").pack())
	if got := v.servers(); len(got) > 0 {
		t.Errorf("found %v", got)
	}
	v.take(told(kitchen, "192.0.2.1", "10.0.0.1").pack())
	if got := v.servers(); len(got) != 1 || got[0].URLs[0] != "http://10.0.0.1:7275" {
		t.Errorf("found %v", got)
	}
}

func TestWhatAServerClaimsIsCleanedAndChecked(t *testing.T) {
	v := newView()
	o := Offer{Machine: "kitchen", Doors: []Door{{Scheme: "javascript", Port: 1}, {Scheme: "http", Port: 0}, {Scheme: "plain", Port: 8001}}}
	m := told(o, "10.0.0.1")
	evil := dnsmessage.MustNewName("\x1b]0;gotcha\a\u202e." + kindName.String())
	m.answers[0].Body = &dnsmessage.PTRResource{PTR: evil}
	for i := range m.additionals {
		if t := m.additionals[i].Header.Type; t == dnsmessage.TypeSRV || t == dnsmessage.TypeTXT {
			m.additionals[i].Header.Name = evil
		}
	}
	v.take(m.pack())
	got := v.servers()
	if len(got) != 1 || len(got[0].URLs) != 1 || got[0].URLs[0] != "plain://10.0.0.1:8001" {
		t.Fatalf("found %v", got)
	}
	if got[0].Name != parley.CleanLine(got[0].Name) {
		t.Errorf("the name is %q", got[0].Name)
	}
}

func TestACrowdOfServersIsBounded(t *testing.T) {
	v := newView()
	for i := range 1000 {
		o := kitchen
		o.Machine = fmt.Sprint("m", i)
		v.take(told(o, "10.0.0.1", fmt.Sprint("10.0.0.", i%200+1)).pack())
	}
	if len(v.instances) != maxServers || len(v.hosts) > maxServers {
		t.Errorf("%d servers and %d hosts are remembered", len(v.instances), len(v.hosts))
	}
	if n := len(v.query()); n == 0 || n > 1472 {
		t.Errorf("the next question has %d bytes", n)
	}
}

func TestWhatIsMissingIsAskedFor(t *testing.T) {
	v := newView()
	whole := told(kitchen, "10.0.0.1")
	bare := whole
	bare.additionals = nil
	v.take(bare.pack())
	if got := v.servers(); len(got) > 0 {
		t.Fatalf("found %v", got)
	}
	m, _ := parseMessage(v.query())
	if len(m.questions) != 3 || len(m.answers) != 1 {
		t.Errorf("asked %v, known %v", m.questions, m.answers)
	}
	r, now := settledResponder(t)
	for _, p := range r.hear(now, 0, neighbor, m.pack()) {
		v.take(p.data)
	}
	m, _ = parseMessage(v.query())
	for _, p := range r.hear(now.Add(2*time.Second), 0, neighbor, m.pack()) {
		v.take(p.data)
	}
	if got := v.servers(); len(got) != 1 {
		t.Errorf("found %v", got)
	}
}

func TestQuestionsAndTooLongNamesTeachNothing(t *testing.T) {
	v := newView()
	m := told(kitchen, "10.0.0.1")
	m.header.Response = false
	v.take(m.pack())
	v.take(nil)
	v.take([]byte(strings.Repeat("\xff", maxMessage)))
	if len(v.instances) > 0 {
		t.Error("it learned something")
	}
}

// Whatever comes, both sides keep standing, remember little, and show nothing but clean text.
func FuzzPackets(f *testing.F) {
	f.Add(told(kitchen, "10.0.0.1").pack())
	f.Add(asked(question(kindName, dnsmessage.TypePTR)).pack())
	f.Add((&view{}).query())
	f.Fuzz(func(t *testing.T, data []byte) {
		v := newView()
		v.take(data)
		v.take(told(kitchen, "10.0.0.1").pack())
		v.take(data)
		_ = v.query()
		for _, s := range v.servers() {
			if s.Name != parley.CleanLine(s.Name) || s.Version != parley.CleanLine(s.Version) || len(s.URLs) == 0 {
				t.Errorf("found %q", s)
			}
		}
		r, now := settledResponder(t)
		for _, from := range []netip.AddrPort{neighbor, resolver} {
			for _, p := range append(r.hear(now, 0, from, data), r.step(now.Add(time.Second))...) {
				if len(p.data) == 0 || len(p.data) > maxMessage {
					t.Errorf("answered with %d bytes", len(p.data))
				}
			}
		}
	})
}

package discovery

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/dns/dnsmessage"

	"parley"
)

// Server is one that was found. All of it is text that somebody on the network has made up: it is clean, and short, and
// the addresses are those of machines on the same network.
type Server struct {
	Name    string   // for people
	Version string   // of its program, "" where it does not say
	URLs    []string // to join by, the best first; one at least
}

// What is remembered of a network at most, whatever comes.
const (
	maxServers   = 64
	maxAddresses = 8  // of one host
	maxKnown     = 16 // of the servers, how many a question names
)

// instanceSeen is what has been heard of one instance.
type instanceSeen struct {
	name   dnsmessage.Name
	ttl    uint32
	target dnsmessage.Name // its host; zero until that is known
	text   []string        // nil until it is known
}

// view is what has been heard on one link.
type view struct {
	networks  []netip.Prefix
	instances []*instanceSeen
	hosts     map[string][]netip.Addr // by name in lower case
}

// take learns from a packet.
func (v *view) take(packet []byte) {
	m, ok := parseMessage(packet)
	if !ok || !m.header.Response {
		return
	}
	all := slices.Concat(m.answers, m.additionals)
	for _, r := range all { // the names first: what else is said counts only for those
		if body, isPointer := r.Body.(*dnsmessage.PTRResource); isPointer && sameName(r.Header.Name, kindName) {
			v.takeInstance(body.PTR, r.Header.TTL)
		}
	}
	for _, r := range all {
		v.takeDetails(r)
	}
	for _, r := range all {
		v.takeAddress(r)
	}
}

// takeInstance learns that there is an instance, or with a TTL of 0 that there is none any more.
func (v *view) takeInstance(name dnsmessage.Name, ttl uint32) {
	i := slices.IndexFunc(v.instances, func(s *instanceSeen) bool { return sameName(s.name, name) })
	switch {
	case i >= 0 && ttl == 0:
		v.instances = slices.Delete(v.instances, i, i+1)
	case i >= 0:
		v.instances[i].ttl = ttl
	case ttl > 0 && len(v.instances) < maxServers && title(name) != "":
		v.instances = append(v.instances, &instanceSeen{name: name, ttl: ttl})
	}
}

// takeDetails learns where an instance is and what it offers.
func (v *view) takeDetails(r dnsmessage.Resource) {
	i := slices.IndexFunc(v.instances, func(s *instanceSeen) bool { return sameName(s.name, r.Header.Name) })
	if i < 0 || r.Header.TTL == 0 {
		return
	}
	switch body := r.Body.(type) {
	case *dnsmessage.SRVResource:
		v.instances[i].target = body.Target
	case *dnsmessage.TXTResource:
		v.instances[i].text = body.TXT
	}
}

// takeAddress learns an address of a host that an instance is at, if it is one of this very network: nobody can send
// people elsewhere.
func (v *view) takeAddress(r dnsmessage.Resource) {
	if !slices.ContainsFunc(v.instances, func(s *instanceSeen) bool { return sameName(s.target, r.Header.Name) }) {
		return
	}
	var at netip.Addr
	switch body := r.Body.(type) {
	case *dnsmessage.AResource:
		at = netip.AddrFrom4(body.A)
	case *dnsmessage.AAAAResource:
		at = netip.AddrFrom16(body.AAAA).Unmap()
	}
	host := strings.ToLower(r.Header.Name.String())
	known := v.hosts[host]
	if valid(at) && isNear(v.networks, at) && len(known) < maxAddresses && !slices.Contains(known, at) {
		v.hosts[host] = append(known, at)
	}
}

// query asks for servers, and for what is not known yet of those that are.
func (v *view) query() []byte {
	m := message{questions: []dnsmessage.Question{question(kindName, dnsmessage.TypePTR)}}
	for _, s := range v.instances[:min(len(v.instances), maxKnown)] {
		known := shared(kindName, &dnsmessage.PTRResource{PTR: s.name}).Resource
		known.Header.TTL = s.ttl
		m.answers = append(m.answers, known)
		switch {
		case s.target.Length == 0 || s.text == nil:
			m.questions = append(m.questions, question(s.name, dnsmessage.TypeSRV), question(s.name, dnsmessage.TypeTXT))
		case len(v.hosts[strings.ToLower(s.target.String())]) == 0:
			m.questions = append(m.questions, question(s.target, dnsmessage.TypeA))
		}
	}
	return m.pack()
}

func question(name dnsmessage.Name, t dnsmessage.Type) dnsmessage.Question {
	return dnsmessage.Question{Name: name, Type: t, Class: dnsmessage.ClassINET}
}

// servers gives those of which all is known.
func (v *view) servers() []Server {
	var found []Server
	for _, s := range v.instances {
		addresses := v.hosts[strings.ToLower(s.target.String())]
		if s.target.Length == 0 || len(addresses) == 0 {
			continue
		}
		server := Server{Name: title(s.name), Version: s.value("version")}
		for _, scheme := range schemes {
			if port, err := strconv.ParseUint(s.value(scheme), 10, 16); err == nil && port > 0 {
				at := netip.AddrPortFrom(addresses[0], uint16(port))
				server.URLs = append(server.URLs, scheme+"://"+at.String())
			}
		}
		if len(server.URLs) > 0 {
			found = append(found, server)
		}
	}
	return found
}

// value gives what the text says for a key, clean; the first counts (RFC 6763, section 6.4).
func (s *instanceSeen) value(key string) string {
	for _, pair := range s.text {
		if name, value, _ := strings.Cut(pair, "="); strings.EqualFold(name, key) {
			return parley.CleanLine(value[:min(len(value), maxVersion)])
		}
	}
	return ""
}

// title gives an instance's own part of its name, clean; "" where it is no name of a server.
func title(name dnsmessage.Name) string {
	whole := name.String()
	rest := len(whole) - len(kindName.String()) - 1
	if rest <= 0 || !strings.EqualFold(whole[rest+1:], kindName.String()) {
		return ""
	}
	return strings.TrimSpace(parley.CleanLine(whole[:rest]))
}

// valid reports whether an address can be one that somebody is joined at.
func valid(at netip.Addr) bool { return at.IsValid() && !at.IsUnspecified() && !at.IsMulticast() }

package discovery

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"net/netip"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

// What multicast DNS adds to DNS: the type of records that deny others, the top bit of a class, and how long records
// hold, in seconds (RFC 6762, sections 6.1, 5.4, 10.2 and 10).
const (
	typeNSEC  dnsmessage.Type  = 47
	topBit    dnsmessage.Class = 0x8000 // in a question: answer to me alone; in a record: forget others of this name
	hostTTL                    = 120
	otherTTL                   = 4500
	legacyTTL                  = 10 // at most, for those who do not speak multicast DNS (section 6.7)
)

// record is one of our own on one link, and what is known of it there.
type record struct {
	dnsmessage.Resource
	unique bool
	told   time.Time  // when it was last sent to everybody; zero for never
	due    time.Time  // when it is to be; zero for not at all
	asker  netip.Addr // who asked for it, while it is due
}

// records makes all that an offer says on a link that has these addresses.
func (o Offer) records(attempt int, addresses []netip.Addr) []record {
	instance := dnsmessage.MustNewName(o.instance(attempt) + "." + kindName.String())
	host := dnsmessage.MustNewName(o.host(attempt) + ".")
	all := []record{
		shared(kindName, &dnsmessage.PTRResource{PTR: instance}),
		shared(allKindsName, &dnsmessage.PTRResource{PTR: kindName}),
		unique(instance, dnsmessage.TypeSRV, hostTTL, &dnsmessage.SRVResource{Port: o.Doors[0].Port, Target: host}),
		unique(instance, dnsmessage.TypeTXT, otherTTL, &dnsmessage.TXTResource{TXT: o.text()}),
		unique(instance, typeNSEC, hostTTL, nothingBut(instance, dnsmessage.TypeTXT, dnsmessage.TypeSRV)),
		unique(host, typeNSEC, hostTTL, nothingBut(host, dnsmessage.TypeA)),
	}
	for _, at := range addresses {
		all = append(all, unique(host, dnsmessage.TypeA, hostTTL, &dnsmessage.AResource{A: at.As4()}))
	}
	return all
}

// shared makes a record that others may have too.
func shared(name dnsmessage.Name, body dnsmessage.ResourceBody) record {
	header := dnsmessage.ResourceHeader{Name: name, Type: dnsmessage.TypePTR, Class: dnsmessage.ClassINET, TTL: otherTTL}
	return record{Resource: dnsmessage.Resource{Header: header, Body: body}}
}

// unique makes a record that nobody else may have.
func unique(name dnsmessage.Name, t dnsmessage.Type, ttl uint32, body dnsmessage.ResourceBody) record {
	header := dnsmessage.ResourceHeader{Name: name, Type: t, Class: dnsmessage.ClassINET | topBit, TTL: ttl}
	return record{Resource: dnsmessage.Resource{Header: header, Body: body}, unique: true}
}

// nothingBut makes the body of a record that says which types a name has, all below 256, in the form that RFC 6762,
// section 6.1, allows.
func nothingBut(name dnsmessage.Name, types ...dnsmessage.Type) *dnsmessage.UnknownResource {
	var bits []byte
	for _, t := range types {
		for len(bits) <= int(t)/8 {
			bits = append(bits, 0)
		}
		bits[t/8] |= 0x80 >> (t % 8)
	}
	data := append(wireName(name), 0, byte(len(bits)))
	return &dnsmessage.UnknownResource{Type: typeNSEC, Data: append(data, bits...)}
}

// wireName gives a name as it stands in a message, uncompressed and in lower case.
func wireName(name dnsmessage.Name) []byte {
	var b []byte
	for label := range strings.SplitSeq(strings.TrimSuffix(strings.ToLower(name.String()), "."), ".") {
		b = append(append(b, byte(len(label))), label...)
	}
	return append(b, 0)
}

// sameName compares names, without case (RFC 6762, section 16).
func sameName(a, b dnsmessage.Name) bool { return strings.EqualFold(a.String(), b.String()) }

// data gives what a record holds, for comparing.
func data(r dnsmessage.Resource) []byte {
	switch body := r.Body.(type) {
	case *dnsmessage.AResource:
		return body.A[:]
	case *dnsmessage.AAAAResource:
		return body.AAAA[:]
	case *dnsmessage.PTRResource:
		return wireName(body.PTR)
	case *dnsmessage.SRVResource:
		b := binary.BigEndian.AppendUint16(nil, body.Priority)
		b = binary.BigEndian.AppendUint16(b, body.Weight)
		return append(binary.BigEndian.AppendUint16(b, body.Port), wireName(body.Target)...)
	case *dnsmessage.TXTResource:
		var b []byte
		for _, s := range body.TXT {
			b = append(append(b, byte(len(s))), s...)
		}
		return b
	case *dnsmessage.UnknownResource:
		return body.Data
	}
	return nil
}

// same reports whether two records say the same, however long they hold.
func same(a, b dnsmessage.Resource) bool {
	return a.Header.Type == b.Header.Type && sameName(a.Header.Name, b.Header.Name) && bytes.Equal(data(a), data(b))
}

// compare gives the order in which records decide who of two probers keeps a name (RFC 6762, section 8.2).
func compare(a, b dnsmessage.Resource) int {
	return cmp.Or(
		cmp.Compare(a.Header.Class&^topBit, b.Header.Class&^topBit),
		cmp.Compare(a.Header.Type, b.Header.Type),
		bytes.Compare(data(a), data(b)))
}

// compareAll compares what two probers have for a name, each in order (section 8.2.1).
func compareAll(a, b []dnsmessage.Resource) int {
	slices.SortFunc(a, compare)
	slices.SortFunc(b, compare)
	return slices.CompareFunc(a, b, compare)
}

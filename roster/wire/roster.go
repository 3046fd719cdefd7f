package wire

import (
	"cmp"
	"encoding/json"
	"net/netip"
	"slices"
	"unicode/utf8"

	"parley"
)

// Entry is one client in a roster.
type Entry struct {
	Name    string
	Address netip.Addr // unmapped and without a zone; the zero Addr where a server of another make gave none that is one
}

// Roster is who can be reached by a direct message. It is sorted by name, each name once, and is not changed.
type Roster []Entry

// NewRoster makes a roster of entries, in their own memory. Of several with one name it keeps the lowest address.
func NewRoster(entries []Entry) Roster {
	slices.SortFunc(entries, func(a, b Entry) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), a.Address.Compare(b.Address))
	})
	return slices.CompactFunc(entries, func(a, b Entry) bool { return a.Name == b.Name })
}

// Address gives the address of the client of that name; false where there is none, or none that is an address.
func (r Roster) Address(name string) (netip.Addr, bool) {
	i, ok := slices.BinarySearchFunc(r, name, func(e Entry, name string) int { return cmp.Compare(e.Name, name) })
	if !ok {
		return netip.Addr{}, false
	}
	return r[i].Address, r[i].Address.IsValid()
}

// NameOf gives the name of the client at an address, "" where there is none. Of several at one address it gives the first in
// order: the protocol cannot tell them apart.
func (r Roster) NameOf(address netip.Addr) string {
	address = address.Unmap().WithZone("")
	for _, e := range r {
		if e.Address == address && address.IsValid() {
			return e.Name
		}
	}
	return ""
}

// has reports whether r has the name.
func (r Roster) has(name []byte) bool {
	_, ok := slices.BinarySearchFunc(r, name, func(e Entry, name []byte) int { return cmp.Compare(e.Name, string(name)) })
	return ok
}

// Append writes r as a server sends it: '!' and a JSON object (RFC 8259), names as they are in UTF-8.
func (r Roster) Append(dst []byte) []byte {
	dst = append(dst, "!{"...)
	for i, e := range r {
		if i > 0 {
			dst = append(dst, ", "...)
		}
		dst = append(appendString(dst, e.Name), ": "...)
		dst = appendString(dst, e.Address.String())
	}
	return append(dst, '}')
}

// appendString writes a JSON string, with escapes only where RFC 8259, section 7, asks for them. What is not UTF-8 becomes
// U+FFFD.
func appendString(dst []byte, s string) []byte {
	const digits = "0123456789abcdef"
	dst = append(dst, '"')
	for _, r := range s {
		switch {
		case r == '"', r == '\\':
			dst = append(dst, '\\', byte(r))
		case r < ' ':
			dst = append(dst, '\\', 'u', '0', '0', digits[r>>4], digits[r&0xF])
		default:
			dst = utf8.AppendRune(dst, r)
		}
	}
	return append(dst, '"')
}

// parseRoster reads a JSON object of strings. Names are made fit to be shown; what is no IP address becomes the zero Addr.
func parseRoster(object []byte) (Roster, bool) {
	var pairs map[string]string
	if json.Unmarshal(object, &pairs) != nil {
		return nil, false
	}
	entries := make([]Entry, 0, len(pairs))
	for name, address := range pairs {
		ip, err := netip.ParseAddr(address)
		if err != nil {
			ip = netip.Addr{}
		}
		entries = append(entries, Entry{Name: parley.CleanLine(name), Address: ip.Unmap().WithZone("")})
	}
	return NewRoster(entries), true
}

package report

import (
	"fmt"

	"parley/explain"
)

// The largest payloads (RFC 768, RFC 791, RFC 8200): the length fields have 16 bits.
const (
	maxLengthField = 65535
	udpHeader      = 8
	maxOverIPv4    = maxLengthField - 20 - udpHeader // the packet's length counts the IPv4 header
	maxOverIPv6    = maxLengthField - udpHeader      // the payload's length does not count the IPv6 header
)

// udpOnly reports whether there are datagrams and no connections.
func (n *narrator) udpOnly() bool { return len(n.lab.Connections) == 0 && len(n.lab.Datagrams) > 0 }

// udp gives the first datagrams, nil where there are none; then it says so.
func (n *narrator) udp(a *Answer) *explain.Datagrams {
	if len(n.lab.Datagrams) == 0 {
		a.say("There is no UDP in this capture to see it in.")
		return nil
	}
	return n.lab.Datagrams[0]
}

// udpClients answers who was answered over UDP.
func (n *narrator) udpClients(a *Answer) {
	server := n.lab.Datagrams[0].To
	for _, d := range n.lab.Datagrams {
		if d.To != server || len(a.lines) >= maxAnswered {
			continue
		}
		text := fmt.Sprintf("%s asked %s over UDP, and was not answered.", socket(d.From), socket(d.To))
		refs := []explain.Ref{d.First}
		for _, back := range n.lab.Datagrams {
			if back.From == d.To && back.To == d.From {
				text = fmt.Sprintf("%s asked %s over UDP (%s), and was answered (%s).", socket(d.From), socket(d.To), n.frame(d.First), n.frame(back.First))
				refs = append(refs, back.First)
			}
		}
		a.say(text, refs...)
	}
	a.say("UDP has no connection, so nobody has to wait until another one has left.")
}

// udpFields answers what a UDP header is made of.
func (n *narrator) udpFields(a *Answer) {
	a.say("Four of 2 bytes each, 8 bytes in all: source port, destination port, length, checksum (RFC 768).")
	d := n.udp(a)
	if d == nil {
		return
	}
	h := d.Example
	checksum := fmt.Sprintf("0x%04x", h.Checksum)
	if h.Checksum == 0 {
		checksum += ", which says that there is none"
	}
	a.say(fmt.Sprintf("In %s: source port %d, destination port %d, length %d, checksum %s.", n.frame(d.First), h.SrcPort, h.DstPort, h.Length,
		checksum), d.First)
}

// udpLength answers what the length field counts, and checks it.
func (n *narrator) udpLength(a *Answer) {
	a.say("The bytes of the header and of the data together, so it is never below 8.")
	d := n.udp(a)
	if d == nil {
		return
	}
	h := d.Example
	if int(h.Length) == h.Present {
		a.say(fmt.Sprintf("Checked in %s: the field says %d, and the IP packet holds %d bytes of UDP: 8 of header and %d of data.",
			n.frame(d.First), h.Length, h.Present, h.Present-udpHeader), d.First)
	} else {
		a.say(fmt.Sprintf("In %s the field says %d, and the IP packet holds %d bytes of UDP: that does not fit.", n.frame(d.First), h.Length,
			h.Present), d.First)
	}
	checked, odd := int64(0), int64(0)
	for _, d := range n.lab.Datagrams {
		checked, odd = checked+d.Count, odd+d.Odd.Count
		for _, r := range d.Odd.First {
			a.say(fmt.Sprintf("%s does not fit.", sentence("%s", n.frame(r))), r)
		}
	}
	a.say(fmt.Sprintf("Of %s in the capture, it fits in %s.", many(checked, "datagram"), count(checked-odd)))
}

// udpLargest answers how much fits into a datagram.
func (n *narrator) udpLargest(a *Answer) {
	a.say(fmt.Sprintf("%d bytes by the length field, of which 65535 is the largest value: 65535 - 8. Over IPv4 it is %d, since the IP packet "+
		"with its header of 20 bytes may not be longer than 65535 either; over IPv6 %d.", maxLengthField-udpHeader, maxOverIPv4, maxOverIPv6))
	var largest *explain.Datagrams
	for _, d := range n.lab.Datagrams {
		if largest == nil || d.Largest > largest.Largest {
			largest = d
		}
	}
	if largest != nil {
		a.say(fmt.Sprintf("The largest one here has %s (%s).", many(int64(largest.Largest), "byte"), n.frame(largest.LargestIn)), largest.LargestIn)
	}
}

// largestPort answers how large a port can be.
func (n *narrator) largestPort(a *Answer) {
	a.say("65535, since the field has 16 bits.")
	var at explain.Ref
	port, seen := uint16(0), false
	look := func(p uint16, r explain.Ref) {
		if !seen || p > port {
			port, at, seen = p, r, true
		}
	}
	for _, d := range n.lab.Datagrams {
		look(d.From.Port(), d.First)
	}
	if seen {
		a.say(fmt.Sprintf("The largest one of UDP here is %d (%s).", port, n.frame(at)), at)
	} else {
		a.say("There is no UDP in this capture to see it in.")
	}
}

// udpNumber answers what IP calls UDP.
func (n *narrator) udpNumber(a *Answer) {
	a.say("17, or 0x11: so says the Protocol field of IPv4, or the Next Header field of IPv6 (TCP is 6).")
	if d := n.udp(a); d != nil {
		a.say(fmt.Sprintf("%s has it.", sentence("%s", n.frame(d.First))), d.First)
	}
}

// difference answers how TCP's frames and UDP's differ.
func (n *narrator) difference(a *Answer) {
	var packets, bytes, empty, datagrams, data int64
	var refs []explain.Ref
	taps := false
	for _, c := range n.lab.Connections {
		taps = taps || n.tapped(c.First)
		packets += c.Packets
		for _, e := range c.Ends {
			bytes, empty = bytes+e.Bytes, empty+e.Segments-e.Data
		}
	}
	if len(n.lab.Connections) > 0 {
		refs = append(refs, n.lab.Connections[0].First)
	}
	for _, d := range n.lab.Datagrams {
		datagrams, data = datagrams+d.Count, data+d.Bytes
	}
	if len(n.lab.Datagrams) > 0 {
		refs = append(refs, n.lab.Datagrams[0].First)
	}
	a.say("TCP sets a connection up, numbers and acknowledges every byte and takes leave, which costs frames without data and a header of 20 bytes "+
		"or more; messages may be glued together or split. UDP sends each message as one datagram with a header of 8 bytes, and nothing else: no "+
		"handshake, no acknowledgement, no end.", refs...)
	switch {
	case taps:
		a.say("How many frames each took cannot be told here: " + declined + ".")
	case packets > 0 && datagrams > 0:
		a.say(fmt.Sprintf("Here TCP took %s for %s of data, %s of them without data; UDP took %s for %s.", many(packets, "frame"), many(bytes, "byte"),
			count(empty), many(datagrams, "frame"), many(data, "byte")))
	case packets > 0:
		a.say(fmt.Sprintf("Here TCP took %s for %s of data, %s of them without data. There is no UDP in this capture to compare with.",
			many(packets, "frame"), many(bytes, "byte"), count(empty)))
	case datagrams > 0:
		a.say(fmt.Sprintf("Here UDP took %s for %s of data. There is no TCP in this capture to compare with.", many(datagrams, "frame"),
			many(data, "byte")))
	default:
		a.say("There is neither in this capture.")
	}
}

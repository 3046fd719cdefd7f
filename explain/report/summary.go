package report

import (
	"fmt"
	"net/netip"
	"path/filepath"
	"strings"

	"parley"
	"parley/explain"
)

// captured tells what was captured.
func (n *narrator) captured() []string {
	l := n.lab
	text := many(l.Packets, "packet")
	if l.Packets > 0 {
		text += fmt.Sprintf(" in %s, from %s", span(l.Ended-l.Began), clock(l.Began))
	}
	datagrams := int64(0)
	for _, d := range l.Datagrams {
		datagrams += d.Count
	}
	text += ": " + and([]string{many(int64(len(l.Connections)), "TCP connection"), many(datagrams, "UDP datagram"),
		many(l.Others, "other packet")}) + "."
	lines := []string{text}
	for _, f := range l.Files {
		lines = append(lines, n.file(f)...)
	}
	return lines
}

// file tells of a file.
func (n *narrator) file(f explain.File) []string {
	var lines []string
	name := parley.CleanLine(filepath.Base(f.Name))
	if len(n.files) > 0 {
		lines = append(lines, fmt.Sprintf("%s: %s.", name, many(f.Packets, "packet")))
	}
	if f.Section.Comment != "" {
		lines = append(lines, fmt.Sprintf("%s says of itself: %s", name, short(f.Section.Comment, 200)))
	}
	for i, interfaces := range f.Interfaces {
		if i >= maxNamed || interfaces.Name == "" && interfaces.Description == "" {
			continue
		}
		lines = append(lines, strings.TrimSuffix(fmt.Sprintf("Captured on %s, %s", short(interfaces.Name, 60), short(interfaces.Description, 120)), ", ")+".")
	}
	if f.Tap {
		lines = append(lines, name+" is a tap: made from what Parley sent and received, with its own times. What it says of the two systems "+
			"(handshakes, acknowledgements, windows) was made up so that the conversation can be read.")
	}
	return lines
}

// standOut is what a reader should look at first.
func (n *narrator) standOut() []string {
	var lines []string
	for _, f := range n.lab.Files {
		if f.Broken != nil {
			lines = append(lines, sentence("%s could not be read to its end: %s. What follows is what stands before that.",
				parley.CleanLine(filepath.Base(f.Name)), parley.CleanLine(f.Broken.Error())))
		}
		var dropped uint64
		for _, i := range f.Interfaces {
			dropped += i.Dropped
		}
		if dropped > 0 {
			lines = append(lines, sentence("the system dropped %s while %s was captured: what seems lost may not have been.",
				many(int64(min(dropped, 1<<62)), "packet"), parley.CleanLine(filepath.Base(f.Name))))
		}
	}
	more := 0
	for i, c := range n.lab.Connections {
		for _, line := range n.notable(c) {
			if len(lines) >= maxNotable {
				more++
				continue
			}
			lines = append(lines, fmt.Sprintf("Connection %d: %s", i+1, line))
		}
	}
	if more > 0 {
		lines = append(lines, fmt.Sprintf("And %s more of that kind.", count(int64(more))))
	}
	for _, d := range n.lab.Datagrams {
		if d.Unreachable.Count > 0 && len(lines) < 2*maxNotable {
			lines = append(lines, sentence("nobody listened at %s (UDP): %s.", socket(d.To), n.frames(d.Unreachable)))
		}
	}
	return lines
}

// maxNotable is how much stands out at most.
const maxNotable = 20

// notable tells in a few words what stands out of a connection.
func (n *narrator) notable(c *explain.Connection) []string {
	if n.tapped(c.First) {
		return nil
	}
	var list []string
	switch c.Close {
	case explain.CloseRefused:
		list = append(list, "refused, "+n.frame(c.Reset.Ref)+".")
	case explain.CloseUnanswered:
		list = append(list, "the SYN was never answered.")
	case explain.CloseReset:
		list = append(list, fmt.Sprintf("reset by %s, %s.", the(c.Reset.By), n.frame(c.Reset.Ref)))
	}
	if unserved(c) {
		list = append(list, "data was acknowledged, and nobody answered it.")
	}
	for d := range c.Ends {
		e, side := &c.Ends[d], the(explain.Direction(d))
		if e.Retransmissions.Count > 0 {
			list = append(list, fmt.Sprintf("%s sent %s again, %s.", side, many(e.Retransmissions.Count, "segment"), n.frames(e.Retransmissions)))
		}
		if e.Held.Count > 0 {
			list = append(list, fmt.Sprintf("%s was held back by the other's window for %s, from %s on.", side, span(e.Held.Total(c.Ended)),
				n.frame(e.Held.First[0].Began.Ref)))
		}
	}
	return list
}

// line tells of a connection in a few sentences.
func (n *narrator) line(c *explain.Connection) string {
	text := fmt.Sprintf("%s → %s", socket(c.Client), socket(c.Server))
	if c.Protocol != "" {
		text += " (" + parley.CleanLine(c.Protocol) + ")"
	}
	text += ". "
	switch {
	case n.tapped(c.First):
		text += "Seen by a tap. "
	case c.SYN != nil && c.SYNACK != nil && c.ACK != nil:
		text += fmt.Sprintf("Handshake in frames %s, %s, %s. ", n.number(c.SYN.Ref), n.number(c.SYNACK.Ref), n.number(c.ACK.Ref))
	case c.SYN != nil:
		text += sentence("SYN in %s. ", n.frame(c.SYN.Ref))
	default:
		text += sentence("captured from the middle, %s. ", n.frame(c.First))
	}
	if c.Ends[0].Data+c.Ends[1].Data > 0 {
		text += fmt.Sprintf("%s to the server in %s, %s back in %s. ", many(c.Ends[0].Bytes, "byte"), many(c.Ends[0].Data, "segment"),
			many(c.Ends[1].Bytes, "byte"), many(c.Ends[1].Data, "segment"))
	}
	if c.Said > 0 {
		text += sentence("%s. ", many(c.Said, "message"))
	}
	if !n.tapped(c.First) {
		text += n.closing(c)
	}
	return strings.TrimSpace(text)
}

// closing tells in a few words how a connection ended.
func (n *narrator) closing(c *explain.Connection) string {
	switch c.Close {
	case explain.CloseFIN:
		first := explain.FromClient
		if f := c.Ends[1].Speech.FIN; f.Seen() && f.Time < c.Ends[0].Speech.FIN.Time {
			first = explain.FromServer
		}
		return fmt.Sprintf("Closed by both, %s first (%s).", the(first), n.frames(c.FINs))
	case explain.CloseReset:
		return fmt.Sprintf("Broken off by %s (%s).", the(c.Reset.By), n.frame(c.Reset.Ref))
	case explain.CloseRefused:
		return fmt.Sprintf("Refused (%s).", n.frame(c.Reset.Ref))
	case explain.CloseUnanswered:
		return fmt.Sprintf("Never answered, after %s.", many(c.Ends[0].Segments, "packet"))
	}
	if c.FINs.Count > 0 {
		return fmt.Sprintf("Half closed (%s).", n.frames(c.FINs))
	}
	return "Still open at the end."
}

// datagrams tells of one side of a UDP conversation.
func (n *narrator) datagrams(d *explain.Datagrams) []string {
	h := d.Example
	lines := []string{fmt.Sprintf("%s → %s. %s with %s of data, %s; the largest has %s (%s).", socket(d.From), socket(d.To),
		many(d.Count, "datagram"), many(d.Bytes, "byte"), n.frames(d.Frames), many(int64(d.Largest), "byte"), n.frame(d.LargestIn))}
	if d.Unreachable.Count > 0 {
		lines = append(lines, sentence("nobody listened there: %s (ICMP, port unreachable) came back and quotes the datagram that caused it.",
			n.frames(d.Unreachable)))
	}
	if d.Odd.Count > 0 {
		lines = append(lines, sentence("the length field does not fit the packet in %s; of %s IP says %d bytes, and the field says %d.",
			n.frames(d.Odd), n.frame(d.First), h.Present, h.Length))
	}
	evidence := len(lines)
	for _, m := range d.Messages[:min(len(d.Messages), maxMessages)] {
		lines = append(lines, n.message("message", m))
	}
	if more := len(d.Messages) - (len(lines) - evidence); more > 0 {
		lines = append(lines, fmt.Sprintf("%s more.", count(int64(more))))
	}
	return lines
}

// host tells of the sockets of a host.
func (n *narrator) host(h explain.Host) string {
	var names []string
	for _, s := range h.Sockets[:min(len(h.Sockets), maxSockets)] {
		names = append(names, n.use(s))
	}
	text := fmt.Sprintf("%s: %s", h.Address, strings.Join(names, ", "))
	if more := len(h.Sockets) - len(names); more > 0 {
		text += fmt.Sprintf(" and %s more", count(int64(more)))
	}
	return text
}

// use names a socket, and what it was for where that is plain.
func (n *narrator) use(s explain.Socket) string {
	if !s.Server {
		return s.String()
	}
	for _, c := range n.lab.Connections {
		if c.Server == s.Address && stood(c) {
			return s.String() + " (a server's)"
		}
	}
	return s.String() + " (nobody answered there)"
}

// maxSockets is how many sockets of a host are named.
const maxSockets = 20

// sockets counts what a host must have had.
type sockets struct {
	listening map[netip.AddrPort]bool
	accepted  int // connections that came to stand
	asked     int // connections that it asked for
	udp       int
}

// socketsOf counts the sockets of a host.
func (n *narrator) socketsOf(h explain.Host) sockets {
	s := sockets{listening: make(map[netip.AddrPort]bool)}
	for _, c := range n.lab.Connections {
		if c.Server.Addr() == h.Address && stood(c) {
			s.listening[c.Server] = true
			s.accepted++
		}
		if c.Client.Addr() == h.Address {
			s.asked++
		}
	}
	for _, socket := range h.Sockets {
		if socket.Protocol == "udp" {
			s.udp++
		}
	}
	return s
}

package report

import (
	"fmt"

	"parley/explain"
)

// whichFrames answers which frames are the handshake, and which are data.
func (n *narrator) whichFrames(a *Answer) {
	n.each(a, func(c *explain.Connection) bool { return true }, func(i int, c *explain.Connection) {
		text := fmt.Sprintf("Connection %d: ", i+1)
		var refs []explain.Ref
		for _, m := range []*explain.Mark{c.SYN, c.SYNACK, c.ACK} {
			if m != nil {
				refs = append(refs, m.Ref)
			}
		}
		switch {
		case len(refs) == 3:
			text += fmt.Sprintf("%s (SYN), %s (SYN-ACK) and %s (ACK) set it up", n.frame(refs[0]), n.number(refs[1]), n.number(refs[2]))
		case len(refs) > 0:
			text += n.frames(explain.Evidence{Count: int64(len(refs)), First: refs}) + " began to set it up, and it did not get further in this capture"
		default:
			text += "it was set up before the capture began"
		}
		for d, e := range c.Ends {
			if e.Data > 0 {
				text += fmt.Sprintf("; data of %s in %s", the(explain.Direction(d)), n.frames(e.Speech.Frames))
				refs = append(refs, e.Speech.Frames.First...)
			}
		}
		if c.Ends[0].Data+c.Ends[1].Data == 0 {
			text += "; none carries data"
		}
		a.say(text+".", refs...)
	})
}

// synNumber answers what the SYN's number is, and why it is a SYN.
func (n *narrator) synNumber(a *Answer) {
	n.each(a, func(c *explain.Connection) bool { return c.SYN != nil }, func(i int, c *explain.Connection) {
		a.say(fmt.Sprintf("Connection %d: %d (relative 0), in %s. The SYN bit in its flags marks it, %s, with no ACK bit.", i+1, c.SYN.Seq,
			n.frame(c.SYN.Ref), bits(c.SYN.Flags)), c.SYN.Ref)
	})
}

// synackNumbers answers what the SYN-ACK's numbers are, and where they come from.
func (n *narrator) synackNumbers(a *Answer) {
	n.each(a, func(c *explain.Connection) bool { return c.SYNACK != nil }, func(i int, c *explain.Connection) {
		m := c.SYNACK
		text := fmt.Sprintf("Connection %d: sequence number %d (relative 0), acknowledgement number %d (relative 1), in %s. The server chose the "+
			"first by itself; ", i+1, m.Seq, m.Ack, n.frame(m.Ref))
		refs := []explain.Ref{m.Ref}
		if c.SYN != nil {
			text += fmt.Sprintf("the second is the SYN's sequence number %d (%s) and 1, as a SYN counts as one byte.", c.SYN.Seq, n.frame(c.SYN.Ref))
			refs = append(refs, c.SYN.Ref)
		} else {
			text += "the second is the SYN's sequence number and 1; the SYN itself is not in the capture."
		}
		a.say(text+fmt.Sprintf(" SYN and ACK are both set, %s.", bits(m.Flags)), refs...)
	})
}

// smallestWindow answers how small the window got, and whether it held somebody back.
func (n *narrator) smallestWindow(a *Answer) {
	about := func(c *explain.Connection) bool { return c.Ends[0].MinWindow != nil || c.Ends[1].MinWindow != nil }
	n.each(a, about, func(i int, c *explain.Connection) {
		w := window(c.Ends[0].MinWindow, c.Ends[1].MinWindow)
		at := explain.Ref{File: w.File, Frame: w.Frame.Frame}
		text := fmt.Sprintf("Connection %d: %s, by the %s in %s. ", i+1, many(int64(w.Bytes), "byte"), w.Side, n.frame(at))
		refs := []explain.Ref{at}
		throttled := false
		for d := range c.Ends {
			h := &c.Ends[d].Held
			if h.Count == 0 {
				continue
			}
			throttled = true
			text += sentence("%s was held back by it %s, for %s in all. ", the(explain.Direction(d)), often(h.Count), span(h.Total(c.Ended)))
			for _, s := range h.First {
				refs = append(refs, s.Began.Ref)
				if s.Ended.Seen() {
					refs = append(refs, s.Ended.Ref)
				}
			}
		}
		if !throttled {
			text += "It throttled nobody: no window was 0, and none was filled."
		}
		a.say(text, refs...)
	})
}

// sentAgain answers what was sent again.
func (n *narrator) sentAgain(a *Answer) {
	again := func(c *explain.Connection) int64 {
		return c.Ends[0].Retransmissions.Count + c.Ends[1].Retransmissions.Count
	}
	total, real := int64(0), false
	for _, c := range n.lab.Connections {
		if !n.tapped(c.First) {
			total, real = total+again(c), true
		}
	}
	if real && total == 0 {
		a.say("No: within each connection, no segment has sequence numbers that an earlier one of the same side had, keep-alives and " +
			"window probes aside.")
		return
	}
	n.each(a, func(c *explain.Connection) bool { return again(c) > 0 }, func(i int, c *explain.Connection) {
		a.say(fmt.Sprintf("Connection %d: yes, %s, which shows by sequence numbers that had been there before.", i+1, many(again(c), "segment")))
		for d := range c.Ends {
			for _, r := range c.Ends[d].Repeats[:min(len(c.Ends[d].Repeats), maxNamed)] {
				refs := []explain.Ref{r.Ref}
				if r.Original.Seen() {
					refs = append(refs, r.Original.Ref)
				}
				a.say(n.repeat(r), refs...)
			}
		}
	})
}

// served reports whether the server's program said something.
func served(c *explain.Connection) bool { return c.Ends[explain.FromServer].Data > 0 }

// stood reports whether a connection came to be.
func stood(c *explain.Connection) bool {
	return c.Close != explain.CloseRefused && c.Close != explain.CloseUnanswered && (c.SYNACK != nil || c.SYN == nil)
}

// secondClient answers whether more than one client was served.
func (n *narrator) secondClient(a *Answer) {
	seen := 0
	for i, c := range n.lab.Connections {
		seen++
		if seen < 2 || seen > maxAnswered+1 {
			continue
		}
		refs := []explain.Ref{c.First}
		text := fmt.Sprintf("Connection %d, from %s: ", i+1, socket(c.Client))
		switch {
		case n.tapped(c.First):
			text += "the tap has what was said, and a program that taps has been served."
		case !stood(c):
			text += "no, it did not come to be (" + string(c.Close) + ")."
		case served(c):
			first := c.Ends[explain.FromServer].Speech.Frames.First[0]
			text += "yes, the server's program sent it data, first in " + n.frame(first) + "."
			refs = append(refs, first)
		default:
			text += "the system accepted it, and no data of the server's program came."
			if unserved(c) {
				text = fmt.Sprintf("Connection %d, from %s: no. Its data was acknowledged in %s, by the system, and the program never answered.", i+1,
					socket(c.Client), n.frame(c.Ends[0].Speech.Acked.Ref))
				refs = append(refs, c.Ends[0].Speech.Acked.Ref)
			}
		}
		if !n.tapped(c.First) {
			for _, line := range n.waiting(c) {
				text += " " + line
			}
		}
		a.say(text, refs...)
	}
	switch {
	case n.udpOnly():
		n.udpClients(a)
	case seen == 0:
		a.say("The capture cannot tell: there is no connection in it.")
	case seen == 1:
		a.say("There is no second client: the capture has one connection.", n.lab.Connections[0].First)
	case seen > maxAnswered+1:
		a.say("And so on for " + many(int64(seen-maxAnswered-1), "further connection") + ".")
	}
}

// secondServer answers whether there was another server.
func (n *narrator) secondServer(a *Answer) {
	type at struct {
		socket string
		first  explain.Ref
	}
	var servers []at
	var refused []at
	known := make(map[string]bool)
	for _, c := range n.lab.Connections {
		name := socket(c.Server)
		if c.Close == explain.CloseRefused {
			refused = append(refused, at{name, c.First})
		}
		if !stood(c) || known[name] {
			continue
		}
		known[name] = true
		first := c.First
		if c.SYNACK != nil {
			first = c.SYNACK.Ref
		}
		servers = append(servers, at{name, first})
	}
	switch len(servers) {
	case 0:
		a.say("The capture cannot tell: no TCP server answers in it.")
	case 1:
		a.say(fmt.Sprintf("No other one answered: all connections that came to be are to %s (%s). A second program that asks for the same address "+
			"and port is refused by its own system (address already in use), and that sends no packet, so a capture cannot show the attempt.",
			servers[0].socket, n.frame(servers[0].first)), servers[0].first)
	default:
		for _, s := range servers[:min(len(servers), maxAnswered)] {
			a.say(fmt.Sprintf("A server answered at %s (%s).", s.socket, n.frame(s.first)), s.first)
		}
		a.say(fmt.Sprintf("So %s sockets listened, each at an address of its own; no two programs have the same one.", count(int64(len(servers)))))
	}
	for _, r := range refused {
		if !known[r.socket] && len(a.lines) < 2*maxAnswered {
			known[r.socket] = true
			a.say(fmt.Sprintf("At %s nobody listened (%s).", r.socket, n.frame(r.first)), r.first)
		}
	}
}

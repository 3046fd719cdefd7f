package report

import (
	"fmt"
	"strings"

	"parley/explain"
	"parley/explain/packet"
)

// handshake tells how a connection began.
func (n *narrator) handshake(c *explain.Connection) []string {
	if n.tapped(c.First) {
		return []string{"The handshake was not observed: this is a tap, not a capture. A tap knows the two addresses and what was said."}
	}
	if c.SYN == nil && c.SYNACK == nil {
		return []string{sentence("the capture began in the middle: %s is the first packet of this connection, and no SYN is in it. Who is "+
			"called the client is a guess, by the higher port.", n.frame(c.First))}
	}
	var lines []string
	if m := c.SYN; m != nil {
		lines = append(lines, n.syn(c, m))
		lines = append(lines, n.again(c)...)
	} else {
		lines = append(lines, "The SYN is not in the capture.")
	}
	if m := c.SYNACK; m != nil {
		lines = append(lines, n.synack(c, m))
	}
	if m := c.ACK; m != nil {
		lines = append(lines, sentence("%s is the client's ACK: sequence number %d (relative 1), acknowledgement number %d (relative 1), which "+
			"is the server's number %d and 1. The connection stands.", n.frame(m.Ref), m.Seq, m.Ack, c.SYNACK.Seq))
	} else if c.SYNACK != nil {
		lines = append(lines, "The ACK that ends the handshake is not in the capture.")
	}
	return lines
}

// syn tells of the SYN.
func (n *narrator) syn(c *explain.Connection, m *explain.Mark) string {
	return sentence("%s is the SYN, from %s to %s: sequence number %d (relative 0). Its flags make it one, %s: the SYN bit "+
		"is set, and the ACK bit is not. Window %s bytes, not scaled. %s", n.frame(m.Ref), socket(c.Client),
		socket(c.Server), m.Seq, bits(m.Flags), count(int64(m.Window)), options(m.Options))
}

// synack tells of the SYN-ACK, and why it acknowledges what it does.
func (n *narrator) synack(c *explain.Connection, m *explain.Mark) string {
	why := fmt.Sprintf("acknowledgement number %d", m.Ack)
	if c.SYN != nil && m.Ack == c.SYN.Seq+1 {
		why += fmt.Sprintf(" (relative 1): the client's number %d and 1, because a SYN counts as one byte", c.SYN.Seq)
	} else if c.SYN != nil {
		why += fmt.Sprintf(", which does not answer this SYN: that would be %d", c.SYN.Seq+1)
	}
	text := sentence("%s is the SYN-ACK of the server: sequence number %d (relative 0), which the server chose by itself, and %s. Flags %s. "+
		"%s", n.frame(m.Ref), m.Seq, why, bits(m.Flags), options(m.Options))
	if c.SYN != nil && m.Time >= c.SYN.Time {
		text += fmt.Sprintf(" It came %s after the SYN.", span(m.Time-c.SYN.Time))
	}
	return text
}

// bits writes flags with their value in the header.
func bits(f packet.Flags) string { return fmt.Sprintf("0x%03x (%s)", uint8(f), f) }

// options lists what a SYN offers.
func options(o packet.Options) string {
	var list []string
	if o.MSS > 0 {
		list = append(list, fmt.Sprintf("segments of at most %s bytes of data (MSS)", count(int64(o.MSS))))
	}
	if o.Scale >= 0 {
		list = append(list, fmt.Sprintf("windows times %d (window scale %d)", 1<<o.Scale, o.Scale))
	}
	if o.SACKAllowed {
		list = append(list, "selective acknowledgements (SACK)")
	}
	if o.Stamped {
		list = append(list, "timestamps")
	}
	if len(list) == 0 {
		return "It has no options."
	}
	return "Options: " + strings.Join(list, ", ") + "."
}

// again tells of SYNs that were sent again.
func (n *narrator) again(c *explain.Connection) []string {
	var times []string
	var total int64
	for _, r := range c.Ends[explain.FromClient].Repeats {
		if r.Seq != c.SYN.Seq || r.Bytes > 0 {
			continue
		}
		total++
		times = append(times, fmt.Sprintf("%s after %s", n.frame(r.Ref), span(r.Time-c.SYN.Time)))
	}
	if total == 0 {
		return nil
	}
	return []string{sentence("nothing came back in time, so the SYN was sent again %s: %s.", often(total),
		strings.Join(times[:min(len(times), maxNamed)], ", "))}
}

// often writes how often.
func often(n int64) string {
	switch n {
	case 1:
		return "once"
	case 2:
		return "twice"
	}
	return count(n) + " times"
}

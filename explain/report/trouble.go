package report

import (
	"fmt"

	"parley/explain"
	"parley/explain/tcp"
)

// trouble tells what was lost, late or sent again. The words are those of the Wireshark User's Guide.
func (n *narrator) trouble(c *explain.Connection) []string {
	if n.tapped(c.First) {
		return []string{"What was lost and sent again was not observed: this is a tap, not a capture."}
	}
	var lines []string
	for d := range c.Ends {
		lines = append(lines, n.repeats(c, explain.Direction(d))...)
	}
	for d := range c.Ends {
		lines = append(lines, n.oddities(c, explain.Direction(d))...)
	}
	if len(lines) == 0 {
		return []string{"None: nothing was sent again, nothing came out of order."}
	}
	return lines
}

// repeats tells what an end sent again, and what shows it.
func (n *narrator) repeats(c *explain.Connection, d explain.Direction) []string {
	e := &c.Ends[d]
	if e.Retransmissions.Count == 0 {
		return nil
	}
	plain := e.Retransmissions.Count - e.Fast.Count - e.Spurious.Count
	lines := []string{sentence("%s sent %s again (%s): %s after a timeout, %s fast, %s needless.", the(d),
		many(e.Retransmissions.Count, "segment"), n.frames(e.Retransmissions), count(max(plain, 0)), count(e.Fast.Count), count(e.Spurious.Count))}
	for _, r := range e.Repeats[:min(len(e.Repeats), maxNamed)] {
		lines = append(lines, n.repeat(r))
	}
	return lines
}

// repeat tells of one segment that was sent again.
func (n *narrator) repeat(r explain.Repeat) string {
	text := sentence("%s has the sequence number %d", n.frame(r.Ref), r.Seq)
	if r.Original.Seen() {
		text += fmt.Sprintf(" that %s had, %s before", n.frame(r.Original.Ref), span(r.Wait()))
	} else {
		text += ", which is below what was sent already; the original is not in the capture, or far back"
	}
	return text + ". " + kind(r.Kind)
}

// kind explains a kind of retransmission.
func kind(v tcp.Verdict) string {
	switch {
	case v.Any(tcp.SpuriousRetransmission):
		return "It was needless (spurious): the other end had acknowledged these bytes before."
	case v.Any(tcp.FastRetransmission):
		return "It was fast: duplicate acknowledgements asked for just these bytes, and no timer had to run out."
	}
	return "Nobody had asked for it: the sender's timer had run out before an acknowledgement came."
}

// oddities tells what else is odd about what an end sent.
func (n *narrator) oddities(c *explain.Connection, d explain.Direction) []string {
	e := &c.Ends[d]
	var lines []string
	for _, o := range []struct {
		seen explain.Evidence
		one  string
		what string
	}{
		{e.OutOfOrder, "segment", "out of order: what was sent after it had overtaken it"},
		{e.Missing, "segment", "after a gap: what came before is not in the capture, lost on the way or never captured"},
		{e.DuplicateAcks, "duplicate acknowledgement", "which say that something arrived and something before it did not"},
		{e.KeepAlives, "keep-alive", "which only ask whether the other end is still there"},
	} {
		if o.seen.Count > 0 {
			lines = append(lines, sentence("%s sent %s (%s), %s.", the(d), many(o.seen.Count, o.one), n.frames(o.seen), o.what))
		}
	}
	return lines
}

// offload tells what the network card did to the picture.
func (n *narrator) offload(c *explain.Connection) []string {
	var lines []string
	for d, e := range c.Ends {
		side := the(explain.Direction(d))
		if e.Giant.Count > 0 {
			lines = append(lines, sentence("%s of %s %s larger than what the other end takes in one (%s). No packet on the network was: the "+
				"system left the cutting to the network card, or the card had put several together before the capture saw them. That is no "+
				"error.", many(e.Giant.Count, "segment"), side, were(e.Giant.Count), n.frames(e.Giant)))
		}
		if e.Offloaded.Count > 0 {
			lines = append(lines, sentence("%s of %s %s captured with a checksum that was only begun (%s). The network card finishes it, "+
				"and on the loopback nobody has to. That is no error.", many(e.Offloaded.Count, "segment"), side, were(e.Offloaded.Count),
				n.frames(e.Offloaded)))
		}
	}
	return lines
}

// were is the verb for so many.
func were(n int64) string {
	if n == 1 {
		return "was"
	}
	return "were"
}

package report

import (
	"fmt"

	"parley/explain"
)

// ending tells how a connection ended.
func (n *narrator) ending(c *explain.Connection) []string {
	if n.tapped(c.First) {
		return []string{"How the two systems took leave was not observed: this is a tap, not a capture."}
	}
	var lines []string
	switch c.Close {
	case explain.CloseRefused:
		lines = append(lines, sentence("refused: %s answers the SYN with a reset. The host %s is there, and nothing listened at port %d.",
			n.frame(c.Reset.Ref), c.Server.Addr(), c.Server.Port()))
	case explain.CloseUnanswered:
		lines = append(lines, sentence("unanswered: nothing ever came back from %s. The host is off or elsewhere, or something on the way "+
			"drops the packets.", socket(c.Server)))
	case explain.CloseOpen:
		lines = append(lines, n.open(c)...)
	default:
		lines = append(lines, n.fins(c)...)
	}
	if r := c.Reset; r != nil && c.Close != explain.CloseRefused {
		lines = append(lines, n.reset(c, r)...)
	}
	return lines
}

// open tells of a connection that had not ended.
func (n *narrator) open(c *explain.Connection) []string {
	for d, e := range c.Ends {
		if !e.Speech.FIN.Seen() {
			continue
		}
		side, other := the(explain.Direction(d)), the(1-explain.Direction(d))
		return []string{sentence("half closed: %s said in %s that it is done%s, and %s had not by the end of the capture; until it does, it may "+
			"still send.", side, n.frame(e.Speech.FIN.Ref), n.acknowledged(e.Speech), other)}
	}
	return []string{"Still open when the capture ended: no FIN and no reset was seen."}
}

// acknowledged tells by which segment a FIN was.
func (n *narrator) acknowledged(t explain.Speech) string {
	if !t.FINAcked.Seen() {
		return ", which was not acknowledged"
	}
	return fmt.Sprintf(" (acknowledged in %s)", n.frame(t.FINAcked.Ref))
}

// fins tells who said when that they are done.
func (n *narrator) fins(c *explain.Connection) []string {
	first := explain.FromClient
	client, server := c.Ends[0].Speech, c.Ends[1].Speech
	if !client.FIN.Seen() || server.FIN.Seen() && server.FIN.Time < client.FIN.Time {
		first = explain.FromServer
	}
	f, s := c.Ends[first].Speech, c.Ends[1-first].Speech
	if !f.FIN.Seen() {
		return nil
	}
	text := sentence("%s closed first: its FIN is %s%s.", the(first), n.frame(f.FIN.Ref), n.acknowledged(f))
	if !s.FIN.Seen() {
		return []string{text}
	}
	text += sentence(" %s closed %s later: its FIN is %s%s.", "Then "+the(1-first), span(max(s.FIN.Time-f.FIN.Time, 0)), n.frame(s.FIN.Ref),
		n.acknowledged(s))
	if s.Last.Seen() && s.Last.Time > f.FIN.Time {
		text += sentence(" Half closed in between, %s still sent data (%s).", the(1-first), n.frame(s.Last.Ref))
	}
	return []string{text}
}

// reset tells who broke a connection off, and why, as far as packets show that.
func (n *narrator) reset(c *explain.Connection, r *explain.Reset) []string {
	return []string{sentence("%s broke the connection off with a reset in %s. %s", the(r.By), n.frame(r.Ref), n.reason(c, r))}
}

// reason is the likely reason of a reset.
func (n *narrator) reason(c *explain.Connection, r *explain.Reset) string {
	side, other := the(r.By), the(1-r.By)
	switch {
	case r.Late:
		return "Both ends had said before that they are done; nothing is lost by it."
	case r.UnreadBytes > 0 && r.AfterFIN:
		return fmt.Sprintf("Likely reason: %s were unread. %s had closed already (%s) when %s sent them (%s), and nobody was there any more "+
			"to read them.", many(r.UnreadBytes, "byte"), sentence("%s", side), n.frame(c.Ends[r.By].Speech.FIN.Ref), other, n.frames(r.Unread))
	case r.Answers() && c.Ends[r.By].Data == 0 && c.SYN == nil:
		return fmt.Sprintf("It bears no acknowledgement, so it answers a segment for which %s had no connection: it had been restarted, or had "+
			"given up long before.", side)
	case r.UnreadBytes > 0 && r.Answers():
		return fmt.Sprintf("It bears no acknowledgement, so it answers a segment for which %s had no connection any more: %s of %s (%s) were "+
			"unread.", side, many(r.UnreadBytes, "byte"), other, n.frames(r.Unread))
	case r.UnreadBytes > 0:
		return fmt.Sprintf("Likely reason: %s were unread. %s had sent them (%s) and %s had said nothing since; a system that closes a "+
			"connection before its program has read everything sends a reset in place of a FIN. The packets do not show what the program had "+
			"read, and a program can also break off on purpose.", many(r.UnreadBytes, "byte"), sentence("%s", other), n.frames(r.Unread), side)
	}
	if bytes := c.Ends[1-r.By].Bytes; bytes > 0 {
		return fmt.Sprintf("%s had sent %s, all before %s last sent something itself. If its program had not read all of them, that is the "+
			"reason: a system that closes a connection before everything is read sends a reset in place of a FIN. The packets do not show "+
			"what the program had read, and a program can also break off on purpose.", sentence("%s", other), many(bytes, "byte"), side)
	}
	return fmt.Sprintf("Nothing of %s was left to be read, so its program broke off on purpose, or was ended while it was not done.", other)
}

// roundTrip tells how long acknowledgements took, and how fast data went.
func (n *narrator) roundTrip(c *explain.Connection) []string {
	if n.tapped(c.First) {
		return []string{"Round-trip times were not observed: " + declined + "."}
	}
	var lines []string
	for d, e := range c.Ends {
		if e.RoundTrip.Count == 0 {
			continue
		}
		lines = append(lines, sentence("what %s sent was acknowledged after %s at least, %s on average, %s at most (%s).",
			the(explain.Direction(d)), span(e.RoundTrip.Min), span(e.RoundTrip.Mean()), span(e.RoundTrip.Max),
			many(e.RoundTrip.Count, "measurement")))
	}
	if took := c.Ended - c.Began; took > 0 {
		lines = append(lines, sentence("the connection lasted %s, in which %s a second went to the server and %s to the client.", span(took),
			perSecond(c.Ends[0].Bytes, took), perSecond(c.Ends[1].Bytes, took)))
	}
	return lines
}

// perSecond writes bytes a second.
func perSecond(bytes, took int64) string {
	return many(int64(float64(bytes)/(float64(took)/1e9)+0.5), "byte")
}

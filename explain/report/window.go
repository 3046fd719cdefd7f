package report

import (
	"fmt"

	"parley/explain"
)

// window tells how much each end offered to take, and whether that held the other one back.
func (n *narrator) window(c *explain.Connection) []string {
	if n.tapped(c.First) {
		return []string{"Windows were not observed: this is a tap, not a capture."}
	}
	var lines []string
	for d, e := range c.Ends {
		if e.MinWindow == nil {
			continue
		}
		lines = append(lines, sentence("the smallest window that %s offered was %s (%s)%s.", the(explain.Direction(d)),
			many(int64(e.MinWindow.Bytes), "byte"), n.frame(e.MinWindow.Ref), scaled(c)))
	}
	held := false
	for d := range c.Ends {
		lines = append(lines, n.held(c, explain.Direction(d))...)
		held = held || c.Ends[d].Held.Count > 0
	}
	if len(lines) > 0 && !held {
		lines = append(lines, "It never held a sender back: no window of 0 was offered, and none was filled.")
	}
	return lines
}

// scaled tells how a window was computed.
func scaled(c *explain.Connection) string {
	if c.SYN == nil || c.SYNACK == nil {
		return ", as it stands in the header, since the handshake with the scale was not captured"
	}
	return ""
}

// held tells when one end was held back by the other's window.
func (n *narrator) held(c *explain.Connection, d explain.Direction) []string {
	e, other := &c.Ends[d], &c.Ends[1-d]
	if e.Held.Count == 0 {
		return nil
	}
	lines := []string{sentence("%s was held back %s by the window of %s, for %s in all.", the(d), often(e.Held.Count), the(1-d),
		span(e.Held.Total(c.Ended)))}
	for _, s := range e.Held.First[:min(len(e.Held.First), maxNamed)] {
		how := sentence("%s: %s offered a window of 0", n.frame(s.Began.Ref), the(1-d))
		if s.Full {
			how = sentence("%s: %s had filled the window of %s", n.frame(s.Began.Ref), the(d), the(1-d))
		}
		if s.Ended.Seen() {
			how += fmt.Sprintf(", until %s opened it %s later.", n.frame(s.Ended.Ref), span(max(s.Ended.Time-s.Began.Time, 0)))
		} else {
			how += ", and it was not opened again."
		}
		lines = append(lines, how)
	}
	if other.ZeroWindows.Count > 0 {
		lines = append(lines, sentence("%s said so in %s (%s).", the(1-d), many(other.ZeroWindows.Count, "segment"), n.frames(other.ZeroWindows)))
	}
	if e.Probes.Count > 0 {
		lines = append(lines, sentence("%s asked with %s of one byte whether it had opened (%s).", the(d), many(e.Probes.Count, "probe"),
			n.frames(e.Probes)))
	}
	return lines
}

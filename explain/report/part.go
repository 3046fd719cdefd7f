package report

import "parley/explain"

// part is what is said about one thing.
type part struct {
	title string
	lines []string
}

// whole gives all parts about a connection.
func (n *narrator) whole(c *explain.Connection) []part {
	var parts []part
	for _, p := range []part{
		{"How it began", n.handshake(c)},
		{"Data", n.data(c)},
		{"Messages", n.messages(c)},
		{"Window", n.window(c)},
		{"Trouble", n.trouble(c)},
		{"Offload", n.offload(c)},
		{"How it ended", n.ending(c)},
		{"Round trip", n.roundTrip(c)},
	} {
		if len(p.lines) > 0 {
			parts = append(parts, p)
		}
	}
	return parts
}

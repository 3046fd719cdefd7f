package report

import (
	"fmt"
	"strings"

	"parley"
	"parley/explain"
)

// data tells what was sent each way, and who waited for whom.
func (n *narrator) data(c *explain.Connection) []string {
	var lines []string
	for d, e := range c.Ends {
		if e.Data == 0 {
			continue
		}
		lines = append(lines, sentence("%s sent %s of data in %s: %s.", the(explain.Direction(d)), many(e.Bytes, "byte"),
			many(e.Data, "segment"), n.frames(e.Speech.Frames)))
	}
	if len(lines) == 0 {
		lines = append(lines, "No data was sent.")
	}
	if !n.tapped(c.First) {
		lines = append(lines, n.waiting(c)...)
	}
	return lines
}

// unserved reports whether the client said something that the server's system acknowledged, and its program never answered.
func unserved(c *explain.Connection) bool {
	client, server := &c.Ends[explain.FromClient], &c.Ends[explain.FromServer]
	return client.Speech.Acked.Seen() && server.Data == 0
}

// waiting tells of a client whose data was acknowledged long before there was an answer.
func (n *narrator) waiting(c *explain.Connection) []string {
	client, server := &c.Ends[explain.FromClient].Speech, &c.Ends[explain.FromServer].Speech
	switch {
	case !client.First.Seen() || !client.Acked.Seen():
		return nil
	case unserved(c):
		text := sentence("the server's system acknowledged the client's data (%s), but not a byte ever came from its program. It looks so "+
			"when the system has accepted a connection into its backlog and no program served it, or when a program only listens.",
			n.frame(client.Acked.Ref))
		return append([]string{text}, n.meanwhile(c)...)
	case server.First.Time > client.Acked.Time && server.First.Ref != client.Acked.Ref:
		text := sentence("what the client said first (%s) was acknowledged by the server's system after %s (%s), and the first data from the "+
			"server's program came %s after that (%s).", n.frame(client.First.Ref), span(client.Acked.Time-client.First.Time),
			n.frame(client.Acked.Ref), span(server.First.Time-client.Acked.Time), n.frame(server.First.Ref))
		return append([]string{text}, n.meanwhile(c)...)
	}
	return nil
}

// meanwhile tells of another connection to the same server that was served while this one was not.
func (n *narrator) meanwhile(c *explain.Connection) []string {
	began, first := c.Ends[explain.FromClient].Speech.First.Time, c.Ends[explain.FromServer].Speech.First
	for i, other := range n.lab.Connections {
		if other == c || other.Server != c.Server || other.Ends[explain.FromServer].Data == 0 || other.Began > c.Began || other.Ended < began {
			continue
		}
		if first.Seen() && first.Time < lastWord(other) {
			continue
		}
		text := sentence("meanwhile the server served %s (connection %d)", socket(other.Client), i+1)
		if first.Seen() {
			return []string{text + fmt.Sprintf(", and turned to this one %s after that had begun to end.", span(max(first.Time-lastWord(other), 0)))}
		}
		return []string{text + "."}
	}
	return nil
}

// lastWord is when one end first said that it is done, or when the connection was last seen.
func lastWord(c *explain.Connection) int64 {
	last := c.Ended
	for _, e := range c.Ends {
		if e.Speech.FIN.Seen() {
			last = min(last, e.Speech.FIN.Time)
		}
	}
	return last
}

// maxMessages is how many messages of a connection are shown.
const maxMessages = 100

// messages tells what was said, and in which segments.
func (n *narrator) messages(c *explain.Connection) []string {
	var lines []string
	for _, m := range c.Messages[:min(len(c.Messages), maxMessages)] {
		lines = append(lines, n.message(sides[m.From], m))
	}
	if more := c.Said - int64(len(lines)); len(lines) > 0 && more > 0 {
		lines = append(lines, sentence("%s more.", count(more)))
	}
	if len(lines) > 0 && c.Protocol != "" {
		lines = append([]string{sentence("read as %s:", parley.CleanLine(c.Protocol))}, lines...)
	}
	return lines
}

// message tells of one message.
func (n *narrator) message(from string, m explain.Message) string {
	evidence := explain.Evidence{Count: int64(len(m.Frames)), First: m.Frames}
	text := sentence("%s, %s", from, parley.CleanLine(m.Kind))
	if m.Speaker != "" {
		text += " of " + parley.CleanLine(m.Speaker)
	}
	text += ": “" + short(m.Text, 300) + "”"
	switch {
	case len(m.Frames) > 1:
		text += fmt.Sprintf(", split over %s", n.frames(evidence))
	case len(m.Frames) == 1:
		text += ", " + n.frames(evidence)
	}
	if m.Glued {
		text += ", glued to another message in the same segment"
	}
	return text
}

// short is a text as one line, cut after so many characters.
func short(text string, most int) string {
	line := []rune(strings.TrimRight(parley.CleanLine(strings.TrimRight(text, "\n")), " "))
	if len(line) <= most {
		return string(line)
	}
	return string(line[:most-1]) + "…"
}

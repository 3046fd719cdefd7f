package report

import (
	"fmt"
	"io"
	"strconv"

	"parley/explain"
)

// maxListed is how many connections, conversations and hosts the summary has a paragraph for.
const maxListed = 100

// WriteText writes a summary of a lab for people: what was captured, what stands out, a paragraph a connection, and who has which
// sockets.
func WriteText(out io.Writer, l *explain.Lab, s Style) error {
	n, p := newNarrator(l), newPage(out, s)
	p.heading("What was captured")
	for _, line := range n.captured() {
		p.line(line)
	}
	p.blank()
	p.heading("What stands out")
	striking := n.standOut()
	for _, line := range striking {
		p.item("!", line, red)
	}
	if len(striking) == 0 {
		p.line("Nothing: no connection was refused or reset, nothing was sent again, and nobody was held back.")
	}
	n.list(p)
	return p.out.Flush()
}

// list writes the paragraphs.
func (n *narrator) list(p *page) {
	l := n.lab
	if len(l.Connections) > 0 {
		p.blank()
		p.heading("TCP connections")
		for i, c := range l.Connections[:min(len(l.Connections), maxListed)] {
			p.item(strconv.Itoa(i+1)+".", n.line(c), "")
		}
		n.rest(p, len(l.Connections), "connection")
		p.line("--connection N tells all of one.")
	}
	if len(l.Datagrams) > 0 {
		p.blank()
		p.heading("UDP datagrams")
		for _, d := range l.Datagrams[:min(len(l.Datagrams), maxListed)] {
			for i, line := range n.datagrams(d) {
				if i == 0 {
					p.item("-", line, "")
				} else {
					p.item(" ", line, "")
				}
			}
		}
		n.rest(p, len(l.Datagrams), "pair of sockets")
	}
	if len(l.Hosts) > 0 {
		p.blank()
		p.heading("Hosts and their sockets")
		for _, h := range l.Hosts[:min(len(l.Hosts), maxListed)] {
			p.line(n.host(h))
		}
		n.rest(p, len(l.Hosts), "host")
	}
}

// rest tells how many have no paragraph.
func (n *narrator) rest(p *page, all int, one string) {
	if all > maxListed {
		p.line(fmt.Sprintf("And %s more (of each %s, --json has all).", count(int64(all-maxListed)), one))
	}
}

// WriteConnection writes all of one connection, counted from 1 in the order of their first packets. The error tells how many there are.
func WriteConnection(out io.Writer, l *explain.Lab, number int, s Style) error {
	if number < 1 || number > len(l.Connections) {
		return fmt.Errorf("there is no connection %d: the capture has %s", number, many(int64(len(l.Connections)), "connection"))
	}
	n, p, c := newNarrator(l), newPage(out, s), l.Connections[number-1]
	p.heading(fmt.Sprintf("Connection %d: %s → %s", number, socket(c.Client), socket(c.Server)))
	p.line(fmt.Sprintf("%s, from %s on.", many(c.Packets, "packet"), clock(c.Began)))
	p.parts(n.whole(c))
	return p.out.Flush()
}

// WriteQuestions writes the questions of the labs, each with its answer and the frames that show it.
func WriteQuestions(out io.Writer, l *explain.Lab, s Style) error {
	n, p := newNarrator(l), newPage(out, s)
	for i, a := range Answers(l) {
		if i > 0 {
			p.blank()
		}
		p.heading(fmt.Sprintf("%d. %s", i+1, a.Question))
		for _, line := range a.lines {
			p.line(line)
		}
		if len(a.Frames) > 0 {
			p.line("Evidence: " + n.evidence(a) + ".")
		}
	}
	return p.out.Flush()
}

// evidence names the frames of an answer.
func (n *narrator) evidence(a Answer) string {
	e := explain.Evidence{Count: int64(len(a.Frames))}
	for _, f := range a.Frames[:min(len(a.Frames), maxNamed)] {
		e.First = append(e.First, explain.Ref{File: f.File, Frame: f.Frame})
	}
	return n.frames(e)
}

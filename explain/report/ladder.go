package report

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"parley/explain"
	"parley/explain/packet"
	"parley/explain/tcp"
)

// ladder is a drawing of a connection: time goes down, the client is on the left and the server on the right.
type ladder struct {
	ID             string
	Title, Desc    string
	Client, Server string
	Height         int
	Rungs          []rung
	Pauses         []pause
	Left           string // what is not drawn
}

// rung is one arrow.
type rung struct {
	Y1, Y2        int // where it begins and ends
	LabelY, TextY int
	X1, X2, Head  int // Head is where the head of the arrow begins
	HeadTop       int
	HeadBottom    int
	When          string
	Label         string
	Text          string
	Side          string // client or server
	Bad           bool
	Squeeze       bool // the label is too long for the arrow
}

// pause is a time in which nothing happened.
type pause struct {
	Y    int
	Text string
}

// How a ladder is laid out, in the units of the drawing.
const (
	ladderLeft  = 60
	ladderRight = 392
	ladderTop   = 40
	rungHeight  = 46
	pauseHeight = 24
	slope       = 8
	maxRungs    = 100
	maxLabel    = 52         // characters that fit on an arrow
	longPause   = int64(1e9) // a second
)

// ladder draws a connection.
func (n *narrator) ladder(number int, c *explain.Connection) ladder {
	l := ladder{ID: fmt.Sprintf("ladder-%d", number), Client: socket(c.Client), Server: socket(c.Server)}
	texts := n.texts(c)
	arrows := c.Detail.Arrows[:min(len(c.Detail.Arrows), maxRungs)]
	y, last := ladderTop, c.Began
	for _, a := range arrows {
		if a.Time-last >= longPause {
			l.Pauses = append(l.Pauses, pause{y + pauseHeight/2 + 6, span(a.Time-last) + " pass"})
			y += pauseHeight
		}
		l.Rungs = append(l.Rungs, n.rung(c, a, y, texts[a.Ref]))
		y, last = y+rungHeight, a.Time
	}
	l.Height = y + 16
	l.Title = fmt.Sprintf("Connection %d as a ladder", number)
	l.Desc = fmt.Sprintf("%s between %s on the left and %s on the right, from top to bottom in the order of time. The text beside it tells the same.",
		many(int64(len(arrows)), "segment"), l.Client, l.Server)
	if more := c.Packets - int64(len(arrows)); more > 0 {
		l.Left = "The ladder shows the first " + many(int64(len(arrows)), "segment") + "; " + count(more) + " more follow."
	}
	return l
}

// rung draws one arrow.
func (n *narrator) rung(c *explain.Connection, a explain.Arrow, y int, text string) rung {
	r := rung{LabelY: y + 14, Y1: y + 20, Y2: y + 20 + slope, TextY: y + 41, X1: ladderLeft, X2: ladderRight, Head: ladderRight - 9,
		Side: sides[a.From], When: "+" + span(max(a.Time-c.Began, 0)), Text: short(text, 44)}
	if a.From == explain.FromServer {
		r.X1, r.X2, r.Head = ladderRight, ladderLeft, ladderLeft+9
	}
	r.HeadTop, r.HeadBottom = r.Y2-5, r.Y2+5
	words := []string{n.number(a.Ref) + ":"}
	if a.Flags != 0 {
		words = append(words, a.Flags.String())
	}
	words = append(words, fmt.Sprintf("seq %d", a.Seq))
	if a.Flags.Has(packet.ACK) {
		words = append(words, fmt.Sprintf("ack %d", a.Ack))
	}
	words = append(words, "win "+count(int64(a.Window)))
	if a.Length > 0 {
		words = append(words, "len "+count(int64(a.Length)))
	}
	r.Label = strings.Join(words, " ")
	r.Squeeze = utf8.RuneCountInString(r.Label) > maxLabel
	if n.tapped(c.First) {
		r.Label = fmt.Sprintf("%s: %s", n.number(a.Ref), many(int64(a.Length), "byte"))
		return r
	}
	if word := ill(a); word != "" {
		r.Bad = true
		r.Text = strings.TrimSpace("⚠ " + word + " " + r.Text)
	}
	return r
}

// ill names what is wrong with a segment, "" where nothing is.
func ill(a explain.Arrow) string {
	if a.Flags.Has(packet.RST) {
		return "reset"
	}
	for _, w := range []struct {
		verdict tcp.Verdict
		word    string
	}{
		{tcp.SpuriousRetransmission, "sent again, needlessly"},
		{tcp.FastRetransmission, "sent again, fast"},
		{tcp.Retransmission, "sent again"},
		{tcp.OutOfOrder, "out of order"},
		{tcp.ZeroWindowProbe, "window probe"},
		{tcp.ZeroWindow, "window 0"},
		{tcp.WindowFull, "window full"},
		{tcp.PreviousNotCaptured, "something before is missing"},
		{tcp.DuplicateAck, "duplicate acknowledgement"},
		{tcp.KeepAlive | tcp.KeepAliveAck, "keep-alive"},
	} {
		if a.Verdict.Any(w.verdict) {
			return w.word
		}
	}
	return ""
}

// texts gives what was said in the segment that completed it.
func (n *narrator) texts(c *explain.Connection) map[explain.Ref]string {
	texts := make(map[explain.Ref]string)
	add := func(r explain.Ref, text string) {
		if texts[r] != "" {
			text = texts[r] + " " + text
		}
		texts[r] = text
	}
	for _, m := range c.Messages {
		for i, r := range m.Frames {
			if i == len(m.Frames)-1 {
				add(r, "“"+short(m.Text, 60)+"”")
			} else {
				add(r, "(begins a message)")
			}
		}
	}
	return texts
}

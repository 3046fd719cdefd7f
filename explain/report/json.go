package report

import (
	"encoding/json"
	"io"
	"time"

	"parley/explain"
	"parley/explain/tcp"
)

// WriteJSON writes a lab as JSON.
func WriteJSON(out io.Writer, l *explain.Lab) error {
	e := json.NewEncoder(out)
	e.SetIndent("", "  ")
	return e.Encode(NewDocument(l))
}

// NewDocument makes the JSON of a lab.
func NewDocument(l *explain.Lab) Document {
	d := Document{
		Packets: l.Packets, Tap: l.Tap, Files: []File{}, Connections: []Connection{}, Datagrams: []Datagrams{}, Hosts: []Host{},
	}
	if l.Packets > 0 {
		began, ended := stamp(l.Began), stamp(l.Ended)
		d.Began, d.Ended = &began, &ended
	}
	for _, f := range l.Files {
		file := File{Name: f.Name, Packets: f.Packets, Tap: f.Tap}
		if f.Broken != nil {
			text := f.Broken.Error()
			file.Broken = &text
		}
		if f.Section.Comment != "" {
			file.Comment = &f.Section.Comment
		}
		d.Files = append(d.Files, file)
	}
	for _, c := range l.Connections {
		d.Connections = append(d.Connections, connection(c))
	}
	for _, g := range l.Datagrams {
		d.Datagrams = append(d.Datagrams, datagrams(g))
	}
	for _, h := range l.Hosts {
		host := Host{Address: h.Address.String()}
		for _, s := range h.Sockets {
			host.Sockets = append(host.Sockets, s.String())
		}
		d.Hosts = append(d.Hosts, host)
	}
	d.Answers = Answers(l)
	return d
}

// connection makes the JSON of a connection.
func connection(c *explain.Connection) Connection {
	client, server := &c.Ends[explain.FromClient], &c.Ends[explain.FromServer]
	both := func(count func(*explain.End) explain.Evidence) int64 {
		return count(client).Count + count(server).Count
	}
	j := Connection{
		Protocol: "tcp", Client: c.Client.String(), Server: c.Server.String(), Packets: c.Packets,
		BytesToServer: client.Bytes, BytesToClient: server.Bytes,
		Retransmitted: both(func(e *explain.End) explain.Evidence { return e.Retransmissions }),
		Fast:          both(func(e *explain.End) explain.Evidence { return e.Fast }),
		Spurious:      both(func(e *explain.End) explain.Evidence { return e.Spurious }),
		OutOfOrder:    both(func(e *explain.End) explain.Evidence { return e.OutOfOrder }),
		DuplicateAcks: both(func(e *explain.End) explain.Evidence { return e.DuplicateAcks }),
		ZeroWindows:   both(func(e *explain.End) explain.Evidence { return e.ZeroWindows }),
		MinWindow:     window(client.MinWindow, server.MinWindow),
		Close:         string(c.Close), FINs: c.FINs.Count, Resets: c.Resets.Count,
	}
	if m := c.SYN; m != nil {
		j.SYN = &SYN{frame(m.Ref), m.Seq}
	}
	if m := c.SYNACK; m != nil {
		j.SYNACK = &SYNACK{frame(m.Ref), m.Seq, m.Ack}
	}
	if m := c.ACK; m != nil {
		f := frame(m.Ref)
		j.ACK = &f
	}
	j.Lost = both(func(e *explain.End) explain.Evidence { return e.Missing })
	j.KeepAlives = both(func(e *explain.End) explain.Evidence { return e.KeepAlives })
	j.WindowFull = both(func(e *explain.End) explain.Evidence { return e.WindowFull })
	j.Probes = both(func(e *explain.End) explain.Evidence { return e.Probes })
	j.Began, j.Ended, j.Unserved = stamp(c.Began), stamp(c.Ended), unserved(c)
	j.OfClient, j.OfServer = side(c, client), side(c, server)
	j.Repeats, j.Held = []Repeat{}, []Stretch{}
	for d := range c.Ends {
		j.Repeats = append(j.Repeats, repeats(&c.Ends[d], sides[d])...)
		j.Held = append(j.Held, stretches(&c.Ends[d], sides[d])...)
	}
	if c.Protocol != "" {
		j.Speaks = &c.Protocol
	}
	j.Messages, j.Said = []Message{}, c.Said
	for i := range c.Messages {
		j.Messages = append(j.Messages, message(sides[c.Messages[i].From], &c.Messages[i]))
	}
	if r := c.Reset; r != nil {
		j.Reset = &Reset{frame(r.Ref), sides[r.By], r.UnreadBytes, frames(r.Unread)}
	}
	return j
}

// side makes the JSON of one end.
func side(c *explain.Connection, e *explain.End) Side {
	s := Side{
		Segments: e.Segments, Data: e.Data, DataIn: frames(e.Speech.Frames), FIN: seen(e.Speech.FIN), HeldNS: e.Held.Total(c.Ended),
		Giants: e.Giant.Count, Offloaded: e.Offloaded.Count,
	}
	if r := e.RoundTrip; r.Count > 0 {
		s.RoundTrip = &RoundTrip{r.Min, r.Mean(), r.Max, r.Count}
	}
	return s
}

// repeats makes the JSON of what an end sent again.
func repeats(e *explain.End, side string) (list []Repeat) {
	for _, r := range e.Repeats {
		j := Repeat{Frame: frame(r.Ref), Side: side, Kind: "timeout", Seq: r.Seq, Bytes: r.Bytes, Original: seen(r.Original)}
		switch {
		case r.Kind.Any(tcp.SpuriousRetransmission):
			j.Kind = "spurious"
		case r.Kind.Any(tcp.FastRetransmission):
			j.Kind = "fast"
		}
		if r.Original.Seen() {
			wait := r.Wait()
			j.WaitNS = &wait
		}
		list = append(list, j)
	}
	return list
}

// stretches makes the JSON of when an end was held back.
func stretches(e *explain.End, side string) (list []Stretch) {
	for _, s := range e.Held.First {
		j := Stretch{Frame: frame(s.Began.Ref), Side: side, Full: s.Full, Until: seen(s.Ended)}
		if s.Ended.Seen() {
			took := max(s.Ended.Time-s.Began.Time, 0)
			j.NS = &took
		}
		list = append(list, j)
	}
	return list
}

// datagrams makes the JSON of datagrams.
func datagrams(g *explain.Datagrams) Datagrams {
	from := g.From.String()
	j := Datagrams{
		From: from, To: g.To.String(), Datagrams: g.Count, Bytes: g.Bytes,
		Frames: frames(g.Frames), Largest: g.Largest, Unreachable: frames(g.Unreachable),
		Messages: []Message{}, Said: g.Said,
	}
	for i := range g.Messages {
		j.Messages = append(j.Messages, message(from, &g.Messages[i]))
	}
	return j
}

// message makes the JSON of a message.
func message(from string, m *explain.Message) Message {
	j := Message{From: from, Kind: m.Kind, Text: m.Text, Frames: []Frame{}, Glued: m.Glued}
	if m.Speaker != "" {
		j.Speaker = &m.Speaker
	}
	for _, r := range m.Frames {
		j.Frames = append(j.Frames, frame(r))
	}
	return j
}

// frames makes the JSON of packets that show something.
func frames(e explain.Evidence) []Frame {
	list := []Frame{}
	for _, r := range e.First {
		list = append(list, frame(r))
	}
	return list
}

// seen makes the JSON of a packet, nil where there is none.
func seen(m explain.Moment) *Frame {
	if !m.Seen() {
		return nil
	}
	f := frame(m.Ref)
	return &f
}

// stamp writes a time.
func stamp(ns int64) string {
	return time.Unix(0, ns).UTC().Format("2006-01-02T15:04:05.000000000Z07:00")
}

// frame makes the JSON of a reference.
func frame(r explain.Ref) Frame { return Frame{r.File, r.Frame} }

// window gives the smaller of two windows, the earlier where they are the same.
func window(client, server *explain.Window) *Window {
	switch {
	case client == nil && server == nil:
		return nil
	case server == nil, client != nil && (client.Bytes < server.Bytes || client.Bytes == server.Bytes && client.Ref.Frame < server.Ref.Frame):
		return &Window{frame(client.Ref), client.Bytes, "client"}
	}
	return &Window{frame(server.Ref), server.Bytes, "server"}
}

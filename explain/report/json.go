package report

import (
	"encoding/json"
	"io"

	"parley/explain"
)

// Document is a lab as JSON. Its fields only ever become more; what is absent is null.
type Document struct {
	Packets     int64        `json:"packets"`
	Files       []File       `json:"files"`
	Connections []Connection `json:"connections"` // in the order of their first packets
	Datagrams   []Datagrams  `json:"datagrams"`
	Hosts       []Host       `json:"hosts"`
	Answers     []Answer     `json:"answers"` // of the labs' questions
}

// File is a capture that was read.
type File struct {
	Name    string  `json:"name"`
	Packets int64   `json:"packets"`
	Broken  *string `json:"broken"` // why it could not be read to its end
	Comment *string `json:"comment"`
}

// Frame names a packet.
type Frame struct {
	File  int   `json:"file"`  // in files, from 0
	Frame int64 `json:"frame"` // from 1, as in Wireshark
}

// SYN is the first segment of a handshake.
type SYN struct {
	Frame
	Seq uint32 `json:"seq"` // raw
}

// SYNACK is the second one.
type SYNACK struct {
	Frame
	Seq uint32 `json:"seq"`
	Ack uint32 `json:"ack"`
}

// Window is what somebody offered to take.
type Window struct {
	Frame
	Bytes uint32 `json:"bytes"` // scaled
	Side  string `json:"side"`  // of whoever offered it: client or server
}

// Connection is a TCP connection.
type Connection struct {
	Protocol      string  `json:"protocol"` // tcp
	Client        string  `json:"client"`   // IP:PORT
	Server        string  `json:"server"`
	Packets       int64   `json:"packets"`
	SYN           *SYN    `json:"syn"`
	SYNACK        *SYNACK `json:"synack"`
	ACK           *Frame  `json:"ack"`
	BytesToServer int64   `json:"bytes_to_server"` // of data, those that were sent again counted again
	BytesToClient int64   `json:"bytes_to_client"`
	Retransmitted int64   `json:"retransmissions"` // of all kinds
	Fast          int64   `json:"fast_retransmissions"`
	Spurious      int64   `json:"spurious_retransmissions"`
	OutOfOrder    int64   `json:"out_of_order"`
	DuplicateAcks int64   `json:"duplicate_acks"`
	ZeroWindows   int64   `json:"zero_windows"`
	MinWindow     *Window `json:"min_window"` // SYN, SYN-ACK and RST aside
	Close         string  `json:"close"`      // fin, reset, open, refused or unanswered
	FINs          int64   `json:"fins"`
	Resets        int64   `json:"resets"`
}

// Datagrams are those that one socket sent to another.
type Datagrams struct {
	From      string `json:"from"` // IP:PORT
	To        string `json:"to"`
	Datagrams int64  `json:"datagrams"`
	Bytes     int64  `json:"bytes"` // of data
}

// Host is somebody with an address.
type Host struct {
	Address string   `json:"address"`
	Sockets []string `json:"sockets"` // IP:PORT/tcp or /udp
}

// WriteJSON writes a lab as JSON.
func WriteJSON(out io.Writer, l *explain.Lab) error {
	e := json.NewEncoder(out)
	e.SetIndent("", "  ")
	return e.Encode(NewDocument(l))
}

// NewDocument makes the JSON of a lab.
func NewDocument(l *explain.Lab) Document {
	d := Document{
		Packets: l.Packets, Files: []File{}, Connections: []Connection{}, Datagrams: []Datagrams{}, Hosts: []Host{},
	}
	for _, f := range l.Files {
		file := File{Name: f.Name, Packets: f.Packets}
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
		d.Datagrams = append(d.Datagrams, Datagrams{g.From.String(), g.To.String(), g.Count, g.Bytes})
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
	return j
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

package report

// Document is a lab as JSON. Its fields only ever become more; what is absent is null.
type Document struct {
	Packets     int64        `json:"packets"`
	Began       *string      `json:"began"` // when the first packet was captured, by RFC 3339 with nanoseconds
	Ended       *string      `json:"ended"` // and the last
	Tap         bool         `json:"tap"`   // every file is a tap
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
	Tap     bool    `json:"tap"` // made from what a program sent and received: it has no true handshakes, acknowledgements and windows
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

	Began      string    `json:"began"`       // the first packet, by RFC 3339 with nanoseconds
	Ended      string    `json:"ended"`       // the last packet
	Lost       int64     `json:"lost"`        // segments before which something was not captured
	KeepAlives int64     `json:"keep_alives"` // of both sides
	WindowFull int64     `json:"window_full"` // segments that filled the other side's window
	Probes     int64     `json:"probes"`      // of a window of 0
	Unserved   bool      `json:"unserved"`    // data was acknowledged, and the server never sent any
	OfClient   Side      `json:"client_side"`
	OfServer   Side      `json:"server_side"`
	Reset      *Reset    `json:"reset"`   // the first one
	Repeats    []Repeat  `json:"repeats"` // the first 20 of retransmissions of each side
	Held       []Stretch `json:"held"`    // the first 20 of each side

	Speaks   *string   `json:"speaks"`   // in which they chat: plain, roster, irc, http, websocket or tls
	Messages []Message `json:"messages"` // the first ones
	Said     int64     `json:"said"`     // how many there were
}

// Message is something that was said.
type Message struct {
	From    string  `json:"from"` // client or server; of a datagram its sender, IP:PORT
	Kind    string  `json:"kind"` // text, private, file, name, password, roster, notice, request, answer or frame
	Speaker *string `json:"speaker"`
	Text    string  `json:"text"`   // the first 2,000 bytes
	Frames  []Frame `json:"frames"` // that carried it: at most 64, the first ones and the last
	Glued   bool    `json:"glued"`  // its last frame carried another message too
}

// Side is what one end of a connection did.
type Side struct {
	Segments  int64      `json:"segments"`
	Data      int64      `json:"data_segments"`
	DataIn    []Frame    `json:"data_frames"` // the first 20
	FIN       *Frame     `json:"fin"`         // by which it said that it is done
	HeldNS    int64      `json:"held_ns"`     // how long the other side's window held it back, in nanoseconds
	RoundTrip *RoundTrip `json:"round_trip"`  // until what it sent was acknowledged
	Giants    int64      `json:"giants"`      // segments larger than the other side takes in one: offload
	Offloaded int64      `json:"unfinished_checksums"`
}

// RoundTrip is how long acknowledgements took, in nanoseconds.
type RoundTrip struct {
	Min   int64 `json:"min_ns"`
	Mean  int64 `json:"mean_ns"`
	Max   int64 `json:"max_ns"`
	Count int64 `json:"count"`
}

// Reset is how a connection was broken off.
type Reset struct {
	Frame
	Side   string  `json:"side"`         // that did: client or server
	Bytes  int64   `json:"unread_bytes"` // that the other side had sent since this one last sent data: at most so many were unread
	Unread []Frame `json:"unread"`       // that carried them, the first 20
}

// Repeat is a segment that was sent again.
type Repeat struct {
	Frame
	Side     string `json:"side"` // that sent it: client or server
	Kind     string `json:"kind"` // timeout, fast or spurious
	Seq      uint32 `json:"seq"`  // raw
	Bytes    int    `json:"bytes"`
	Original *Frame `json:"original"` // null where it is not in the capture, or far back
	WaitNS   *int64 `json:"wait_ns"`  // since the original
}

// Stretch is a time in which a side was held back by the other's window.
type Stretch struct {
	Frame
	Side  string `json:"side"`  // that was held back: client or server
	Full  bool   `json:"full"`  // it had filled the window; else the other side offered none
	Until *Frame `json:"until"` // that opened the window
	NS    *int64 `json:"ns"`    // how long that took
}

// Datagrams are those that one socket sent to another.
type Datagrams struct {
	From      string `json:"from"` // IP:PORT
	To        string `json:"to"`
	Datagrams int64  `json:"datagrams"`
	Bytes     int64  `json:"bytes"` // of data

	Frames      []Frame `json:"frames"`      // the first 20
	Largest     int     `json:"largest"`     // bytes of data in one
	Unreachable []Frame `json:"unreachable"` // ICMP messages that say that nobody listens there, the first 20

	Messages []Message `json:"messages"` // the first ones
	Said     int64     `json:"said"`     // how many there were
}

// Host is somebody with an address.
type Host struct {
	Address string   `json:"address"`
	Sockets []string `json:"sockets"` // IP:PORT/tcp or /udp
}

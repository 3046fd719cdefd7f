package explain

import (
	"net/netip"

	"parley/explain/packet"
	"parley/explain/tcp"
)

// Direction is which way something goes, or whose it is.
type Direction int

// Both directions of a connection.
const (
	FromClient Direction = iota
	FromServer
)

// Connection is a TCP connection.
type Connection struct {
	Client, Server netip.AddrPort
	First          Ref // the first packet
	Packets        int64
	Began, Ended   int64 // the first packet and the last, in nanoseconds since 1970

	// The three segments of the handshake; nil where they were not seen.
	SYN, SYNACK, ACK *Mark

	Ends   [2]End // what the client sent, and what the server sent
	Close  Close
	Reset  *Reset // the first RST, nil where there was none
	FINs   Evidence
	Resets Evidence

	Protocol string    // as its bytes show: plain, roster, http, websocket, irc, tls; "" where nothing was said
	Messages []Message // at most 1,000, the first ones, by the time at which they were whole
	Said     int64     // how many there were

	Detail *Detail // nil where nobody asked for it

	talk     *talk // nil before the first segment, and when all is read
	flow     tcp.Flow
	flipped  bool  // side 0 of the key is the server
	finished uint8 // bits: whose FIN was seen
	refused  bool
	wasReset bool
}

// Mark is a segment that matters by itself.
type Mark struct {
	Ref
	Time     int64
	Seq, Ack uint32 // as they stand in the header
	Window   uint16 // as it stands there
	Flags    packet.Flags
	Options  packet.Options
}

// End is what one end of a connection sent.
type End struct {
	Segments int64
	Data     int64  // segments with data
	Bytes    int64  // of data, those that were sent again counted again
	mss      uint16 // that it asked for, 0 where that was not seen
	open     outstanding
	recent   recent

	Speech    Speech
	RoundTrip RoundTrip // of what it sent
	Held      Held      // by the other end's window
	MinWindow *Window   // the smallest that it offered, SYN and RST aside; nil where there was none

	Retransmissions Evidence // of all kinds
	Fast            Evidence
	Spurious        Evidence
	OutOfOrder      Evidence
	Missing         Evidence // before these something was not captured
	DuplicateAcks   Evidence
	KeepAlives      Evidence
	ZeroWindows     Evidence
	WindowFull      Evidence
	Probes          Evidence
	Giant           Evidence // larger than what the other end takes in one: the network card cut them, or put them together
	Offloaded       Evidence // with a checksum that the network card was to finish

	Repeats []Repeat // the first 20 of Retransmissions
}

// Window is what somebody offered to take.
type Window struct {
	Ref
	Bytes uint32 // scaled
}

// Close is how a connection ended.
type Close string

// The ways to end.
const (
	CloseFIN        Close = "fin"        // both ends said that they are done
	CloseReset      Close = "reset"      // one end broke it off
	CloseOpen       Close = "open"       // it had not ended when the capture did
	CloseRefused    Close = "refused"    // nobody listened
	CloseUnanswered Close = "unanswered" // nobody answered
)

package pcap

// Packet is what was captured of one packet.
type Packet struct {
	Frame     int64 // counts from 1 in the file, as in Wireshark
	Time      int64 // nanoseconds since 1970, UTC
	Interface *Interface
	Data      []byte // as captured, maybe less than Length; valid until the next packet is read
	Length    int    // bytes on the wire
	Comment   string // of the packet, "" for none
}

// Interface is where packets were captured.
type Interface struct {
	Link        LinkType
	SnapLen     uint32 // at most so many bytes of each packet were kept; 0 where that is not known
	Name        string // such as eth0, "" where the file does not say
	Description string
	Received    uint64 // packets, as the system counted them; 0 where the file does not say
	Dropped     uint64 // packets that were lost to the capture, as the system counted them

	clock clock
}

// Section is what a file says of itself; all of it may be "".
type Section struct {
	Hardware    string
	OS          string
	Application string
	Comment     string
}

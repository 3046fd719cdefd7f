package tcp

// Verdict is what a segment is, as bits.
type Verdict uint32

// What a segment can be. The names are those of the Wireshark User's Guide.
const (
	Retransmission         Verdict = 1 << iota // sent again, of no kind below: most often after a timeout
	FastRetransmission                         // sent again after duplicate acknowledgements
	SpuriousRetransmission                     // sent again though it had been acknowledged
	OutOfOrder                                 // overtaken by what was sent after it
	PreviousNotCaptured                        // something before it is missing in the capture
	AckedUnseen                                // acknowledges what the capture has not
	DuplicateAck
	KeepAlive
	KeepAliveAck
	ZeroWindow // the receiver takes nothing more for now
	ZeroWindowProbe
	ZeroWindowProbeAck
	WindowUpdate
	WindowFull // fills all that the receiver takes
)

// AnyRetransmission are all kinds of what was sent again.
const AnyRetransmission = Retransmission | FastRetransmission | SpuriousRetransmission

// Any reports whether one of these bits is set.
func (v Verdict) Any(bits Verdict) bool { return v&bits != 0 }

package transport

import (
	"crypto/tls"
	"log/slog"
	"time"

	"parley"
)

// What applies where an option is left at zero.
const (
	DefaultClients          = 10_000
	DefaultHandshakeTimeout = 10 * time.Second
	DefaultQueueLimit       = 1 << 20
	DefaultPatience         = time.Second
	DefaultCloseTimeout     = 5 * time.Second
	DefaultStallTimeout     = 60 * time.Second
)

// lingerTimeout is how long a connection that was told goodbye is read from before it is closed: closing while bytes
// from the peer lie unread resets the connection, and a reset can destroy what the peer has not read yet (RFC 9112,
// section 9.6, tells the same of HTTP).
const lingerTimeout = time.Second

// lingerLimit is how many bytes of a peer that does not stop are read meanwhile.
const lingerLimit = 1 << 20

// Options is what one listener is made with. The zero value is a plain listener with the default limits.
type Options struct {
	Clients          int           // connections at once; 0 means DefaultClients
	PerAddress       int           // connections from one address at once; 0 means no limit
	Serial           bool          // accept the next connection only when the one before has gone
	TLS              *tls.Config   // nil for none
	HandshakeTimeout time.Duration // how long a TLS handshake may take; 0 means DefaultHandshakeTimeout
	QueueLimit       int           // as in ConnOptions
	Patience         time.Duration // as in ConnOptions
	CloseTimeout     time.Duration // as in ConnOptions
	StallTimeout     time.Duration // as in ConnOptions

	// Refuse gives what a refused connection is told before it is closed; nil means nothing. It is called for CodeFull,
	// CodePerAddress, and CodeWrongProtocol (somebody who does not speak TLS to a listener that does; the error's cause
	// is then a tls.RecordHeaderError, whose RecordHeader is the first five bytes that they sent).
	Refuse func(*parley.Error) []byte

	Farewell func(*parley.Error) []byte // as in ConnOptions
	Tap      Tap                        // as in ConnOptions
	Log      *slog.Logger               // nil means none
}

// ConnOptions is what one connection is made with. The zero value is a connection with the default limits.
type ConnOptions struct {
	// QueueLimit is how much may wait to be sent to a peer that takes nothing, in bytes; each queued part counts 32
	// bytes more than its length, for its keeping. 8 times as much may wait for a peer that goes on reading, however
	// slowly. 0 means DefaultQueueLimit.
	QueueLimit int

	// Patience is for how long at least a connection with more than QueueLimit waiting may take nothing before it is
	// cut; it may be twice as long. 0 means DefaultPatience.
	Patience time.Duration

	CloseTimeout time.Duration // how long Close goes on sending what is queued; 0 means DefaultCloseTimeout
	StallTimeout time.Duration // how long Copy waits for a peer that takes nothing; 0 means DefaultStallTimeout

	// Farewell gives what a connection that is cut for a reason is told; nil, or an empty result, means nothing. It is
	// tried once, without waiting, and only on TCP without TLS: what was sent last may have been sent in part, so these
	// bytes can land in the middle of a line. They are not sent into a file that Copy has begun.
	Farewell func(*parley.Error) []byte

	Tap Tap          // is asked once for each connection, refused ones too; nil means that nothing is recorded
	Log *slog.Logger // nil means none
}

// terms is what all connections of a listener have in common: their options, with nothing left at zero, and their read
// buffers.
type terms struct {
	ConnOptions
	linger  time.Duration // lingerTimeout
	buffers bufferPools
}

func newTerms(o ConnOptions) *terms {
	orElse(&o.QueueLimit, DefaultQueueLimit)
	orElse(&o.Patience, DefaultPatience)
	orElse(&o.CloseTimeout, DefaultCloseTimeout)
	orElse(&o.StallTimeout, DefaultStallTimeout)
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	t := &terms{ConnOptions: o, linger: lingerTimeout}
	t.buffers.open()
	return t
}

// orElse sets an option that was left at zero.
func orElse[T comparable](option *T, value T) {
	var zero T
	if *option == zero {
		*option = value
	}
}

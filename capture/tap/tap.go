package tap

import (
	"io"
	"net/netip"
	"runtime"
	"sync"
	"time"

	"parley/capture/pcap"
)

// Mark is what the comment of a section and the description of an interface begin with where packets are not captured but made by
// this package.
const Mark = "made from what Parley sent and received"

// explanation is the rest of the section's comment.
const explanation = ": addresses, bytes, times and ends are the program's own; handshakes, sequence and acknowledgement numbers, " +
	"windows and the limits of segments are made up, so that TCP can be read, and say nothing of the wire"

// What a packet's comment says. Under TLS the wire had something else.
const (
	commentSent     = "sent by Parley"
	commentReceived = "received by Parley"
	commentMade     = "made up, so that TCP can be read"
	commentTLS      = ", before it was encrypted or after it was decrypted (TLS)"
)

// DefaultLimit is how many bytes wait for the disk at most, where nothing else is said.
const DefaultLimit = 8 << 20

// eventCost is what an event counts beside its bytes.
const eventCost = 160

// Options say how a Tap works. The zero value will do.
type Options struct {
	About string // which program, such as "parley serve"
	Limit int    // bytes that wait for the disk; DefaultLimit when 0
	Now   func() time.Time
}

// Summary is what became of a Tap.
type Summary struct {
	Packets int64 // in the file
	Dropped int64 // that are not in it, since the disk was too slow or failed
}

// Tap is a file of what a program sends and receives. Its methods may be called from any goroutine, and but for Close none of them
// waits for the disk.
type Tap struct {
	out     io.Writer
	limit   int
	now     func() time.Time
	writing sync.WaitGroup
	ending  sync.Once

	mu      sync.Mutex
	more    *sync.Cond // there are events, or it is closed
	events  []event
	cost    int // of the events, and of those that are being written
	last    int64
	streams uint32 // so far
	closed  bool
	dropped int64

	maker maker // the writing goroutine's, and after it Close's
	err   error // the same
}

// event is what happened: one packet, or data that becomes several.
type event struct {
	at       int64 // nanoseconds since 1970
	from, to netip.AddrPort
	protocol byte
	segment  segment
	data     []byte
	comment  string
}

// New begins a file. Each write to out ends between packets. The error is out's.
func New(out io.Writer, o Options) (*Tap, error) {
	if o.Limit == 0 {
		o.Limit = DefaultLimit
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	t := &Tap{out: out, limit: o.Limit, now: o.Now}
	t.more = sync.NewCond(&t.mu)
	about := Mark
	if o.About != "" {
		about += " (" + o.About + ")"
	}
	if err := t.maker.begin(about); err != nil {
		return nil, err
	}
	if _, err := out.Write(t.maker.take()); err != nil {
		return nil, err
	}
	t.writing.Go(t.write)
	return t, nil
}

// begin makes the head of the file.
func (m *maker) begin(about string) (err error) {
	m.writer, err = pcap.NewWriter(&m.blocks, pcap.Section{
		OS: runtime.GOOS + "/" + runtime.GOARCH, Application: "Parley", Comment: about + explanation,
	})
	if err != nil {
		return err
	}
	m.number, err = m.writer.Interface(pcap.Interface{Link: pcap.LinkRaw, Name: "parley", Description: about}, "")
	return err
}

// add queues an event, or drops it. The mutex is held. Data is copied.
func (t *Tap) add(e event) {
	cost := len(e.data) + eventCost
	if t.closed || t.cost+cost > t.limit {
		t.dropped += e.packets()
		return
	}
	t.cost += cost
	e.data = append([]byte(nil), e.data...)
	t.events = append(t.events, e)
	t.more.Signal()
}

// stamp gives the time, which never goes back. The mutex is held.
func (t *Tap) stamp() int64 {
	t.last = max(t.last, t.now().UnixNano())
	return t.last
}

// packets is how many packets an event becomes.
func (e *event) packets() int64 {
	if e.protocol == protocolUDP || len(e.data) == 0 {
		return 1
	}
	size := segmentSize(e.from.Addr())
	return int64((len(e.data) + size - 1) / size)
}

// write writes what there is until the Tap is closed.
func (t *Tap) write() {
	for {
		events, cost := t.next()
		if events == nil {
			return
		}
		for i := range events {
			e := &events[i]
			if t.err == nil {
				t.maker.make(e)
			} else {
				t.maker.lost += e.packets()
			}
			if t.maker.blocks.Len() >= flushSize {
				t.flush()
			}
		}
		t.flush()
		t.mu.Lock()
		t.cost -= cost
		t.mu.Unlock()
	}
}

// next waits for events. It gives none when there will be none.
func (t *Tap) next() (events []event, cost int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for len(t.events) == 0 && !t.closed {
		t.more.Wait()
	}
	events, t.events = t.events, nil
	return events, t.cost // nothing else is being written now
}

// flush hands what was made to the file. After a failure it does nothing.
func (t *Tap) flush() {
	blocks, packets := t.maker.take(), t.maker.fresh
	t.maker.fresh = 0
	if t.err == nil && len(blocks) > 0 {
		_, t.err = t.out.Write(blocks)
	}
	if t.err != nil {
		t.maker.lost += packets
	} else {
		t.maker.made += packets
	}
}

// Close writes what waits, and how much was dropped, and ends the file but does not close it. The error is the first that the file
// gave; what came after it counts as dropped. What happens after Close is not written, nor counted. It is idempotent.
func (t *Tap) Close() (Summary, error) {
	t.ending.Do(func() {
		t.mu.Lock()
		t.closed = true
		at, dropped := t.stamp(), t.dropped
		t.more.Broadcast()
		t.mu.Unlock()
		t.writing.Wait()
		t.maker.lost += dropped
		if t.err == nil {
			t.err = t.maker.writer.Statistics(t.maker.number, at, uint64(t.maker.made+t.maker.lost), uint64(t.maker.lost))
			t.flush()
		}
	})
	return Summary{t.maker.made, t.maker.lost}, t.err
}

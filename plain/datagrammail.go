package plain

import (
	"net"
	"sync/atomic"
)

const (
	// mailSize is how many datagrams are on their way out at most.
	mailSize = 4096
	// maxWaiting is how many bytes of texts wait to be posted at most, everybody's together.
	maxWaiting = 8 << 20
)

// letter is a datagram on its way out.
type letter struct {
	to       net.Addr
	datagram []byte
}

// mail is what is on its way out, so that nobody who sends waits for the network.
type mail chan letter

// put adds a letter; false when too many are on their way.
func (m mail) put(l letter) bool {
	select {
	case m <- l:
		return true
	default:
		return false
	}
}

// deliver sends what there is until stop is closed, and then what is left.
func (m mail) deliver(socket net.PacketConn, drops *atomic.Int64, stop <-chan struct{}) {
	send := func(l letter) {
		if _, err := socket.WriteTo(l.datagram, l.to); err != nil {
			drops.Add(1)
		}
	}
	for {
		select {
		case l := <-m:
			send(l)
			continue
		case <-stop:
		}
		select {
		case l := <-m:
			send(l)
		default:
			return
		}
	}
}

// waiting counts the bytes of texts that wait to be posted.
type waiting struct{ bytes atomic.Int64 }

// textCost is what a text that waits costs beside its bytes.
const textCost = 64

// add counts a text of n bytes, unless too much waits.
func (w *waiting) add(n int) bool {
	if w.bytes.Add(int64(n+textCost)) <= maxWaiting {
		return true
	}
	w.remove(n)
	return false
}

// remove counts a text of n bytes as posted.
func (w *waiting) remove(n int) { w.bytes.Add(-int64(n + textCost)) }

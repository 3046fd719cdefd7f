package client

import (
	"slices"
	"time"
)

// How long a message counts as on its way. Nothing on these protocols says that one has arrived.
const (
	// reading is how long after the other machine has taken a message its program may still not have read it.
	reading = 3 * time.Second
	// longest is when a message has arrived or the connection is gone: more than dialling sets as TCP_USER_TIMEOUT, and
	// than the keep-alive of other systems.
	longest = 60 * time.Second
	// maxFlight is how many bytes of text are remembered.
	maxFlight = 1 << 20
)

// How fast a server of ours reads what one client sends: serverPace bytes a second, of which each message counts for
// messageCost beside its own, and four times as much at once after a quiet time.
const (
	serverPace  = 64 << 10
	messageCost = 64
)

// flight remembers the messages that were written to one connection and may not have arrived. It reads no clock. The
// zero value is empty.
type flight struct {
	messages []flown // the oldest first
	bytes    int
	heard    bool // the server has said something, so it serves this connection
	last     int  // the number of the message written last
	lastAt   time.Time
	behind   time.Duration // how long a server of ours takes to read all of them, from the time of the last
}

// flown is a message that was written.
type flown struct {
	number int
	text   string
	at     time.Time
}

// add remembers a text that is written now.
func (f *flight) add(text string, now time.Time) {
	f.behind = f.behindAt(now) + time.Duration(len(text)+messageCost)*time.Second/serverPace
	f.last++
	f.lastAt = now
	f.messages = append(f.messages, flown{number: f.last, text: text, at: now})
	f.bytes += len(text)
	for f.bytes > maxFlight || f.heard && now.Sub(f.messages[0].at) > longest {
		f.bytes -= len(f.messages[0].text)
		f.messages = slices.Delete(f.messages, 0, 1)
	}
}

// settle forgets the messages up to a number: the server has answered something that was written after them, and it
// takes one thing after the other.
func (f *flight) settle(number int) {
	if number == f.last {
		f.behind = 0
	}
	f.drop(func(m flown) bool { return m.number <= number })
}

// behindAt gives how long after now a server of ours may have read all messages, if it is not stuck.
func (f *flight) behindAt(now time.Time) time.Duration { return max(0, f.behind-now.Sub(f.lastAt)) }

// echoed forgets the oldest message of that text, and those before it: the server has sent it back.
func (f *flight) echoed(text string) {
	if i := slices.IndexFunc(f.messages, func(m flown) bool { return m.text == text }); i >= 0 {
		f.settle(f.messages[i].number)
	}
}

// lost gives the texts that may not have arrived, the oldest first, when the connection breaks. Unread is how many
// bytes the other machine has not taken, negative where the system does not tell.
func (f *flight) lost(unread int, now time.Time) []string {
	since := reading
	if unread < 0 {
		since = longest
	}
	var texts []string
	for _, m := range slices.Backward(f.messages) {
		if unread <= 0 && f.heard && now.Sub(m.at) > since {
			break
		}
		texts = append(texts, m.text)
		unread = max(unread-len(m.text), min(unread, 0))
	}
	slices.Reverse(texts)
	return texts
}

// drop forgets what is of no interest any more.
func (f *flight) drop(old func(flown) bool) {
	f.messages = slices.DeleteFunc(f.messages, old)
	f.bytes = 0
	for _, m := range f.messages {
		f.bytes += len(m.text)
	}
}

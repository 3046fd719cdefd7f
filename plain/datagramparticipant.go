package plain

import (
	"context"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"parley"
	"parley/hub"
)

// participant is somebody who takes part over UDP. What it says is posted beside the goroutine that reads: posting waits
// for the disk, and asking for the operator's terminal, and nobody else's datagrams do.
type participant struct {
	listener *Datagrams
	source   netip.AddrPort
	address  net.Addr // the same, as it was given
	near     bool     // datagrams may go there
	place    *hub.Session
	poster   hub.Poster
	asked    *questions // nil until the operator is asked something; of the poster's goroutine
	closed   atomic.Bool

	heard time.Time // the listener's, see party

	mu        sync.Mutex // guards allowance
	allowance allowance
}

// receive notes a datagram of n bytes in so many lines, and reports whether it may be taken.
func (p *participant) receive(n, lines int, now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.allowance.receive(n, lines, now) || p.listener.options.Unpaced
}

// Send takes blocks of the hub, in the listener's form. What may not go to the participant is dropped.
func (p *participant) Send(parts [][]byte) {
	for _, block := range parts {
		for len(block) > 0 {
			var datagram []byte
			datagram, block = cutDatagram(block)
			p.send(datagram)
		}
	}
}

// Close tells the participant why nothing is relayed for it any more. What it still sends is not heard, until it has
// been silent for as long as it takes to leave.
func (p *participant) Close(reason error) {
	if !p.closed.Swap(true) {
		p.answer("closed: " + parley.Sentence(reason))
	}
}

// answer sends words for the participant alone.
func (p *participant) answer(text string) {
	for piece := range pieces(parley.CleanText(text)) {
		p.send([]byte(piece))
	}
}

// send sends a datagram, or drops it.
func (p *participant) send(datagram []byte) {
	drops := &p.listener.drops
	switch {
	case !p.near:
		drops.public.Add(1)
	case !p.mayGet(len(datagram)):
		drops.allowance.Add(1)
	case !p.listener.mail.put(letter{p.address, datagram}):
		drops.outgoing.Add(1)
	}
}

// mayGet reports whether a datagram of n bytes may be sent to the participant, and counts it.
func (p *participant) mayGet(n int) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.allowance.send(n, time.Now())
}

// post has a text brought to the room, or to the operator, behind those that wait; false when too many do.
func (p *participant) post(text string) bool {
	if !p.listener.waiting.add(len(text)) {
		return false
	}
	if !p.poster.Try(text) {
		p.listener.waiting.remove(len(text))
		return false
	}
	return true
}

// say brings texts to the room, or to the operator.
func (p *participant) say(texts []string) {
	if p.listener.options.Respond == RespondInput {
		for _, text := range texts {
			p.ask(parley.CleanText(text))
		}
	} else if err := p.place.Post(context.Background(), texts...); err != nil {
		p.fail(err)
	}
	for _, text := range texts {
		p.listener.waiting.remove(len(text))
	}
}

// leave ends the participation, once all that was said is posted. It waits for nothing itself.
func (p *participant) leave() {
	if !p.poster.Busy() {
		p.finish()
		return
	}
	p.listener.posting.Go(func() {
		p.poster.Wait()
		p.finish()
	})
}

// finish takes the participant out of the room.
func (p *participant) finish() {
	if p.asked != nil {
		p.asked.withdraw()
	}
	p.place.Leave()
}

// fail answers with an error, and logs what only the server's own people can mend.
func (p *participant) fail(err error) {
	if code := parley.CodeOf(err); code == parley.CodeInternal || code == parley.CodeStore {
		p.listener.log.Error("a request failed", "from", p.source, "error", err)
	}
	p.answer("error: " + parley.Sentence(err))
}

// ask shows the operator a text.
func (p *participant) ask(text string) {
	operator := p.listener.operator
	if operator == nil {
		p.fail(parley.Errorf(parley.CodeInvalid, "nobody is here to answer"))
		return
	}
	if p.asked == nil {
		p.asked = &questions{send: p.answerLines, open: make(map[int]func())}
	}
	if !p.asked.add(operator, p.place.Person(), text) {
		p.fail(parley.Errorf(parley.CodeInvalid, "%d messages wait for an answer already", maxQuestions))
	}
}

// answerLines sends the operator's answers, which are lines.
func (p *participant) answerLines(parts [][]byte) {
	for _, lines := range parts {
		p.answer(trimNewline(string(lines)))
	}
}

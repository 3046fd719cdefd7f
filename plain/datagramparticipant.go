package plain

import (
	"context"
	"net"
	"net/netip"
	"sync"
	"time"

	"parley"
	"parley/hub"
)

// maxWaitingTexts is how many texts of one participant wait to be posted at most.
const maxWaitingTexts = 256

// participant is somebody who takes part over UDP. What it says is posted by a goroutine of its own, which exists only while
// something waits: posting waits for the disk, and asking for the operator's terminal, and nobody else's datagrams do.
type participant struct {
	listener *Datagrams
	source   netip.AddrPort
	address  net.Addr // the same, as it was given
	near     bool     // datagrams may go there
	place    *hub.Session
	asked    *questions // nil until the operator is asked something; of the goroutine that posts

	heard time.Time // the listener's, see party

	mu        sync.Mutex // guards what follows
	allowance allowance
	texts     []string // said and not yet being posted
	posting   bool     // the goroutine that posts exists
	gone      bool     // it has left, or leaves when all is posted
}

// receive notes a datagram of n bytes, and reports whether it may be taken.
func (p *participant) receive(n int, now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.allowance.receive(n, now) || p.listener.options.Unpaced
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
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.texts) >= maxWaitingTexts || !p.listener.waiting.add(len(text)) {
		return false
	}
	p.texts = append(p.texts, text)
	if !p.posting {
		p.posting = true
		p.listener.posting.Go(p.postAll)
	}
	return true
}

// postAll deals with what waits, each time all of it as one batch, until nothing does.
func (p *participant) postAll() {
	for texts, gone := p.take(); ; texts, gone = p.take() {
		if len(texts) > 0 {
			p.say(texts)
			continue
		}
		if gone {
			p.finish()
		}
		return
	}
}

// take gives the texts that wait. When there are none the posting is over, and gone says whether the participation is too.
func (p *participant) take() (texts []string, gone bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	texts, p.texts = p.texts, nil
	p.posting = len(texts) > 0
	return texts, p.gone
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

// leave ends the participation, once all that was said is posted.
func (p *participant) leave() {
	p.mu.Lock()
	p.gone = true
	posting := p.posting
	p.mu.Unlock()
	if !posting {
		p.finish()
	}
}

// finish takes the participant out of the room. It is called once, by the listener's goroutine or the one that posts, and
// not while mu is held: whoever waits in the hub must not keep it from sending here.
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
		p.asked = &questions{conn: answers{to: p}, open: make(map[int]func())}
	}
	if !p.asked.add(operator, p.place.Person(), text) {
		p.fail(parley.Errorf(parley.CodeInvalid, "%d messages wait for an answer already", maxQuestions))
	}
}

// answers brings the operator's answers to a participant. Of a connection, questions need only this.
type answers struct {
	conn
	to *participant
}

// Send sends lines.
func (a answers) Send(parts [][]byte) {
	for _, lines := range parts {
		a.to.answer(trimNewline(string(lines)))
	}
}

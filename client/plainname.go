package client

import (
	"time"

	"parley/plain/wire"
)

// askName asks for the name that this client wants. It is called by the reader, which must not wait for its turn to
// write: where somebody else is writing, it asks later.
func (p *plain) askName() {
	select {
	case <-p.out.turn:
	default:
		p.askAt = time.Now().Add(firstAsk)
		return
	}
	defer p.out.giveBack()
	p.write(p.client.ctx, &question{kind: askedName}, wire.Command{Verb: wire.Rename, Arg: p.client.ownName()})
}

// checkOpen says whether something can be said now. Not while the server may ask for the password of the name that this
// client wants: it would take what is said for the answer. Servers of another make ask nothing and answer nothing, which
// shows when nothing has come for a while.
func (p *plain) checkOpen() {
	able := !p.secret && (p.opening.opened || p.client.ownName() == "")
	if able == p.open {
		return
	}
	p.open = able
	if able {
		p.ready()
	} else {
		p.client.setLink(p, nil)
	}
}

// takeQuestion deals with a server that asks for the password of a name.
func (p *plain) takeQuestion(name string) {
	p.opening.open()
	p.secret = true
	p.checkOpen()
	p.client.answer(p.ctx, p.out, p.gap(), name, !p.prompted, "\n")
	p.prompted = true
}

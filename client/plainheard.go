package client

import (
	"strconv"
	"strings"
	"time"

	"parley"
	"parley/plain/wire"
)

// takeLines deals with the lines that have come. It reports whether the content of a file is what follows.
func (p *plain) takeLines() bool {
	for text, kind, ok := p.lines.next(); ok; text, kind, ok = p.lines.next() {
		switch kind {
		case dropped:
			p.emit(Notice{"a line over " + strconv.Itoa(wire.MaxServerLine) + " bytes was dropped"})
		case rest: // whatever it looks like, it is no message
			p.emit(Line{text})
		case cut:
			if p.ending {
				p.emit(Notice{"cut off in the middle of a line:"})
			}
			p.take(wire.ParseServerLine(text))
		case whole:
			p.take(wire.ParseServerLine(text))
		}
		if p.client.ownName() == "" && p.refusal == nil {
			p.opening.open()
		}
		if p.download != nil {
			return true
		}
	}
	return false
}

// emit hands an event on, once the person has been told that there is a connection.
func (p *plain) emit(e Event) { p.opening.emit(e) }

// take deals with one line.
func (p *plain) take(line wire.ServerLine) {
	p.wrong = line.Kind == wire.LineError && p.prompted && isWrongPassword(line.Words)
	switch line.Kind {
	case wire.LineMessage:
		p.takeMessage(line)
	case wire.LinePrivate:
		p.emit(Message{From: line.Name, Text: line.Words, Direct: true})
	case wire.LineNotice:
		p.emit(Notice{line.Words})
	case wire.LineYouAre:
		p.takeName(line)
	case wire.LineOnline:
		p.answered(p.asked.find(func(q *question) bool { return q.kind == askedWho }))
		p.emit(Online{peopleOf(line.Names)})
	case wire.LineStored:
		p.takeStored(line)
	case wire.LineFile:
		p.takeHeader(line)
	case wire.LineError:
		p.takeError(line)
	case wire.LineClosed:
		if strings.HasPrefix(line.Words, "server is full") {
			p.refusal = parley.Errorf(parley.CodeFull, "cannot connect to %s: %s", p.client.shown(), line.Words)
		}
		p.emit(Notice{line.Text})
	default:
		p.takeOther(line)
	}
}

// takeMessage deals with a message in the room. One's own comes from servers that echo.
func (p *plain) takeMessage(line wire.ServerLine) {
	if line.Name == p.self || line.Name == p.me {
		p.out.echoed(line.Words)
		return
	}
	p.emit(Message{From: line.Name, Text: line.Words})
}

// answered notes that the server has answered a question, nil for none: it is Parley's, and has read all that was
// written before.
func (p *plain) answered(q *question) {
	if q == nil {
		return
	}
	p.ours.Store(true)
	p.out.settle(q.mark)
	p.asked.remove(q)
}

// takeName deals with the name that the server says this client has.
func (p *plain) takeName(line wire.ServerLine) {
	p.answered(p.asked.find(func(q *question) bool { return q.kind == askedName }))
	p.me, p.askAt, p.secret = line.Name, time.Time{}, false
	p.client.setOwnName(line.Name)
	p.opening.open()
	p.checkOpen()
	p.emit(Notice{line.Text})
}

// takeStored deals with a file that the server says it has.
func (p *plain) takeStored(line wire.ServerLine) {
	q := p.asked.find(func(q *question) bool {
		return q.kind == askedStore && q.file.Name == line.File.Name && q.file.Size == line.File.Size
	})
	if q == nil {
		p.emit(Line{line.Text})
		return
	}
	p.answered(q)
	if digest := q.digest.sum(); digest != line.File.Digest {
		p.emit(Problem{parley.Errorf(parley.CodeInvalid,
			"%s has arrived damaged: the server has sha256:%s, here it is sha256:%s", q.file.Name, line.File.Digest, digest)})
		return
	}
	p.emit(Sent{File: line.File})
}

// takeHeader deals with the announcement of a file. Nobody can push one that was not asked for.
func (p *plain) takeHeader(line wire.ServerLine) {
	q := p.asked.find(func(q *question) bool {
		return q.kind == askedFile && !q.written && q.file.Name == line.File.Name
	})
	if q == nil {
		p.emit(Line{line.Text})
		return
	}
	p.ours.Store(true)
	p.out.settle(q.mark)
	p.receive(q, line.File, false)
}

// receive begins to take the content of a file that was asked for.
func (p *plain) receive(q *question, file parley.File, unverified bool) {
	p.asked.written(q)
	p.opening.open()
	p.download = newDownload(p.client, q, file, unverified)
}

// takeError deals with a request that failed.
func (p *plain) takeError(line wire.ServerLine) {
	q := p.asked.failed(line.Words)
	if q != nil && q.kind == askedMark {
		p.answered(q)
		return
	}
	if q == nil || q.kind != askedName {
		p.asked.remove(q)
		p.emit(Notice{line.Text})
		return
	}
	p.answered(q)
	p.secret = false
	p.opening.open()
	p.checkOpen()
	if !p.again || !strings.HasSuffix(line.Words, takenEnding) { // somebody else has the name, it is none, or no longer theirs
		p.emit(Notice{line.Text})
		return
	}
	if p.askIn == 0 { // told once, not each time it is asked for
		p.emit(Notice{line.Text + stillHeld})
	}
	p.askIn = min(max(2*p.askIn, firstAsk), longestAsk)
	p.askAt = time.Now().Add(p.askIn)
}

// takenEnding is how Parley's server ends the refusal of a name that somebody has: asking again can help then, and then alone.
const takenEnding = " is taken"

// stillHeld ends what is told about a name that cannot be had when coming back.
const stillHeld = ", perhaps still by the connection that was lost: going on as a guest and asking again"

// peopleOf gives people of whom nothing but the name is known.
func peopleOf(names []string) []Person {
	people := make([]Person, len(names))
	for i, name := range names {
		people[i].Name = name
	}
	return people
}

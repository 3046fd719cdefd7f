package plain

import (
	"sync"

	"parley"
	"parley/hub"
	"parley/plain/wire"
)

// maxQuestions is how many texts of one client can wait for the operator at a time.
const maxQuestions = 64

// questions are the texts of one client that wait for the operator's answer.
type questions struct {
	send func(parts [][]byte) // may be called from any goroutine, and does not block

	mu   sync.Mutex
	last int
	open map[int]func() // how to take each back; nil while it is being asked
	busy bool           // a file is being sent, in which no answer may stand
	held []byte         // the answers that wait for its end
}

// ask shows the operator a text.
func (s *session) ask(text string) {
	operator := s.server.operator
	if operator == nil {
		s.fail(parley.Errorf(parley.CodeInvalid, "nobody is here to answer"))
		return
	}
	if s.asked == nil {
		s.asked = &questions{send: s.conn.Send, open: make(map[int]func())}
	}
	if !s.asked.add(operator, s.place.Person(), text) {
		s.fail(parley.Errorf(parley.CodeInvalid, "%d messages wait for an answer already", maxQuestions))
	}
}

// add asks the operator one thing more, unless there are too many questions already.
func (q *questions) add(operator Operator, from hub.Person, text string) bool {
	q.mu.Lock()
	if len(q.open) >= maxQuestions {
		q.mu.Unlock()
		return false
	}
	q.last++
	id := q.last
	q.open[id] = nil
	q.mu.Unlock()

	withdraw := operator.Ask(from, text, func(line string) { q.answer(id, line) }) // which may answer at once

	q.mu.Lock()
	defer q.mu.Unlock()
	if _, open := q.open[id]; open {
		q.open[id] = withdraw
	}
	return true
}

// answer sends what the operator typed. It is called from the operator's goroutine.
func (q *questions) answer(id int, line string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if _, open := q.open[id]; !open {
		return
	}
	delete(q.open, id)
	if q.held = wire.AppendText(q.held, line); !q.busy {
		q.release()
	}
}

// hold keeps answers back, or sends those that were.
func (q *questions) hold(busy bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.busy = busy; !busy {
		q.release()
	}
}

// release sends what is held. The caller holds mu.
func (q *questions) release() {
	if len(q.held) > 0 {
		q.send([][]byte{q.held})
		q.held = nil
	}
}

// withdraw takes back every question that has not been answered.
func (q *questions) withdraw() {
	q.mu.Lock()
	open := q.open
	q.open = nil
	q.mu.Unlock()
	for _, withdraw := range open {
		if withdraw != nil {
			withdraw()
		}
	}
}

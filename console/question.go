package console

import (
	"fmt"
	"slices"
	"sync"

	"parley"
	"parley/hub"
)

// maxOpen is how many questions wait for the operator at once.
const maxOpen = 1000

// question is what somebody asked the operator.
type question struct {
	from   string
	text   string
	answer func(line string)
}

// questions are the open ones, oldest first. The mutex also covers the showing of them, so that the order on the
// terminal is the order in which they are answered.
type questions struct {
	mu   sync.Mutex
	open []*question
}

// Ask shows the operator a question, and gives answer the line that they type for it: the oldest open question is
// answered first. answer is called at most once, from another goroutine, or from Ask itself when too many questions
// are open, and must not wait for long. The question stays open until it is answered or withdrawn; withdraw is
// idempotent and does not wait for an answer that is being given just then.
func (c *Console) Ask(from hub.Person, text string, answer func(line string)) (withdraw func()) {
	q := &question{from: parley.CleanLine(from.Shown), text: text, answer: answer}
	if !c.open(q) {
		answer("error: too many questions are waiting for an answer")
		return func() {}
	}
	return func() { c.withdraw(q) }
}

// open makes q the newest question and shows it, unless too many are open.
func (c *Console) open(q *question) bool {
	c.questions.mu.Lock()
	defer c.questions.mu.Unlock()
	if len(c.questions.open) >= maxOpen {
		return false
	}
	c.questions.open = append(c.questions.open, q)
	c.show(q)
	return true
}

// withdraw takes q away where it is still open, and says so.
func (c *Console) withdraw(q *question) {
	c.questions.mu.Lock()
	defer c.questions.mu.Unlock()
	if i := slices.Index(c.questions.open, q); i >= 0 {
		c.questions.open = slices.Delete(c.questions.open, i, i+1)
		c.tell("* ", q.from+" no longer waits for an answer")
	}
}

// answer answers the oldest question, says so, and shows the one that is the oldest then. It reports whether there was
// one.
func (c *Console) answer(text string) bool {
	q := c.oldest()
	if q == nil {
		return false
	}
	q.answer(parley.CleanLine(text))
	c.questions.mu.Lock()
	defer c.questions.mu.Unlock()
	c.tell("* ", "answered "+q.from)
	if len(c.questions.open) > 0 {
		c.show(c.questions.open[0])
	}
	return true
}

// oldest takes the oldest question away and gives it, nil when none is open.
func (c *Console) oldest() *question {
	c.questions.mu.Lock()
	defer c.questions.mu.Unlock()
	if len(c.questions.open) == 0 {
		return nil
	}
	q := c.questions.open[0]
	c.questions.open = slices.Delete(c.questions.open, 0, 1)
	return q
}

// show shows a question, each of its lines after who asks.
func (c *Console) show(q *question) {
	c.tell(fmt.Sprintf("? %s asks: ", q.from), q.text)
}

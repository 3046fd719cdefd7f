package web

// maxComing is how many clients come in at once; the others wait, each on a small stack. Coming in asks the store several times:
// when thousands who were cut off come back together, it takes them no less time all at once, but as many large stacks.
const maxComing = 32

// semaphore has only so many do something at once. Whoever waits for it is served in order.
type semaphore chan struct{}

func newSemaphore(n int) semaphore { return make(semaphore, n) }

// acquire waits for a permit.
func (s semaphore) acquire() permit {
	s <- struct{}{}
	return permit{s}
}

// permit is held by whoever may do it now; the zero permit by nobody.
type permit struct{ of semaphore }

// release gives the permit back. It is idempotent.
func (p *permit) release() {
	if p.of != nil {
		<-p.of
		p.of = nil
	}
}

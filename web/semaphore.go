package web

// maxComing is how many clients come in at once; the others wait their turn, each on a small stack. Coming in asks the store
// several times: when thousands who were cut off come back together, it takes them no less time all at once, but as many large
// stacks. A turn is for what a hello asks of store and hub alone: not for reading, for passwords, or for sending to the client.
const maxComing = 32

// turns has at most maxComing clients come in at once.
type turns chan struct{}

func newTurns() turns { return make(turns, maxComing) }

// take waits until it is somebody's turn. It is theirs until its end.
func (t turns) take() turn {
	t <- struct{}{}
	return turn{t}
}

// turn is somebody's turn to come in; the zero turn is over.
type turn struct{ of turns }

// end ends the turn. Whoever has to wait for something that may take long, such as the client itself, does that first. It is
// idempotent.
func (t *turn) end() {
	if t.of != nil {
		<-t.of
		t.of = nil
	}
}

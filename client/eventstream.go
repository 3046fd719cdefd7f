package client

import "sync"

// eventStream hands events to whoever takes them, until it is closed or they are given up on. Its methods may be called
// from any goroutine.
type eventStream struct {
	out       chan Event
	abandoned chan struct{}
	abandon   func() // says that nobody has to take events any more; may be called more than once

	emitting sync.RWMutex // held to read while an event is handed on, and to write when there will be no more
	closed   bool
}

func newEventStream() *eventStream {
	s := &eventStream{out: make(chan Event), abandoned: make(chan struct{})}
	s.abandon = sync.OnceFunc(func() { close(s.abandoned) })
	return s
}

// emit hands an event on, and returns when it has been taken or is not wanted any more.
func (s *eventStream) emit(e Event) {
	s.emitting.RLock()
	defer s.emitting.RUnlock()
	if s.closed {
		return
	}
	select {
	case s.out <- e:
	case <-s.abandoned:
	}
}

// close ends the stream. It is called once.
func (s *eventStream) close() {
	s.emitting.Lock()
	defer s.emitting.Unlock()
	s.closed = true
	close(s.out)
}

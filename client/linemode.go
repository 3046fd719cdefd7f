package client

import (
	"context"
	"errors"
	"time"

	"parley"
)

// LineMode joins what is typed, line by line, with a Client, and prints what the Client tells. The words that can be
// typed are those of wire-formats: #ls, @NAME: TEXT, send file:PATH, ask for file:NAME, exit and quit; the rest goes to
// the room.
type LineMode struct {
	Input  *Input
	Screen *Screen
	// Linger is how long what is on its way may still arrive: after the end of the input, and before exit or quit after
	// what was typed last.
	Linger time.Duration
	// Leave has exit and quit leave without Linger: somebody sits there and sees what has arrived.
	Leave bool
}

// Run works until somebody types exit or quit, the input ends, ctx ends, or the Client ends by itself; only then it
// gives an error, which says why. It closes the Client.
func (m LineMode) Run(ctx context.Context, c *Client) error {
	shown := make(chan struct{})
	go func() {
		defer close(shown)
		for e := range c.Events() {
			m.Screen.Show(e)
		}
	}()
	s := &sitting{LineMode: m, client: c, over: shown}
	s.run(ctx)
	c.Close()
	<-shown
	return c.Err()
}

// sitting is one run of a LineMode.
type sitting struct {
	LineMode
	client *Client
	over   <-chan struct{} // closed when the Client has ended
	last   time.Time       // when something was done that was typed; zero for never
	hurry  bool            // nothing waits for a connection any more
}

// run does what is typed.
func (s *sitting) run(ctx context.Context) {
	for {
		select {
		case line, ok := <-s.Input.lines:
			word := parseTyped(line)
			if !ok || word.verb == typedLeave {
				s.leave(ctx, ok)
				return
			}
			s.do(ctx, word, line)
			s.last = time.Now()
		case <-s.over:
			return
		case <-ctx.Done():
			return
		}
	}
}

// leave waits for what is on its way; typed says that it was asked for by a word.
func (s *sitting) leave(ctx context.Context, typed bool) {
	s.client.Settle(ctx)
	wait := s.Linger
	if typed {
		wait -= time.Since(s.last)
	}
	if wait <= 0 || typed && s.Leave {
		return
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-s.over:
	case <-ctx.Done():
	}
}

// do does what a line asks for, which is word. While there is no connection it waits for one.
func (s *sitting) do(ctx context.Context, word typed, line string) {
	for {
		err := s.try(ctx, word)
		switch {
		case err == nil:
			return
		case errors.Is(err, ErrAway) && !s.hurry && s.await(ctx):
			continue
		case errors.Is(err, ErrAway):
			s.hurry = true
			s.Screen.Show(Problem{parley.Errorf(parley.CodeClosed, "not sent, there is no connection: %s", line)})
		case errors.Is(err, errNotHere):
			s.Screen.Show(Notice{parley.Sentence(err)})
		default:
			s.Screen.Show(Problem{err})
		}
		return
	}
}

// try does what a line asks for, if there is a connection.
func (s *sitting) try(ctx context.Context, word typed) error {
	switch word.verb {
	case typedWho:
		return s.client.Online(ctx)
	case typedDirect:
		return s.client.Direct(ctx, word.arg)
	case typedSendFile:
		return s.client.SendFile(ctx, word.arg)
	case typedAskFile:
		return s.client.AskFile(ctx, word.arg)
	case typedSay:
		return s.client.Say(ctx, word.arg)
	}
	return nil
}

// await waits for a connection, and reports whether there is one. Once the end has been typed it only waits for as long
// as Linger says, but for the first connection long enough in any case: what a pipe brings has ended by then.
func (s *sitting) await(ctx context.Context) bool {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	limit := s.Linger
	if !s.client.hasBeenReady() {
		limit = max(limit, answerTime)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		select {
		case <-s.Input.ended:
			if sleep(ctx, limit) == nil {
				cancel()
			}
		case <-ctx.Done():
		}
	}()
	err := s.client.Await(ctx)
	cancel()
	<-done
	return err == nil
}

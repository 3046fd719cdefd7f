package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"golang.org/x/term"
)

// hiddenInput is a terminal on which somebody types what is not shown. Nothing else may be written to it before it is
// closed.
type hiddenInput struct {
	lines   *term.Terminal
	restore func()
}

// hideInput hides what is typed from now on.
func hideInput(in *os.File, out io.Writer) (*hiddenInput, error) {
	before, err := term.MakeRaw(int(in.Fd()))
	if err != nil {
		return nil, fmt.Errorf("the terminal cannot be used: %w", err)
	}
	both := struct {
		io.Reader
		io.Writer
	}{in, out}
	return &hiddenInput{
		lines:   term.NewTerminal(both, ""),
		restore: func() { _ = term.Restore(int(in.Fd()), before) },
	}, nil
}

// close gives the terminal back as it was.
func (h *hiddenInput) close() { h.restore() }

// ask asks for a line. When it is broken off, with Ctrl-C, Ctrl-D or the end of ctx, the error is an *exitError that
// says nothing; h can only be closed then.
func (h *hiddenInput) ask(ctx context.Context, question string) (string, error) {
	type result struct {
		line string
		err  error
	}
	typed := make(chan result, 1)
	go func() {
		line, err := h.lines.ReadPassword(question)
		typed <- result{line, err}
	}()
	select {
	case <-ctx.Done(): // the reading goes on until the program ends
		return "", &exitError{status: statusInterrupted}
	case r := <-typed:
		if errors.Is(r.err, io.EOF) {
			return "", &exitError{status: statusInterrupted}
		}
		return r.line, r.err
	}
}

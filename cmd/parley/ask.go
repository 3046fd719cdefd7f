package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"parley"
	"parley/client"
)

// maxPassword is the longest password that is read, in bytes; a server may take fewer.
const maxPassword = 4 << 10

// readSecret reads a password, the first line of in just as it is, and not a byte more: what follows is somebody
// else's.
func readSecret(in io.Reader) (string, error) {
	var line []byte
	for one := make([]byte, 1); ; {
		n, err := in.Read(one)
		switch {
		case n == 1 && one[0] == '\n', errors.Is(err, io.EOF) && len(line) > 0:
			if end := len(line) - 1; end >= 0 && line[end] == '\r' {
				line = line[:end]
			}
			return string(line), nil
		case err != nil:
			return "", fmt.Errorf("there is no password to read: %w", err)
		case n == 1 && len(line) == maxPassword:
			return "", errors.New("the password is too long")
		case n == 1:
			line = append(line, one[0])
		}
	}
}

// askPassword asks for the password of a name. Whoever sits at the terminal in should not be shown what they type.
func askPassword(ctx context.Context, in io.Reader, errOut io.Writer, name string) (string, error) {
	return askLine(ctx, in, errOut, "password for "+parley.CleanLine(name)+": ")
}

// askLine asks for a line, and reads not a byte more. What is not to be shown is hidden by whoever calls it.
func askLine(ctx context.Context, in io.Reader, errOut io.Writer, question string) (string, error) {
	fmt.Fprint(errOut, question)
	type typed struct {
		password string
		err      error
	}
	answer := make(chan typed, 1)
	go func() { // a read of a terminal cannot be broken off
		password, err := readSecret(in)
		answer <- typed{password, err}
	}()
	select {
	case got := <-answer:
		return got.password, got.err
	case <-ctx.Done():
		fmt.Fprintln(errOut)
		return "", &exitError{status: statusInterrupted}
	}
}

// prompter asks for passwords while somebody takes part in a chat, through the input that they type into.
type prompter struct {
	terminal io.Reader
	input    *client.Input
	errOut   io.Writer
	given    *string // by --password-stdin; good for one question
}

// password gives the password of a name, which is not shown.
func (p *prompter) password(ctx context.Context, name string) (string, error) {
	name = parley.CleanLine(name)
	if p.given != nil {
		password := *p.given
		p.given = nil
		return password, nil
	}
	if !isTerminal(p.terminal) {
		return "", parley.Errorf(parley.CodePasswordNeeded, "the name %s needs its password: give it by --password-stdin", name)
	}
	show := hideTyping(p.terminal)
	defer show()
	password, err := p.input.Secret(ctx, func() { fmt.Fprintf(p.errOut, "password for %s: ", name) })
	if err != nil {
		fmt.Fprintln(p.errOut)
		return "", parley.Wrap(parley.CodePasswordNeeded, err, "there is no password for "+name)
	}
	return password, nil
}

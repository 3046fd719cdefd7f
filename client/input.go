package client

import (
	"bufio"
	"context"
	"errors"
	"io"
	"strings"
	"sync"

	"parley"
)

// ahead is how many lines are read before they can be dealt with, so that an exit behind them is noticed.
const ahead = 256

// Input reads typed lines.
type Input struct {
	lines chan string   // closed at the end of the input, or when reading stops
	ended chan struct{} // closed when the end has been read: of the input, or a word that leaves

	mu     sync.Mutex
	secret chan string // where the next line goes instead; nil while nobody waits for it
}

// ReadInput starts to read lines from r. The reading ends with the input, or after ctx has ended, once a read returns:
// a read of a terminal or a pipe cannot be broken off, so at the end of a program it is left alone.
func ReadInput(ctx context.Context, r io.Reader) *Input {
	in := &Input{lines: make(chan string, ahead), ended: make(chan struct{})}
	go in.read(ctx, bufio.NewReaderSize(r, 32<<10))
	return in
}

// First gives the first line, or any further one, that is not blank. The error is io.EOF at the end of the input, or
// that of ctx. It must not be called while a LineMode uses the Input.
func (in *Input) First(ctx context.Context) (string, error) {
	for {
		select {
		case line, ok := <-in.lines:
			if !ok {
				return "", io.EOF
			}
			if line = strings.TrimSpace(line); line != "" {
				return line, nil
			}
		case <-ctx.Done():
			return "", ctx.Err()
		}
	}
}

// Secret calls ask, which asks for it, and gives the next line that is read, just as it is, while a LineMode goes on with
// the others. No line that is typed after ask has begun goes anywhere else. The error is io.EOF at the end of the input,
// or that of ctx. One at a time may call it.
func (in *Input) Secret(ctx context.Context, ask func()) (string, error) {
	line := make(chan string, 1)
	in.divert(line)
	defer in.divert(nil)
	ask()
	select {
	case secret := <-line:
		return secret, nil
	case <-in.ended:
		return "", io.EOF
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// divert says where the next line goes; nil for where all go.
func (in *Input) divert(to chan string) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.secret = to
}

// diverted hands a line to whoever waits for a secret, and reports whether somebody does.
func (in *Input) diverted(line string) bool {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.secret == nil {
		return false
	}
	in.secret <- line // it has room for the one
	in.secret = nil
	return true
}

// read hands on line after line. Behind a word that leaves, nothing is read.
func (in *Input) read(ctx context.Context, r *bufio.Reader) {
	defer close(in.lines)
	for leaving := false; !leaving; {
		line, err := readLine(r)
		if err == nil && in.diverted(line) {
			continue
		}
		leaving = err != nil || parseTyped(line).verb == typedLeave
		if leaving {
			close(in.ended)
		}
		if err != nil && line == "" {
			return
		}
		select {
		case in.lines <- line:
		case <-ctx.Done():
			return
		}
	}
}

// readLine reads one line, without its end. Of a line over the longest message no more is kept than shows that it is
// too long. At the end of the input the error is not nil, and there may be a line all the same.
func readLine(r *bufio.Reader) (string, error) {
	var line []byte
	for {
		part, err := r.ReadSlice('\n')
		if room := parley.MaxText + 1 - len(line); room > 0 {
			line = append(line, part[:min(room, len(part))]...)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return strings.TrimRight(string(line), "\r\n"), err
		}
	}
}

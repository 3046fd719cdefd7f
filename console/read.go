package console

import (
	"bufio"
	"context"
	"errors"
	"io"
	"strings"

	"parley"
)

// errTooLong stands for a line that is longer than a message may be. More lines may follow it.
var errTooLong = parley.Errorf(parley.CodeTooLong, "message too long (limit %d bytes)", parley.MaxText)

// line is one line that the operator typed, or why there is none. After an error that is not errTooLong nothing
// follows.
type line struct {
	text string
	err  error
}

// read passes on what in brings, line by line, until it ends or ctx does. Nothing interrupts a read that waits.
func read(ctx context.Context, in io.Reader, typed chan<- line) {
	r := bufio.NewReaderSize(in, parley.MaxText+len("\r\n"))
	for {
		text, err := readLine(r)
		select {
		case typed <- line{text, err}:
		case <-ctx.Done():
			return
		}
		if err != nil && !errors.Is(err, errTooLong) {
			return
		}
	}
}

// readLine gives the next line without its line break, also when the input ends without one. A line that is too long is
// skipped and gives errTooLong.
func readLine(r *bufio.Reader) (string, error) {
	text, err := r.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		for errors.Is(err, bufio.ErrBufferFull) {
			_, err = r.ReadSlice('\n')
		}
		return "", errTooLong
	}
	if err != nil && len(text) == 0 {
		return "", err
	}
	return strings.TrimRight(string(text), "\r\n"), nil
}

package transport

import (
	"errors"
	"io"
	"os"
	"syscall"

	"parley"
)

// explain makes of an error of the network what the rest of the program knows: CodeClosed, and a sentence. An error
// that is an *Error already stays as it is.
func explain(err error) error {
	if _, ok := errors.AsType[*parley.Error](err); ok {
		return err
	}
	return parley.Wrap(parley.CodeClosed, err, failureSentence(err))
}

func failureSentence(err error) string {
	for _, broken := range []error{
		syscall.ECONNRESET, syscall.ECONNABORTED, syscall.EPIPE, io.ErrClosedPipe, io.ErrUnexpectedEOF,
	} {
		if errors.Is(err, broken) {
			return "the other side broke the connection off"
		}
	}
	if errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, syscall.ETIMEDOUT) {
		return "the other side stopped answering"
	}
	return "the connection failed"
}

package parley_test

import (
	"errors"
	"fmt"
	"io"
	"testing"

	"parley"
)

func TestErrorsTellEachReaderTheirPart(t *testing.T) {
	err := fmt.Errorf("posting: %w", parley.Wrap(parley.CodeDiskFull, io.ErrShortWrite, "the disk is full"))
	if parley.CodeOf(err) != parley.CodeDiskFull || !parley.CodeOf(err).Retry() {
		t.Errorf("code %q", parley.CodeOf(err))
	}
	if parley.Sentence(err) != "the disk is full" {
		t.Errorf("the person reads %q", parley.Sentence(err))
	}
	if err.Error() != "posting: the disk is full: short write" || !errors.Is(err, io.ErrShortWrite) {
		t.Errorf("the log reads %q", err)
	}
	if !errors.Is(err, &parley.Error{Code: parley.CodeDiskFull}) || errors.Is(err, &parley.Error{Code: parley.CodeIdle}) {
		t.Error("errors.Is compares codes")
	}
}

func TestAnErrorWithoutACodeStaysInside(t *testing.T) {
	err := errors.New("sql: secret detail")
	if parley.CodeOf(err) != parley.CodeInternal || parley.Sentence(err) != "something went wrong on the server" {
		t.Errorf("%s: %s", parley.CodeOf(err), parley.Sentence(err))
	}
	if parley.CodeOf(nil) != "" {
		t.Error("no error has a code")
	}
	if err := parley.Errorf(parley.CodeStore, "reading: %w", io.EOF); err.Error() != "reading: EOF" || err.Cause != io.EOF {
		t.Errorf("%q, cause %v", err, err.Cause)
	}
}

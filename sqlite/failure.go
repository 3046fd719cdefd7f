package sqlite

import (
	"context"
	"errors"
	"io/fs"

	driver "modernc.org/sqlite"
	code "modernc.org/sqlite/lib"

	"parley"
)

// The sentences that people read.
const (
	sentenceFull     = "the disk is full: nothing more can be stored until there is room"
	sentenceFailed   = "the store failed: nothing was stored, try again"
	sentenceUnread   = "the store could not be read, try again"
	sentenceStopping = "the server is stopping"
)

// resultOf gives SQLite's extended result code, 0 when err is not from SQLite.
func resultOf(err error) int {
	if e, ok := errors.AsType[*driver.Error](err); ok {
		return e.Code()
	}
	return 0
}

// isFull reports whether err says that the disk, or what a user may have of it, is full.
func isFull(err error) bool { return resultOf(err)&0xff == code.SQLITE_FULL }

// isRepeat reports whether err says that a row exists already.
func isRepeat(err error) bool { return resultOf(err) == code.SQLITE_CONSTRAINT_UNIQUE }

// writeFailure gives what the callers of a batch that failed are told, nil for nil.
func writeFailure(err error) *parley.Error {
	if err == nil {
		return nil
	}
	if e, ok := errors.AsType[*parley.Error](err); ok {
		return e
	}
	if isFull(err) {
		return parley.Wrap(parley.CodeDiskFull, err, sentenceFull)
	}
	return parley.Wrap(parley.CodeStore, err, sentenceFailed)
}

// cannot gives what whoever starts the server is told when the database in dir cannot be used, with the reason that the
// system or SQLite gives.
func cannot(do, dir string, err error) *parley.Error {
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		err = path.Err // what it names besides is a file for a moment
	} else if own, ok := errors.AsType[*driver.Error](err); ok {
		err = own
	}
	return parley.Errorf(parley.CodeStore, "cannot %s %s: %w", do, parley.CleanLine(dir), err)
}

// readFailure gives what the caller of a read that failed is told: the context's own error when that ended, and else an
// *parley.Error.
func readFailure(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return parley.Wrap(parley.CodeStore, err, sentenceUnread)
}

package sqlite

import (
	"context"
	"errors"
	"fmt"
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

// isDamaged reports whether err says that the file is no database, or one whose pages make no sense any more.
func isDamaged(err error) bool {
	kind := resultOf(err) & 0xff
	return kind == code.SQLITE_NOTADB || kind == code.SQLITE_CORRUPT
}

// damage is the error of a database that is damaged: which file that is, and what can be done. The log has to go with the
// file: SQLite would bring it into whatever lies in the place of that.
type damage struct {
	path  string
	cause *driver.Error
}

// Error says all of it, for whoever runs the server.
func (d *damage) Error() string {
	return fmt.Sprintf("the database %[1]s is damaged: %[2]v; move it away, and %[3]s-wal and %[3]s-shm with it if they "+
		"are there, then restore a copy or start with an empty one", parley.CleanLine(d.path), d.cause, FileName)
}

// Unwrap gives what SQLite says.
func (d *damage) Unwrap() error { return d.cause }

// explain gives an error that says that the database is damaged as a damage, and any other as it is.
func (d *database) explain(err error) error {
	if !isDamaged(err) {
		return err
	}
	own, _ := errors.AsType[*driver.Error](err)
	return &damage{d.path, own}
}

// ForOperator gives an error of this package as whoever starts the server is told it. People in the chat are told less:
// no path, and nothing that they could not do.
func ForOperator(err error) error {
	if d, ok := errors.AsType[*damage](err); ok {
		return parley.Errorf(parley.CodeStore, "%w", d)
	}
	return err
}

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

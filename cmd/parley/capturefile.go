package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"time"

	"parley"
)

// standardOutput as a path means it.
const standardOutput = "-"

// captureFile is where a capture goes.
type captureFile struct {
	path      string // "" for one named after the time
	overwrite bool
	out       io.Writer // standard output

	file *os.File // nil for standard output
	made bool     // there was none of the name before
}

// open makes the file, for its owner alone: what is said stands in it, passwords too. One that is there is left alone
// unless it is to be overwritten. With sudo it belongs to whoever called it.
func (c *captureFile) open() (io.Writer, error) {
	if c.path == standardOutput {
		return c.out, nil
	}
	if c.path == "" {
		c.path = "capture-" + time.Now().Format("20060102-150405") + ".pcapng"
	}
	var err error
	c.file, err = os.OpenFile(c.path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	c.made = err == nil
	if errors.Is(err, os.ErrExist) {
		if !c.overwrite {
			return nil, fmt.Errorf("%s exists already: choose another name, or say --overwrite", parley.CleanLine(c.path))
		}
		c.file, err = os.OpenFile(c.path, os.O_WRONLY|os.O_TRUNC, 0)
	}
	if err != nil {
		return nil, fmt.Errorf("cannot write the capture: %w", err)
	}
	if c.made {
		giveToCaller(c.file)
	}
	return c.file, nil
}

// discard removes a file in which nothing came to be.
func (c *captureFile) discard() {
	_ = c.close()
	if c.made {
		_ = os.Remove(c.path)
	}
}

func (c *captureFile) close() error {
	if c.file == nil {
		return nil
	}
	return c.file.Close()
}

// String names it to people.
func (c *captureFile) String() string {
	if c.path == standardOutput {
		return "standard output"
	}
	return parley.CleanLine(c.path)
}

// giveToCaller gives a new file to the person who called this program by sudo, so that they can read it without.
func giveToCaller(file *os.File) {
	user, err := strconv.Atoi(os.Getenv("SUDO_UID"))
	group, err2 := strconv.Atoi(os.Getenv("SUDO_GID"))
	if err == nil && err2 == nil && os.Geteuid() == 0 {
		_ = file.Chown(user, group) // if not, it stays root's, and is there all the same
	}
}

package transfer

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"

	"parley"
)

// keptFor is how long a note is of use: a server throws away what nobody went on with for a day.
const keptFor = 48 * time.Hour

// Notes remembers uploads that are under way, so that another run can go on with them, and sees to it that two runs do not work
// on the same at once. It is the path of a folder that belongs to the user alone, and is made when it is needed.
type Notes string

// note is what is known of an upload.
type note struct {
	Mark    string           `json:"mark"`    // of what was to be sent
	Message parley.MessageID `json:"message"` // the id of the message that it becomes
	Upload  parley.UploadID  `json:"upload"`  // "" where that is not known yet
}

// held is a note that this run alone may use.
type held struct {
	path string
	lock *flock.Flock
}

// hold takes the note that is called after some texts, or is to be. It is an *parley.Error of CodeInvalid when another run has it.
func (n Notes) hold(what string, key ...string) (*held, error) {
	if err := os.MkdirAll(string(n), 0o700); err != nil {
		return nil, notNoted(err)
	}
	n.tidy(time.Now())
	h := &held{path: filepath.Join(string(n), fmt.Sprintf("%x", sha256.Sum256([]byte(strings.Join(key, "\x00")))))}
	for {
		h.lock = flock.New(h.path+".lock", flock.SetPermissions(0o600))
		mine, err := h.lock.TryLock()
		if err != nil {
			return nil, notNoted(err)
		}
		if !mine {
			return nil, parley.Errorf(parley.CodeInvalid, "another run is at %s", what)
		}
		if h.stillThere() {
			return h, nil
		}
		_ = h.lock.Unlock() // it was removed meanwhile, and so locks nobody out
	}
}

// stillThere reports whether the file that is locked is the one that others will try to lock.
func (h *held) stillThere() bool {
	locked, err := h.lock.Stat()
	if err != nil {
		return false
	}
	there, err := os.Stat(h.path + ".lock")
	return err == nil && os.SameFile(locked, there)
}

// read reads the note into n, which stays as it is where there is none that makes sense.
func read[T any](h *held, n *T) {
	var found T
	if text, err := os.ReadFile(h.path); err == nil && json.Unmarshal(text, &found) == nil {
		*n = found
	}
}

// write replaces the note, as a whole or not at all.
func (h *held) write(n any) error {
	text, err := json.Marshal(n)
	if err == nil {
		err = os.WriteFile(h.path+".new", text, 0o600)
	}
	if err == nil {
		err = os.Rename(h.path+".new", h.path)
	}
	if err != nil {
		return notNoted(err)
	}
	return nil
}

// done forgets the note.
func (h *held) done() { _ = os.Remove(h.path) } // whoever finds it is told by the server that there is nothing to go on with

// release lets others have it.
func (h *held) release() {
	_ = os.Remove(h.path + ".lock") // Windows keeps it while it is open, and tidy removes it later
	_ = h.lock.Unlock()
}

// tidy removes what is of no use any more.
func (n Notes) tidy(now time.Time) {
	entries, _ := os.ReadDir(string(n)) // it is a courtesy
	for _, e := range entries {
		if info, err := e.Info(); err == nil && now.Sub(info.ModTime()) > keptFor && !strings.HasSuffix(e.Name(), ".lock") {
			_ = os.Remove(filepath.Join(string(n), e.Name()))
		}
	}
}

// notNoted makes the error about a note that cannot be kept.
func notNoted(err error) error {
	if inner, ok := errors.AsType[*fs.PathError](err); ok {
		return parley.Wrap(parley.CodeStore, err, "cannot remember in "+inner.Path+": "+inner.Err.Error())
	}
	return parley.Wrap(parley.CodeStore, err, "cannot remember what is being sent: "+err.Error())
}

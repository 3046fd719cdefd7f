package files

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"parley"
)

// A note is a line that says how far an upload has come, which is written again and again in its place, and a line of JSON about
// the upload, which is not. The first is shorter than a disk's sector, so a power cut leaves the old one or the new one.
const (
	progressForm = "%020d %x\n"
	progressSize = 20 + 1 + 2*108 + 1 // 108 bytes are the state of a SHA-256
)

// progress is the first line.
func (m mark) progress() ([]byte, error) {
	line := fmt.Appendf(nil, progressForm, m.offset, m.state)
	if len(line) != progressSize {
		return nil, fmt.Errorf("the state of a hash has %d bytes", len(m.state))
	}
	return line, nil
}

// create makes the files of an upload of which nothing has come.
func (p *pieces) create() error {
	line, err := p.progress()
	if err != nil {
		return err
	}
	about, err := json.Marshal(p.about)
	if err != nil {
		return err
	}
	data, err := os.OpenFile(p.data(), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if err := data.Close(); err != nil {
		return err
	}
	if err := writeSynced(p.note()+".new", append(append(line, about...), '\n')); err != nil {
		return errors.Join(err, removed(p.note()+".new"))
	}
	if err := os.Rename(p.note()+".new", p.note()); err != nil {
		return err
	}
	return syncFolder(p.store.pieces)
}

// writeSynced writes a new file, and makes its content last.
func writeSynced(path string, content []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	return errors.Join(err, f.Sync(), f.Close())
}

// write notes how far the upload has come, for good.
func (p *pieces) write(m mark) error {
	line, err := m.progress()
	if err != nil {
		return err
	}
	f, err := os.OpenFile(p.note(), os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteAt(line, 0)
	return errors.Join(err, f.Sync(), f.Close())
}

// restore finds the uploads that were under way when the last process ended, and removes what belongs to none of them, or has
// expired.
func (s *Store) restore() error {
	entries, err := os.ReadDir(s.pieces)
	if err != nil {
		return err
	}
	for _, e := range entries {
		id, ending, _ := strings.Cut(e.Name(), ".")
		if ending != "note" && ending != "done" {
			continue
		}
		p, err := s.read(parley.UploadID(id), ending == "done")
		if err == nil {
			err = s.readmit(p)
		}
		if err != nil {
			s.log.Warn("an unfinished upload cannot go on", "upload", parley.CleanLine(id), "err", err)
		}
	}
	for _, e := range entries {
		id, _, _ := strings.Cut(e.Name(), ".")
		if s.uploads[parley.UploadID(id)] == nil || strings.HasSuffix(e.Name(), ".new") {
			err = errors.Join(err, removed(filepath.Join(s.pieces, e.Name())))
		}
	}
	return err
}

// read reads the note of an upload, of one that was posted where posted says so.
func (s *Store) read(id parley.UploadID, posted bool) (*pieces, error) {
	p := &pieces{store: s, about: parley.Upload{ID: id}, turn: make(chan struct{}, 1), posted: posted}
	if !id.Valid() {
		return nil, errNoSuchUpload
	}
	path := p.note()
	if posted {
		path = p.done()
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	line, about, _ := bytes.Cut(text, []byte("\n"))
	var state string
	if _, err := fmt.Sscanf(string(line), "%d %s", &p.offset, &state); err != nil {
		return nil, err
	}
	if p.state, err = hex.DecodeString(state); err != nil {
		return nil, err
	}
	if err := json.Unmarshal(about, &p.about); err != nil {
		return nil, err
	}
	if p.about.ID != id || p.offset < 0 || p.offset > p.about.Size {
		return nil, errors.New("its note makes no sense")
	}
	return p, nil
}

// readmit lets an upload go on, if what was noted is there: beside the note or, where it was whole, in its place.
func (s *Store) readmit(p *pieces) error {
	if !p.about.Expires.After(s.options.Now()) {
		return errors.New("its time is over")
	}
	h, err := p.hash()
	if err != nil {
		return err
	}
	info, err := os.Stat(p.data())
	switch {
	case p.posted:
	case err == nil && info.Size() >= p.offset:
		s.promised += p.about.Size
		s.unwritten += p.about.Size - p.offset
	case errors.Is(err, fs.ErrNotExist) && p.offset == p.about.Size:
		var d parley.Digest
		h.Sum(d[:0])
		_, place := s.place(d)
		if info, err := os.Stat(place); err != nil || info.Size() != p.about.Size {
			return errors.Join(errors.New("its content is gone"), err)
		}
		s.hold(d)
		p.held = &Held{store: s, digest: d}
	default:
		return errors.Join(errors.New("its content is not what was noted"), err)
	}
	s.uploads[p.about.ID] = p
	return nil
}

package files

import (
	"context"
	"crypto/sha256"
	"encoding"
	"errors"
	"hash"
	"os"
	"path/filepath"
	"slices"

	"parley"
)

// MaxPieces is how many uploads in pieces one person may have under way, and of how many that were posted it is remembered that
// they were, so that a client who missed the answer to the last piece is told so.
const MaxPieces = 32

// pieces is an upload that comes in pieces, be it over many connections and lives of the process. What has come and was noted
// survives all of them: DIR/pieces/ID.data has the content, ID.note says how much of it counts, and is called ID.done once it was
// posted.
type pieces struct {
	store *Store
	about parley.Upload
	turn  chan struct{} // has room for the one whose turn it is

	// Guarded by the store's mu.
	yield   func() // asks whoever has the turn to come to an end
	waiting int    // how many wait for it
	posted  bool   // changed by whoever has the turn

	// What follows belongs to whoever has the turn.
	offset int64  // bytes that are noted
	state  []byte // of the hash, at offset
	held   *Held  // the whole content, from when it has its place until it is posted
	gone   bool
	spent  bool // the room that was promised has been used
}

// Begin makes room for all of an upload, and notes that it comes. The error is an *parley.Error, as that of Create, or
// CodeThrottled for somebody who has too many under way.
func (s *Store) Begin(u parley.Upload) error {
	if !u.ID.Valid() {
		return parley.Errorf(parley.CodeInvalid, "not the id of an upload")
	}
	if err := s.allows(u.Size); err != nil {
		return err
	}
	p := &pieces{store: s, about: u, turn: make(chan struct{}, 1)}
	if err := p.resetTo(sha256.New(), 0); err != nil {
		return err
	}
	if err := s.register(p); err != nil {
		return err
	}
	if err := p.create(); err != nil {
		p.turn <- struct{}{}
		p.remove()
		return failure(err)
	}
	return nil
}

// Begun finds the upload that is the same as u but for its id and its time, if there is one: for a sender who did not get to
// hear that it had begun.
func (s *Store) Begun(u parley.Upload) (parley.Upload, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range s.uploads {
		same := p.about
		same.ID, same.Expires = u.ID, u.Expires
		if same == u && p.about.Expires.After(s.options.Now()) {
			return p.about, true
		}
	}
	return parley.Upload{}, false
}

// register adds an upload for which there is room.
func (s *Store) register(p *pieces) error {
	if err := s.promise(p.about.Size, p.about.Size); err != nil {
		return err
	}
	if !s.add(p) {
		s.release(p.about.Size, p.about.Size)
		return parley.Errorf(parley.CodeThrottled, "at most %d unfinished uploads: finish or delete one first", MaxPieces)
	}
	return nil
}

// add adds an upload, unless its sender has too many under way.
func (s *Store) add(p *pieces) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.uploadsOf(p.about.By, false)) >= MaxPieces {
		return false
	}
	s.uploads[p.about.ID] = p
	return true
}

// uploadsOf gives somebody's uploads, those that were posted or the others. The store's mu is held.
func (s *Store) uploadsOf(by parley.SenderID, posted bool) (list []*pieces) {
	for _, p := range s.uploads {
		if p.about.By == by && p.posted == posted {
			list = append(list, p)
		}
	}
	return list
}

// forget forgets somebody's uploads that were posted, but for the newest MaxPieces and those that are being asked about.
func (s *Store) forget(by parley.SenderID) {
	s.mu.Lock()
	old := s.uploadsOf(by, true)
	s.mu.Unlock()
	slices.SortFunc(old, func(a, b *pieces) int { return a.about.Expires.Compare(b.about.Expires) })
	for _, p := range old[:max(0, len(old)-MaxPieces)] {
		select {
		case p.turn <- struct{}{}:
			p.remove()
			p.release()
		default:
		}
	}
}

// Resume gives somebody their turn at an upload of theirs, for which it waits until ctx ends; whoever has it is asked by their
// yield to come to an end. From then on yield may be called, from any goroutine and more than once, until End. The error is an
// *parley.Error: CodeNoSuchUpload, also for one of somebody else's; CodeExpired; CodeClosed when ctx ends.
func (s *Store) Resume(ctx context.Context, id parley.UploadID, by parley.SenderID, yield func()) (*Turn, error) {
	s.mu.Lock()
	p := s.uploads[id]
	s.mu.Unlock()
	if p == nil || p.about.By != by {
		return nil, errNoSuchUpload
	}
	if err := p.take(ctx, yield); err != nil {
		return nil, err
	}
	if p.gone {
		p.release()
		return nil, errNoSuchUpload
	}
	if !p.about.Expires.After(s.options.Now()) {
		p.remove()
		p.release()
		return nil, parley.Errorf(parley.CodeExpired, "this upload was not finished in time")
	}
	t, err := p.open()
	if err != nil {
		p.release()
		return nil, failure(err)
	}
	return t, nil
}

// take waits for the turn.
func (p *pieces) take(ctx context.Context, yield func()) error {
	mu := &p.store.mu
	mu.Lock()
	p.waiting++
	if p.yield != nil {
		p.yield()
	}
	mu.Unlock()
	defer mu.Unlock()
	select {
	case p.turn <- struct{}{}:
		mu.Lock()
		p.yield = yield
		if p.waiting--; p.waiting > 0 {
			yield()
		}
		return nil
	case <-ctx.Done():
		mu.Lock()
		p.waiting--
		return noLonger(ctx)
	}
}

// release gives the turn back.
func (p *pieces) release() {
	p.store.mu.Lock()
	p.yield = nil
	p.store.mu.Unlock()
	<-p.turn
}

// Expire removes the uploads whose time is over. One that somebody is busy with is removed the next time.
func (s *Store) Expire() {
	now := s.options.Now()
	s.mu.Lock()
	var over []*pieces
	for _, p := range s.uploads {
		if !p.about.Expires.After(now) {
			over = append(over, p)
		}
	}
	s.mu.Unlock()
	for _, p := range over {
		select {
		case p.turn <- struct{}{}:
			p.remove()
			p.release()
		default:
			s.mu.Lock()
			if p.yield != nil {
				p.yield()
			}
			s.mu.Unlock()
		}
	}
}

// remove leaves nothing of an upload, but for a content that an event names. Whoever calls it has the turn.
func (p *pieces) remove() {
	if p.gone {
		return
	}
	p.gone = true
	s := p.store
	if err := errors.Join(removed(p.note()), removed(p.done()), removed(p.data())); err != nil {
		s.log.Warn("an unfinished upload stays until the next start", "err", err)
	}
	s.mu.Lock()
	delete(s.uploads, p.about.ID)
	s.mu.Unlock()
	if p.held != nil {
		p.held.Drop(func() (bool, error) { return s.options.Named(p.held.Digest()) })
		p.held = nil
	} else if !p.posted && !p.spent {
		s.release(p.about.Size, p.about.Size-p.offset)
	}
}

// removed removes a file that may not be there.
func removed(path string) error {
	if err := os.Remove(path); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

func (p *pieces) note() string { return p.path(".note") }
func (p *pieces) done() string { return p.path(".done") }
func (p *pieces) data() string { return p.path(".data") }

func (p *pieces) path(ending string) string {
	return filepath.Join(p.store.pieces, string(p.about.ID)+ending)
}

// resetTo remembers how far the content has come.
func (p *pieces) resetTo(h hash.Hash, offset int64) error {
	state, err := h.(encoding.BinaryMarshaler).MarshalBinary() // crypto/sha256.New promises it
	if err == nil {
		p.offset, p.state = offset, state
	}
	return err
}

// hash gives the hash of what has come.
func (p *pieces) hash() (hash.Hash, error) {
	h := sha256.New()
	return h, h.(encoding.BinaryUnmarshaler).UnmarshalBinary(p.state)
}

var errNoSuchUpload = parley.Errorf(parley.CodeNoSuchUpload, "there is no such upload")

package files

import (
	"os"

	"parley"
)

// Held is a content that is on the disk for good, and that no event names yet: while somebody holds it nobody removes
// it. It belongs to one goroutine, which ends it with Keep or Drop.
type Held struct {
	store  *Store // nil when it has ended
	digest parley.Digest
}

// Digest is the SHA-256 of the content.
func (h *Held) Digest() parley.Digest { return h.digest }

// Keep leaves the content where it is: an event names it now.
func (h *Held) Keep() { h.end(true) }

// Drop removes the content: no event will name it. It stays when somebody else holds it, or has kept it meanwhile, and
// when named, which is asked whether any event of another time names it, says so or does not know; Sweep removes it
// then if it can. When the hold has ended already, that does nothing.
func (h *Held) Drop(named func() (bool, error)) {
	if h.store == nil {
		return
	}
	// While it is asked this hold lasts, so whoever keeps the content after the answer was true is noticed.
	known, err := named()
	if err != nil {
		h.store.log.Warn("a file that was not posted stays until the next start", "err", err)
	}
	h.end(known || err != nil)
}

// end gives the hold up.
func (h *Held) end(keep bool) {
	if h.store == nil {
		return
	}
	if err := h.store.letGo(h.digest, keep); err != nil {
		h.store.log.Warn("a file that was not posted stays until the next start", "err", err)
	}
	h.store = nil
}

// holders are all who hold one content at a time.
type holders struct {
	n    int
	kept bool // one of them has said that it is to stay
}

// hold counts one more who holds a content. The caller holds mu.
func (s *Store) hold(d parley.Digest) {
	all := s.held[d]
	if all == nil {
		all = &holders{}
		s.held[d] = all
	}
	all.n++
}

// letGo counts one less. The last one removes the content, unless any of them says that it is to stay.
func (s *Store) letGo(d parley.Digest, keep bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := s.held[d]
	all.n--
	all.kept = all.kept || keep
	if all.n > 0 {
		return nil
	}
	delete(s.held, d)
	if all.kept {
		return nil
	}
	return s.remove(d)
}

// remove removes a content that nobody holds, and makes its room free for others. The caller holds mu.
func (s *Store) remove(d parley.Digest) error {
	_, place := s.place(d)
	info, err := os.Stat(place)
	if err != nil {
		return err
	}
	if err := os.Remove(place); err != nil {
		return err
	}
	s.files--
	s.kept -= info.Size()
	return nil
}

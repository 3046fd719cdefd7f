package files

import (
	"io/fs"
	"iter"
	"path/filepath"

	"parley"
)

// Sweep removes every content that named does not give: those whose event was not posted because the process ended
// first. An upload in pieces that is whole has its event yet to come. Call it after Open and before the first Create. The
// error is named's, and then nothing has been removed, or an *parley.Error of CodeStore.
func (s *Store) Sweep(named iter.Seq2[parley.Digest, error]) error {
	unnamed, err := s.list()
	if err != nil {
		return failure(err)
	}
	for d, err := range named {
		if err != nil {
			return err
		}
		delete(unnamed, d)
	}
	if len(unnamed) == 0 {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	before := s.kept
	for d := range unnamed {
		if s.held[d] != nil {
			continue
		}
		if err := s.remove(d); err != nil {
			return failure(err)
		}
	}
	s.log.Info("removed files that no message names", "count", len(unnamed), "bytes", before-s.kept)
	return nil
}

// list gives the digest of every content. What has no digest for a name is nobody's here, and left alone.
func (s *Store) list() (map[parley.Digest]struct{}, error) {
	all := make(map[parley.Digest]struct{})
	err := filepath.WalkDir(s.blobs, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		if d, err := parley.ParseDigest(entry.Name()); err == nil {
			if _, place := s.place(d); place == path {
				all[d] = struct{}{}
			}
		}
		return nil
	})
	return all, err
}

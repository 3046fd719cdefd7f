package sqlite

import "parley"

// space knows when the disk counts as full.
type space struct {
	dir     string
	reserve int64
	free    freeSpace
}

// check says whether something may be written now: nil, or an *parley.Error of CodeDiskFull. A disk that does not
// tell how much is free is not full; SQLite will notice.
func (s space) check() error {
	free, err := s.free(s.dir)
	if err == nil && free < s.reserve {
		return parley.Errorf(parley.CodeDiskFull, sentenceFull)
	}
	return nil
}

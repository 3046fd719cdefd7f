package files

// Usage is what a Store has, and may have.
type Usage struct {
	Files    int
	Bytes    int64 // in all of them
	Promised int64 // bytes announced by uploads under way
	Quota    int64 // for Bytes and Promised together; 0 for no limit
}

// Usage gives the usage as it is at one moment.
func (s *Store) Usage() Usage {
	s.mu.Lock()
	defer s.mu.Unlock()
	return Usage{Files: s.files, Bytes: s.kept, Promised: s.promised, Quota: s.options.Quota}
}

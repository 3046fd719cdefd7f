package accounts

// Counts is what came of the passwords that were given.
type Counts struct {
	Right     int64
	Wrong     int64 // or for no account, or for one that is disabled
	Throttled int64 // not looked at: whoever gave them has to wait
}

// Counts gives the counts since the desk was made.
func (d *Desk) Counts() Counts {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.counts
}

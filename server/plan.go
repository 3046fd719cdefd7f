package server

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/gofrs/flock"

	"parley/sqlite"
)

// Plan is what a server of a Config would use, for whoever wants to look at it without starting one.
type Plan struct {
	Listeners []Planned // in the order in which they would be opened
	Data      string    // the data directory; "" where nothing is kept
	Reserve   int64     // bytes of free space under which nothing is stored
}

// Planned is a listener of a Plan.
type Planned struct {
	URL     string // as it was given
	Network string // "tcp" or "udp"
	Address string // host and port
	TLS     bool
	Clients int // connections at once that it was asked to have, 0 where nothing was said
}

// Plan says what New would open, and opens nothing. The error is an *parley.Error, of CodeInvalid when c itself is wrong.
func (c Config) Plan() (Plan, error) {
	specs, err := c.specs()
	if err != nil {
		return Plan{}, err
	}
	p := Plan{Reserve: sqlite.DefaultReserve}
	if c.Data != Volatile {
		if p.Data, err = dataPath(c.Data); err != nil {
			return Plan{}, err
		}
	}
	for _, l := range specs {
		planned := Planned{URL: l.text, Network: "tcp", Address: l.address, TLS: l.tls, Clients: l.clients}
		if l.packets {
			planned.Network = "udp"
		}
		p.Listeners = append(p.Listeners, planned)
	}
	return p, nil
}

// HeldBy reports whether a process has a data directory, and which: pid is 0 where that is not known. It makes nothing and
// changes nothing; to see whether the lock is free it shares it for a moment. The error says why that cannot be seen.
func HeldBy(data string) (pid int, held bool, err error) {
	d := &dataDir{path: data, lock: flock.New(filepath.Join(data, "parley.lock"), flock.SetFlag(os.O_RDONLY))}
	defer d.lock.Close()
	free, err := d.lock.TryRLock()
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return 0, false, nil // nobody has ever had it
	case err != nil:
		return 0, false, err
	case free:
		return 0, false, nil
	}
	text, _ := os.ReadFile(d.holder())
	pid, _ = strconv.Atoi(strings.TrimSpace(string(text))) // 0 where it cannot be read
	return pid, true, nil
}

package certs

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/gofrs/flock"

	"parley"
)

// pinsFile is the file that a client keeps its pins in, one a line: the address as dialled, the kind of pin and its
// fingerprint, with spaces between them. Empty lines and those that start with # mean nothing and are kept.
//
// It is only ever replaced as a whole, so reading needs no lock. Who adds to it holds a lock on a file beside it, which
// stays: were it removed, two could hold locks on two files of that name.
type pinsFile string

// pinEntry is one line of a pins file.
type pinEntry struct {
	address string // host:port, folded by foldAddress
	pin     pin
	line    int // counted from 1
}

// lockTimeout is how long add waits for another client, which holds the lock for one write.
const lockTimeout = 10 * time.Second

// find gives the entry for a folded address, and false when there is none. The error is a *parley.Error: CodeStore when
// the file cannot be read, CodeInvalid, naming the line, when it is damaged anywhere.
func (f pinsFile) find(address string) (pinEntry, bool, error) {
	data, err := f.read()
	if err != nil {
		return pinEntry{}, false, err
	}
	return f.findIn(data, address)
}

// add keeps a pin for a folded address, unless there is one: then that one is returned, and false. The error is as of
// find.
func (f pinsFile) add(address string, p pin) (entry pinEntry, added bool, err error) {
	if err := os.MkdirAll(filepath.Dir(string(f)), 0o700); err != nil {
		return pinEntry{}, false, f.cannot("written", err)
	}
	unlock, err := f.lock()
	if err != nil {
		return pinEntry{}, false, f.cannot("written", err)
	}
	defer unlock()
	data, err := f.read()
	if err != nil {
		return pinEntry{}, false, err
	}
	if entry, found, err := f.findIn(data, address); found || err != nil {
		return entry, false, err
	}
	if len(data) > 0 && !bytes.HasSuffix(data, []byte("\n")) {
		data = append(data, '\n')
	}
	data = fmt.Appendf(data, "%s %s\n", address, p)
	if err := writeFile(string(f), data, 0o600); err != nil {
		return pinEntry{}, false, f.cannot("written", err)
	}
	return pinEntry{address: address, pin: p, line: bytes.Count(data, []byte("\n"))}, true, nil
}

// lock keeps other clients, in this process or another, from adding until unlock is called.
func (f pinsFile) lock() (unlock func(), err error) {
	ctx, cancel := context.WithTimeout(context.Background(), lockTimeout)
	defer cancel()
	l := flock.New(string(f) + ".lock")
	if _, err := l.TryLockContext(ctx, 5*time.Millisecond); err != nil {
		return nil, fmt.Errorf("another client holds %s: %w", l.Path(), err)
	}
	return func() { _ = l.Unlock() }, nil
}

func (f pinsFile) read() ([]byte, error) {
	data, err := os.ReadFile(string(f))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, f.cannot("read", err)
	}
	return data, nil
}

func (f pinsFile) cannot(what string, err error) error {
	return parley.Errorf(parley.CodeStore, "the pins file %s cannot be %s: %w", string(f), what, err)
}

func (f pinsFile) findIn(data []byte, address string) (pinEntry, bool, error) {
	entries, err := parsePins(data)
	if err != nil {
		return pinEntry{}, false, parley.Errorf(parley.CodeInvalid, "the pins file %s is damaged: %w; "+
			"mend or remove that line", string(f), err)
	}
	for _, e := range entries {
		if e.address == address {
			return e, true, nil
		}
	}
	return pinEntry{}, false, nil
}

// parsePins reads a pins file. Any line that is not in order is an error that names it: skipping it would mean to trust
// on first use somebody who had been known.
func parsePins(data []byte) ([]pinEntry, error) {
	var entries []pinEntry
	seen := make(map[string]int)
	number := 0
	for line := range strings.SplitSeq(string(data), "\n") {
		number++
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		entry, err := parsePinLine(line)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", number, err)
		}
		if first, twice := seen[entry.address]; twice {
			return nil, fmt.Errorf("line %d: %s stands in line %d already", number, entry.address, first)
		}
		entry.line, seen[entry.address] = number, number
		entries = append(entries, entry)
	}
	return entries, nil
}

// parsePinLine reads one line that holds a pin.
func parsePinLine(line string) (pinEntry, error) {
	words := strings.Fields(line)
	if len(words) != 3 {
		return pinEntry{}, errors.New("not an address, a kind and a fingerprint")
	}
	host, port, err := foldAddress(words[0])
	if err != nil {
		return pinEntry{}, err
	}
	if strings.HasPrefix(host, "#") {
		return pinEntry{}, errors.New("no host begins with #") // written back, the line would be a comment
	}
	p, err := parsePin(words[1], words[2])
	return pinEntry{address: net.JoinHostPort(host, port), pin: p}, err
}

// foldAddress splits host:port and gives the host in the one form in which pins are kept: a name in lower case without
// a final dot, an IP address as netip writes it.
func foldAddress(address string) (host, port string, err error) {
	bad := func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) || r == utf8.RuneError }
	host, port, err = net.SplitHostPort(address)
	if err == nil && !strings.ContainsFunc(address, bad) && address[0] != '#' {
		if ip, err := netip.ParseAddr(host); err == nil {
			host = ip.Unmap().String()
		}
		if host = foldName(host); host != "" && port != "" {
			return host, port, nil
		}
	}
	return "", "", fmt.Errorf("not a host and a port: %q", parley.CleanLine(address))
}

//go:build linux

package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"
)

// makeFile fills a file with bytes that nobody can press together, and has the disk take all of them, so that writing them is nobody
// else's time.
func makeFile(path string, size int64) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	_, err = io.CopyN(f, rand.Reader, size)
	return errors.Join(err, f.Sync(), f.Close())
}

// transfer is a file of so many bytes that went somewhere.
type transfer struct {
	size    int64
	elapsed time.Duration
}

// rate gives bytes a second.
func (t transfer) rate() float64 { return float64(t.size) / t.elapsed.Seconds() }

// timed measures what becomes of a file.
func timed(size int64, do func() error) (transfer, error) {
	start := time.Now()
	err := do()
	return transfer{size, time.Since(start)}, err
}

// sha256sum has the program of that name read a file.
func sha256sum(ctx context.Context, path string) error {
	out, err := exec.CommandContext(ctx, "sha256sum", path).CombinedOutput()
	if err != nil {
		return fmt.Errorf("sha256sum: %w: %s", err, out)
	}
	return nil
}

// rounds is how often each transfer is repeated; the middle one counts.
const rounds = 3

// transfers is what was measured of files.
type transfers struct {
	sum, up     []transfer // reading by sha256sum, and an upload
	nginx, down []transfer // a download from nginx, and from the server; nginx is empty where there is none
	before      int64      // resident bytes of the server before all of it
	peak        int64      // and the most there ever were
}

// measureTransfers sends a file to the server and back, beside what reads it otherwise.
func measureTransfers(ctx context.Context, s *server, dir string, size int64) (m transfers, err error) {
	path := filepath.Join(dir, fileName)
	defer os.Remove(path)
	if err := makeFile(path, size); err != nil {
		return m, err
	}
	v, err := newVisitor(ctx, s.address)
	if err != nil {
		return m, err
	}
	if m.before, err = s.process.resident(); err != nil {
		return m, err
	}
	for range rounds {
		if err := m.measureUpload(ctx, v, path, size); err != nil {
			return m, err
		}
	}
	if err := m.measureDownloads(ctx, v, path, size); err != nil {
		return m, err
	}
	m.peak, err = s.process.peak()
	return m, err
}

// measureUpload sends the file once, and has it read once by sha256sum.
func (m *transfers) measureUpload(ctx context.Context, v *visitor, path string, size int64) error {
	read, err := timed(size, func() error { return sha256sum(ctx, path) })
	if err != nil {
		return err
	}
	sent, err := timed(size, func() error { return v.upload(ctx, path, size) })
	m.sum, m.up = append(m.sum, read), append(m.up, sent)
	return err
}

// measureDownloads gets the file from the server and from nginx, in turn.
func (m *transfers) measureDownloads(ctx context.Context, v *visitor, path string, size int64) (err error) {
	other, err := startNginx(ctx, filepath.Dir(path))
	if err != nil {
		return err
	}
	if other != nil {
		defer func() { err = errors.Join(err, other.stop()) }()
	}
	for range rounds {
		got, err := timed(size, func() error { return v.download(ctx, "/v1/rooms/lobby/files/"+fileName, size) })
		if err != nil {
			return err
		}
		m.down = append(m.down, got)
		if other == nil {
			continue
		}
		plain := visitor{base: "http://" + other.address.String()}
		got, err = timed(size, func() error { return plain.download(ctx, "/"+fileName, size) })
		plain.http.CloseIdleConnections()
		if err != nil {
			return err
		}
		m.nginx = append(m.nginx, got)
	}
	v.http.CloseIdleConnections()
	return nil
}

// middle gives the transfer that is neither fast nor slow.
func middle(list []transfer) transfer {
	sorted := slices.SortedFunc(slices.Values(list), func(a, b transfer) int { return int(a.elapsed - b.elapsed) })
	return sorted[len(sorted)/2]
}

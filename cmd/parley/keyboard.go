package main

import (
	"errors"
	"io"
	"os"
	"sync"
	"sync/atomic"
)

// keyboard is the terminal that one types at, for several readers one after the other: the questions, then the command
// that they lead to. A read of a terminal cannot be broken off, so a reader that is done would leave one behind that
// takes the next key. Here there is one such read for all of them, and what it brings goes to whoever reads then.
type keyboard struct {
	file    *os.File
	reading sync.Once
	typed   chan []byte // closed at the end of the input

	mu   sync.Mutex // held by whoever reads
	rest []byte     // of what was typed and has not been read
}

// errOver tells a reader that its time is over; what is typed is for the next.
var errOver = errors.New("no longer read")

func newKeyboard(file *os.File) *keyboard { return &keyboard{file: file, typed: make(chan []byte)} }

// Fd tells which terminal it is.
func (k *keyboard) Fd() uintptr { return k.file.Fd() }

// Read gives what is typed next.
func (k *keyboard) Read(p []byte) (int, error) { return k.readUntil(nil, p) }

// readUntil reads as Read does, but once over is closed it gives errOver at once and takes nothing.
func (k *keyboard) readUntil(over <-chan struct{}, p []byte) (int, error) {
	k.reading.Do(func() { go k.watch() })
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.rest) == 0 {
		select {
		case chunk, more := <-k.typed:
			if !more {
				return 0, io.EOF
			}
			k.rest = chunk
		case <-over:
		}
	}
	select {
	case <-over:
		return 0, errOver
	default:
	}
	n := copy(p, k.rest)
	k.rest = k.rest[n:]
	return n, nil
}

// watch reads the terminal to its end, which for most programs is their own.
func (k *keyboard) watch() {
	defer close(k.typed)
	for {
		chunk := make([]byte, 4096)
		n, err := k.file.Read(chunk)
		if n > 0 {
			k.typed <- chunk[:n]
		}
		if err != nil {
			return
		}
	}
}

// formKeys is a keyboard for one form. It has what a form needs to see that it is a terminal, and no more: with a name
// too, the form would read the terminal by itself.
type formKeys struct {
	*keyboard
	over  chan struct{} // to be closed when the form is
	ended atomic.Bool   // the input has ended, which huh takes for an empty answer
}

// Read reads until the form is over.
func (f *formKeys) Read(p []byte) (int, error) {
	n, err := f.readUntil(f.over, p)
	if errors.Is(err, errOver) {
		return 0, io.EOF
	}
	if err != nil {
		f.ended.Store(true)
	}
	return n, err
}

// Write does nothing: a form writes to its output.
func (f *formKeys) Write(p []byte) (int, error) { return len(p), nil }

// Close does nothing: the terminal is needed when the form is over.
func (f *formKeys) Close() error { return nil }

package main

import (
	"io"
	"os"
	"sync"
)

// keyboard is the terminal that one types at, for several readers one after the other: the questions, then the command that
// they lead to. A read of a terminal cannot be broken off, so a reader that is done leaves one behind that waits for the next
// key. Here there is one such read for all of them, and what it brings goes to whoever reads then.
type keyboard struct {
	file    *os.File
	reading sync.Once
	typed   chan []byte // closed at the end of the input
	rest    []byte      // of what was typed and has not been read
}

func newKeyboard(file *os.File) *keyboard { return &keyboard{file: file, typed: make(chan []byte)} }

// Fd tells which terminal it is.
func (k *keyboard) Fd() uintptr { return k.file.Fd() }

// Read gives what is typed next. One reader at a time may call it.
func (k *keyboard) Read(p []byte) (int, error) { return k.readUntil(nil, p) }

// readUntil reads as Read does, and gives io.EOF as soon as over is closed.
func (k *keyboard) readUntil(over <-chan struct{}, p []byte) (int, error) {
	k.reading.Do(func() { go k.watch() })
	if len(k.rest) == 0 {
		select {
		case k.rest = <-k.typed:
		case <-over:
			return 0, io.EOF
		}
	}
	n := copy(p, k.rest)
	k.rest = k.rest[n:]
	if n == 0 && len(p) > 0 {
		return 0, io.EOF
	}
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

// formKeys is a keyboard while a form reads from it. It has what a form needs to see that it is a terminal, and no more: with
// its name too, the form would read the terminal by itself.
type formKeys struct {
	*keyboard
	over  chan struct{} // closed when the form is
	ended bool          // the input has ended, which huh takes for an empty answer; to be asked when the form is over
}

// Read reads until the form is over.
func (f *formKeys) Read(p []byte) (int, error) {
	n, err := f.readUntil(f.over, p)
	f.ended = f.ended || err != nil
	return n, err
}

// Write does nothing: a form writes to its output.
func (f *formKeys) Write(p []byte) (int, error) { return len(p), nil }

// Close does nothing: the terminal is needed when the form is over.
func (f *formKeys) Close() error { return nil }

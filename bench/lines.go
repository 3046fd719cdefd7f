//go:build linux

package main

import "bytes"

// lineSpeech is plain://, one message a line.
type lineSpeech struct{}

func (lineSpeech) post(dst []byte, m message, size int) []byte {
	return append(m.appendText(dst, size), '\n')
}

func (lineSpeech) count(_ *conn, data []byte) (int, error) {
	return bytes.Count(data, []byte{'\n'}), nil
}

func (lineSpeech) read(one *conn, data []byte, size int, each func(message) error) error {
	return one.lines(data, func(line []byte) error {
		m, err := parseLine(line, size)
		if err != nil {
			return err
		}
		return each(m)
	})
}

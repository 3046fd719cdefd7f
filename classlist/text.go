package classlist

import (
	"bytes"
	"unicode/utf8"
)

// The byte order marks by which programs begin a text (Unicode Standard, section 23.8).
var (
	markUTF8    = []byte("\xef\xbb\xbf")
	markUTF16LE = []byte("\xff\xfe")
	markUTF16BE = []byte("\xfe\xff")
)

// decode gives the text of a file, without a byte order mark and with LF at the ends of lines or before them. The error is
// a *Fault for what is too long or not UTF-8, and names the encoding that it may have.
func decode(data []byte) ([]byte, error) {
	switch {
	case len(data) > MaxBytes:
		return nil, fault(0, "the list is too long (limit %d MiB)", MaxBytes>>20)
	case bytes.HasPrefix(data, markUTF16LE), bytes.HasPrefix(data, markUTF16BE):
		return nil, fault(1, "this is UTF-16 text; save the list as UTF-8")
	}
	text := bytes.TrimPrefix(data, markUTF8)
	line := 1
	for row := range bytes.Lines(text) {
		switch {
		case bytes.IndexByte(row, 0) >= 0:
			return nil, fault(line, "this is no text; save the list as CSV in UTF-8")
		case !utf8.Valid(row):
			return nil, fault(line, "this is not UTF-8 text but Latin-1, it seems; save the list as UTF-8")
		}
		line++
	}
	if bytes.IndexByte(text, '\n') < 0 { // as programs of old Macintoshes wrote
		text = bytes.ReplaceAll(text, []byte("\r"), []byte("\n"))
	}
	return text, nil
}

// separatorOf gives what separates the values: what a first line such as sep=; says, which is emptied then, or what the
// first line with anything in it has most of, outside quotation marks.
func separatorOf(text []byte) (rune, []byte) {
	for row := range bytes.Lines(text) {
		line := bytes.TrimSpace(row)
		if len(line) == 0 {
			continue
		}
		if rest, ok := bytes.CutPrefix(bytes.TrimRight(row, "\r\n"), []byte("sep=")); ok && len(rest) == 1 {
			if separator := rune(rest[0]); separator == ',' || separator == ';' || separator == '\t' {
				return separator, bytes.Replace(text, row, []byte("\n"), 1)
			}
		}
		return mostOf(row), text
	}
	return ',', text
}

// mostOf gives which separator a line has most of; a comma where it has none.
func mostOf(line []byte) rune {
	count := make(map[byte]int)
	quoted := false
	for _, c := range line {
		if c == '"' {
			quoted = !quoted
		} else if !quoted {
			count[c]++
		}
	}
	most := byte(',')
	for _, c := range []byte{';', '\t'} {
		if count[c] > count[most] {
			most = c
		}
	}
	return rune(most)
}

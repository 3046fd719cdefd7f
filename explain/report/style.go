package report

import (
	"bufio"
	"io"
	"strings"
	"unicode/utf8"
)

// Style is how a text looks.
type Style struct {
	Color bool // with a terminal's escape sequences for bold, red and so on
	Width int  // in columns, 80 where it is 0
}

// The escape sequences of a terminal (ECMA-48, section 8.3.117).
const (
	bold   = "\x1b[1m"
	red    = "\x1b[31m"
	normal = "\x1b[0m"
)

// page writes lines. Its first error stays in out, until it is flushed.
type page struct {
	style Style
	out   *bufio.Writer
}

// newPage makes a page.
func newPage(out io.Writer, s Style) *page {
	if s.Width <= 0 {
		s.Width = 80
	}
	return &page{s, bufio.NewWriter(out)}
}

// heading writes a line that others belong to.
func (p *page) heading(text string) { p.wrap("", "", text, bold) }

// line writes a text below a heading, in as many lines as it takes.
func (p *page) line(text string) { p.wrap("  ", "    ", text, "") }

// item writes a text with a number or sign before it.
func (p *page) item(sign, text, color string) {
	p.wrap("  "+sign+" ", strings.Repeat(" ", utf8.RuneCountInString(sign)+3), text, color)
}

// blank leaves a line empty.
func (p *page) blank() { _ = p.out.WriteByte('\n') }

// parts writes what is said of something.
func (p *page) parts(parts []part) {
	for _, part := range parts {
		p.blank()
		p.heading(part.title)
		for _, line := range part.lines {
			p.line(line)
		}
	}
}

// wrap writes a text in lines that are not too wide. A word that is wider stands by itself.
func (p *page) wrap(first, further, text, color string) {
	var line strings.Builder
	line.WriteString(first)
	width, empty := utf8.RuneCountInString(first), true
	flush := func() {
		p.paint(line.String(), color)
		line.Reset()
		line.WriteString(further)
		width, empty = utf8.RuneCountInString(further), true
	}
	for word := range strings.FieldsSeq(text) {
		length := utf8.RuneCountInString(word)
		if !empty && width+1+length > p.style.Width {
			flush()
		}
		if !empty {
			line.WriteByte(' ')
			width++
		}
		line.WriteString(word)
		width, empty = width+length, false
	}
	flush()
}

// paint writes a line in a color, if there are colors.
func (p *page) paint(line, color string) {
	if p.style.Color && color != "" {
		line = color + line + normal
	}
	_, _ = p.out.WriteString(line + "\n") // Flush tells
}

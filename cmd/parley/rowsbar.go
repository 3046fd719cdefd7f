package main

import (
	"fmt"
	"io"
)

// rowsBar shows on a terminal how many rows of a list are done. The zero value shows nothing.
type rowsBar struct {
	out   io.Writer // nil for nobody
	done  int
	all   int
	shown bool
}

// newRowsBar makes one where there is a terminal to show it, on which what comes out is not seen anyway.
func newRowsBar(out, errOut io.Writer, quiet bool, all int) rowsBar {
	if !isTerminal(errOut) || isTerminal(out) && !quiet {
		return rowsBar{}
	}
	return rowsBar{out: errOut, all: all}
}

// step shows that one more is done.
func (b *rowsBar) step() {
	if b.out == nil {
		return
	}
	b.done++
	b.shown = true
	fmt.Fprintf(b.out, "\r%d of %d", b.done, b.all)
}

// clear takes away what is shown.
func (b *rowsBar) clear() {
	if b.shown {
		b.shown = false
		fmt.Fprint(b.out, "\r\x1b[K")
	}
}

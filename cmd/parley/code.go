package main

import (
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"

	"rsc.io/qr"
)

// quietZone is the margin that a QR code needs, in modules (ISO/IEC 18004, section 6.3.8).
const quietZone = 4

// showCode shows a URL as a QR code, for telephones, where out is a terminal that can show one. Readers aloud and
// terminals that know no colours are spared it; so is the old console of Windows. It reports whether the URL was shown.
func showCode(out io.Writer, url string) bool {
	plain := os.Getenv("TERM") == "dumb" || os.Getenv("ACCESSIBLE") != "" ||
		runtime.GOOS == "windows" && os.Getenv("WT_SESSION") == ""
	if url == "" || plain || !isTerminal(out) {
		return false
	}
	code, err := qr.Encode(url, qr.L)
	if err != nil { // only what is far too long for any code fails
		return false
	}
	fmt.Fprintf(out, "%s%s\n\n", drawCode(code), url)
	return true
}

// drawCode draws a code in half blocks, two modules to a character. Its colours are black on white whatever those of the
// terminal are: many readers refuse a code the other way round.
func drawCode(code *qr.Code) string {
	const colours, reset = "\x1b[38;5;16;48;5;231m", "\x1b[0m"
	halves := map[[2]bool]string{{false, false}: " ", {true, false}: "▀", {false, true}: "▄", {true, true}: "█"}
	var b strings.Builder
	for y := -quietZone; y < code.Size+quietZone; y += 2 {
		b.WriteString(colours)
		for x := -quietZone; x < code.Size+quietZone; x++ {
			b.WriteString(halves[[2]bool{code.Black(x, y), code.Black(x, y+1)}]) // outside all is white
		}
		b.WriteString(reset + "\n")
	}
	return b.String()
}

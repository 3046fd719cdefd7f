package main

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"rsc.io/qr"
)

func TestACodeFitsATerminalAndSaysItsColours(t *testing.T) {
	code, err := qr.Encode("http://192.168.100.200:7275", qr.L)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(drawCode(code), "\n"), "\n")
	if want := (code.Size + 2*quietZone + 1) / 2; len(lines) != want {
		t.Errorf("%d lines, not %d", len(lines), want)
	}
	for i, line := range lines {
		drawn, begins := strings.CutPrefix(line, "\x1b[38;5;16;48;5;231m")
		drawn, ends := strings.CutSuffix(drawn, "\x1b[0m")
		width := utf8.RuneCountInString(drawn)
		if !begins || !ends || width != code.Size+2*quietZone || width > 80 {
			t.Errorf("line %d is %q", i, line)
		}
		if blank := strings.TrimSpace(drawn) == ""; blank != (i < 2 || i >= len(lines)-2) {
			t.Errorf("the margin is wrong at line %d: %q", i, drawn)
		}
		for x, half := range []rune(drawn) {
			top, bottom := code.Black(x-quietZone, 2*i-quietZone), code.Black(x-quietZone, 2*i+1-quietZone)
			if (half == '▀' || half == '█') != top || (half == '▄' || half == '█') != bottom {
				t.Fatalf("line %d, column %d is %q", i, x, half)
			}
		}
	}
}

func TestACodeIsForTerminalsAlone(t *testing.T) {
	var out bytes.Buffer
	showCode(&out, "http://192.168.100.200:7275")
	if out.Len() > 0 {
		t.Errorf("a file gets %q", out.String())
	}
}

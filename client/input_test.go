package client

import (
	"context"
	"io"
	"slices"
	"strings"
	"testing"

	"parley"
)

// linesTyped gives all lines of an input.
func linesTyped(t *testing.T, text string) []string {
	t.Helper()
	var lines []string
	for line := range ReadInput(t.Context(), strings.NewReader(text)).lines {
		lines = append(lines, line)
	}
	return lines
}

func TestInput(t *testing.T) {
	for text, want := range map[string][]string{
		"":                        nil,
		"one\ntwo\n":              {"one", "two"},
		"one\r\ntwo":              {"one", "two"},
		"\n\n":                    {"", ""},
		"one\nexit\nnot read\n":   {"one", "exit"},
		"one\n quit \nnot read\n": {"one", " quit "},
	} {
		if got := linesTyped(t, text); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestLineThatIsTooLongIsNotKeptWhole(t *testing.T) {
	got := linesTyped(t, strings.Repeat("x", parley.MaxText)+"\r\n"+strings.Repeat("y", 10<<20)+"\nshort\n")
	if len(got) != 3 || len(got[0]) != parley.MaxText || len(got[1]) != parley.MaxText+1 || got[2] != "short" {
		t.Errorf("%d lines, of %d, %d and %d bytes", len(got), len(got[0]), len(got[1]), len(got[2]))
	}
}

func TestFirstLineTyped(t *testing.T) {
	in := ReadInput(t.Context(), strings.NewReader("\n  alice \n#ls\n"))
	if got, err := in.First(t.Context()); got != "alice" || err != nil {
		t.Errorf("the first line is %q, %v", got, err)
	}
	if got := <-in.lines; got != "#ls" {
		t.Errorf("then comes %q", got)
	}
	if _, err := in.First(t.Context()); err != io.EOF {
		t.Errorf("at the end: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r, w := io.Pipe()
	defer func() { _ = w.Close() }()
	if _, err := ReadInput(ctx, r).First(ctx); err != context.Canceled {
		t.Errorf("when it is broken off: %v", err)
	}
}

package client

import (
	"context"
	"errors"
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

// A line that somebody waits for as a secret goes nowhere else, whatever it says.
func TestASecretIsNoLine(t *testing.T) {
	r, w := io.Pipe()
	in := ReadInput(t.Context(), r)
	typed := func(line string) {
		if _, err := io.WriteString(w, line+"\n"); err != nil {
			t.Error(err)
		}
	}
	typed("hello")
	if line := <-in.lines; line != "hello" {
		t.Errorf("typed %q", line)
	}
	// Whoever answers as soon as they are asked once had their password said in the room.
	secret, err := in.Secret(t.Context(), func() { typed(" exit ") })
	if secret != " exit " || err != nil {
		t.Errorf("the secret is %q, %v", secret, err)
	}
	typed("more")
	if line := <-in.lines; line != "more" {
		t.Errorf("typed %q", line)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := in.Secret(ctx, func() {}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	_ = w.Close()
	if _, err := in.Secret(t.Context(), func() {}); !errors.Is(err, io.EOF) {
		t.Error(err)
	}
}

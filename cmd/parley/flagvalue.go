package main

import (
	"fmt"
	"slices"
	"strings"
)

// choice is a flag that takes one of a few words.
type choice struct {
	value string
	words []string
}

// Set takes one of the words.
func (c *choice) Set(text string) error {
	if !slices.Contains(c.words, text) {
		last := len(c.words) - 1
		return fmt.Errorf("takes %s or %s, not %q", strings.Join(c.words[:last], ", "), c.words[last], text)
	}
	c.value = text
	return nil
}

// String gives the word that was chosen.
func (c *choice) String() string { return c.value }

// Type names the value in the help.
func (c *choice) Type() string { return strings.Join(c.words, "|") }

// toggle is a flag that is on, off, or left to circumstances.
type toggle struct {
	set bool
	on  bool
}

// Set takes true or false; the flag without a value is true.
func (t *toggle) Set(text string) error {
	if text != "true" && text != "false" {
		return fmt.Errorf("takes true or false, not %q", text)
	}
	t.set, t.on = true, text == "true"
	return nil
}

// String gives what was set, "" for nothing.
func (t *toggle) String() string {
	if !t.set {
		return ""
	}
	return fmt.Sprint(t.on)
}

// Type makes pflag show the flag as one that needs no value.
func (t *toggle) Type() string { return "bool" }

// or gives what was set, or else what circumstances ask for.
func (t *toggle) or(otherwise bool) bool {
	if t.set {
		return t.on
	}
	return otherwise
}

package main

import (
	"os"
	"strings"
	"testing"
)

// example is a message that docs/protocol.md shows.
type example struct {
	heading    string // the section it stands in, "" for a dialogue
	fromClient bool
	text       string
	line       int
}

// readDocument gives the examples in docs/protocol.md, and the sections that explain messages of each side, by their type.
func readDocument(t *testing.T) (examples []example, client, server []string) {
	t.Helper()
	text, err := os.ReadFile(protocolFile)
	if err != nil {
		t.Fatal(err)
	}
	var part, heading, fence string
	for i, line := range strings.Split(string(text), "\n") {
		switch {
		case strings.HasPrefix(line, "```") && fence != "":
			fence = ""
		case strings.HasPrefix(line, "```"):
			fence = line
		case fence == "```json":
			examples = append(examples, example{heading, part == "From the client", line, i + 1})
		case fence == "```dialogue":
			words, fromClient := strings.CutPrefix(line, "→ ")
			examples = append(examples, example{"", fromClient, strings.TrimPrefix(words, "← "), i + 1})
		case strings.HasPrefix(line, "## "):
			part = line[len("## "):]
		case strings.HasPrefix(line, "### "):
			heading = line[len("### "):]
			if part == "From the client" {
				client = append(client, heading)
			} else {
				server = append(server, heading)
			}
		}
	}
	return examples, client, server
}

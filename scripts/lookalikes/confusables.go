package main

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// confusables is what Unicode's confusables.txt says: the version of it, and the prototype of each character that has one
// (UTS #39, section 4).
type confusables struct {
	version    string
	prototypes map[rune]string
}

// parseConfusables reads the file. Its lines are "SOURCE ; PROTOTYPE ; MA", in hexadecimal, with comments after '#'; one
// of the first comments is the version.
func parseConfusables(in io.Reader) (*confusables, error) {
	c := &confusables{prototypes: make(map[rune]string)}
	lines := bufio.NewScanner(in)
	for number := 1; lines.Scan(); number++ {
		line := strings.TrimPrefix(lines.Text(), "\uFEFF")
		if version, ok := strings.CutPrefix(line, "# Version: "); ok {
			c.version = strings.TrimSpace(version)
		}
		if err := c.add(line); err != nil {
			return nil, fmt.Errorf("line %d: %w", number, err)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, err
	}
	if c.version == "" || len(c.prototypes) == 0 {
		return nil, fmt.Errorf("this is not Unicode's confusables.txt: it has no version, or no characters")
	}
	return c, nil
}

// add takes one line.
func (c *confusables) add(line string) error {
	data, _, _ := strings.Cut(line, "#")
	if strings.TrimSpace(data) == "" {
		return nil
	}
	fields := strings.Split(data, ";")
	if len(fields) != 3 {
		return fmt.Errorf("it has %d fields, not 3", len(fields))
	}
	source, err := parseCharacters(fields[0])
	if err != nil {
		return err
	}
	prototype, err := parseCharacters(fields[1])
	if err != nil {
		return err
	}
	if len(source) != 1 || len(prototype) == 0 {
		return fmt.Errorf("it is not about one character")
	}
	c.prototypes[source[0]] = string(prototype)
	return nil
}

// parseCharacters reads characters in hexadecimal, with spaces between them.
func parseCharacters(field string) (characters []rune, err error) {
	for _, word := range strings.Fields(field) {
		n, err := strconv.ParseUint(word, 16, 21)
		if err != nil {
			return nil, err
		}
		characters = append(characters, rune(n))
	}
	return characters, nil
}

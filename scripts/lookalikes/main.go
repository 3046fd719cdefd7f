// Lookalikes writes the table of letters, digits and marks that look like others, which the root package folds names
// with: `go generate .` in the root writes lookalikes.go.
//
// The table is made from confusables.txt, which Unicode publishes with UTS #39, and which is not kept here. It is read
// from the file that the variable CONFUSABLES names, or from where systems keep Unicode's data. Where there is none, or
// one of another version than unicodeVersion, the table stays as it is, and a line on standard error says so: what the
// table is made of changes when somebody means it to, and is the same on every machine.
package main

import (
	"fmt"
	"os"
)

// unicodeVersion is what the table is made from: the version of the letters that Go knows.
const unicodeVersion = "15.0.0"

// usual are the places where confusables.txt may be.
var usual = []string{"/usr/share/unicode/security/confusables.txt", "/usr/share/unicode/confusables.txt"}

func main() {
	if err := generate("lookalikes.go", os.Getenv("CONFUSABLES"), usual); err != nil {
		fmt.Fprintln(os.Stderr, "lookalikes:", err)
		os.Exit(1)
	}
}

// generate writes the table to out, from the file named, or else from the first of the usual places that has one.
func generate(out, named string, usual []string) error {
	if named != "" {
		return write(out, named)
	}
	for _, place := range usual {
		if _, err := os.Stat(place); err == nil {
			return write(out, place)
		}
	}
	fmt.Fprintf(os.Stderr, "lookalikes: %s stays as it is: Unicode's confusables.txt is not here.\n"+
		"It can be had from https://www.unicode.org/Public/security/%s/confusables.txt; CONFUSABLES=FILE names it.\n",
		out, unicodeVersion)
	return nil
}

// write writes the table that is made from a file.
func write(out, from string) error {
	f, err := os.Open(from)
	if err != nil {
		return err
	}
	defer f.Close()
	data, err := parseConfusables(f)
	if err != nil {
		return fmt.Errorf("%s: %w", from, err)
	}
	if data.version != unicodeVersion {
		fmt.Fprintf(os.Stderr, "lookalikes: %s stays as it is: it is made from Unicode %s, and %s is of %s.\n",
			out, unicodeVersion, from, data.version)
		return nil
	}
	source, err := render(data.table())
	if err != nil {
		return err
	}
	return os.WriteFile(out, source, 0o644)
}

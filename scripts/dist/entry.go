package main

import (
	"cmp"
	"io/fs"
	"os"
	"path"
	"slices"
)

// entry is a file in an archive. Its name has slashes.
type entry struct {
	name    string
	mode    fs.FileMode // permissions alone
	content []byte
}

// entryOf reads a file into an entry.
func entryOf(name, file string, mode fs.FileMode) (entry, error) {
	content, err := os.ReadFile(file)
	return entry{name, mode, content}, err
}

// sorted gives entries in the order of their names.
func sorted(entries []entry) []entry {
	return slices.SortedFunc(slices.Values(entries), func(a, b entry) int { return cmp.Compare(a.name, b.name) })
}

// folders gives the folders that entries are in, each before what is in it.
func folders(entries []entry) []string {
	known := make(map[string]bool)
	for _, e := range entries {
		for dir := path.Dir(e.name); dir != "."; dir = path.Dir(dir) {
			known[dir] = true
		}
	}
	var all []string
	for dir := range known {
		all = append(all, dir)
	}
	slices.Sort(all)
	return all
}

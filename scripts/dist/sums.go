package main

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

// writeSums writes the SHA-256 of each of the files, as `sha256sum -c` reads them.
func writeSums(file string, files []string) error {
	var sums bytes.Buffer
	for _, name := range slices.Sorted(slices.Values(files)) {
		content, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		fmt.Fprintf(&sums, "%x  %s\n", sha256.Sum256(content), filepath.Base(name))
	}
	return os.WriteFile(file, sums.Bytes(), 0o644)
}

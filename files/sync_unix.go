//go:build !windows

package files

import (
	"errors"
	"os"
)

// syncFolder makes the names in a folder last: a file's own sync does not cover its name.
func syncFolder(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

package files

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"parley"
)

// SetAside gives the store in dir, which nobody has open, another name beside it, DIR-1 or the next that is free, and
// gives that name. It is "" where dir keeps nothing. It is for files of a state that is not there any more: to a new one
// all of them would be what a crash left. The error is an *parley.Error of CodeStore.
func SetAside(dir string) (aside string, err error) {
	kept, err := os.ReadDir(filepath.Join(dir, "blobs"))
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(kept) == 0 {
		return "", nil
	}
	if err == nil {
		if aside, err = beside(dir); err == nil {
			err = os.Rename(dir, aside)
		}
	}
	if err != nil {
		return "", parley.Errorf(parley.CodeStore, "cannot set aside the files in %s: %w", parley.CleanLine(dir), reason(err))
	}
	return aside, nil
}

// beside gives the first of DIR-1, DIR-2, … that does not exist.
func beside(dir string) (string, error) {
	for n := 1; ; n++ {
		free := fmt.Sprintf("%s-%d", dir, n)
		if _, err := os.Lstat(free); errors.Is(err, fs.ErrNotExist) {
			return free, nil
		} else if err != nil {
			return "", err
		}
	}
}

//go:build !windows

package disk

import (
	"errors"
	"syscall"
)

// IsFull reports whether err, from writing a file, says that the disk or what this user may have of it is full.
func IsFull(err error) bool { return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) }

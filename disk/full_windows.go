package disk

import (
	"errors"

	"golang.org/x/sys/windows"
)

// IsFull reports whether err, from writing a file, says that the disk or what this user may have of it is full.
func IsFull(err error) bool {
	return errors.Is(err, windows.ERROR_DISK_FULL) || errors.Is(err, windows.ERROR_HANDLE_DISK_FULL) ||
		errors.Is(err, windows.ERROR_DISK_QUOTA_EXCEEDED)
}

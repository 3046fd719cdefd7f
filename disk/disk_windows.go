package disk

import (
	"fmt"
	"math"

	"golang.org/x/sys/windows"
)

// Free gives the bytes that this process may still write on the volume that holds path, within its user's quota. It
// costs one system call and may be called from any goroutine. The error is that of the system.
func Free(path string) (int64, error) {
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return 0, fmt.Errorf("ask for the free space of %s: %w", path, err)
	}
	var free uint64
	if err := windows.GetDiskFreeSpaceEx(name, &free, nil, nil); err != nil {
		return 0, fmt.Errorf("ask for the free space of %s: %w", path, err)
	}
	return int64(min(free, math.MaxInt64)), nil
}

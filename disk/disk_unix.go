//go:build linux || darwin || freebsd

package disk

import (
	"fmt"
	"math"
	"math/bits"

	"golang.org/x/sys/unix"
)

// Free gives the bytes that this process may still write on the file system that holds path, without what is kept for
// the superuser. It costs one system call and may be called from any goroutine. The error is that of the system.
func Free(path string) (int64, error) {
	var s unix.Statfs_t
	if err := unix.Statfs(path, &s); err != nil {
		return 0, fmt.Errorf("ask for the free space of %s: %w", path, err)
	}
	if int64(s.Bavail) < 0 { // some systems count down into what is kept for the superuser
		return 0, nil
	}
	high, low := bits.Mul64(uint64(s.Bavail), uint64(s.Bsize))
	if high != 0 || low > math.MaxInt64 {
		return math.MaxInt64, nil
	}
	return int64(low), nil
}

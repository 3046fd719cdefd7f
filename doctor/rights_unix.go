//go:build linux || darwin || freebsd

package doctor

import (
	"fmt"
	"io/fs"
	"syscall"

	"golang.org/x/sys/unix"
)

// mayWrite gives nil where this user may write to what is at path, and the system's reason where not.
func mayWrite(path string, isDir bool) error {
	mode := uint32(unix.R_OK | unix.W_OK)
	if isDir {
		mode |= unix.X_OK
	}
	return unix.Access(path, mode)
}

// ownerOf names who owns a file.
func ownerOf(info fs.FileInfo) string {
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		return userNamed(fmt.Sprint(s.Uid))
	}
	return "somebody"
}

// openFiles gives how many files, connections among them, a process of this user can have open. Go programs take all
// that they may (the hard limit) when they start.
func openFiles() (most uint64, known bool) {
	var limit unix.Rlimit
	err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit)
	return uint64(limit.Cur), err == nil
}

//go:build !linux

package admin

import (
	"path/filepath"
	"syscall"

	"parley"
)

// reachFar refuses a directory whose path is too long: without a /proc there is no shorter way to it.
func reachFar(dir string) (path string, release func(), err error) {
	return "", nil, parley.Errorf(parley.CodeStore,
		"the path of the data directory has %d bytes, too many for a socket in it (limit %d); choose another with --data DIR",
		len(filepath.Clean(dir)), maxPath-len(SocketName)-1)
}

// ownersAlone does nothing: here a socket has permissions only once it has a name.
func ownersAlone(_, _ string, _ syscall.RawConn) error { return nil }

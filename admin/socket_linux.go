package admin

import (
	"fmt"
	"os"
	"syscall"
)

// reachFar gives a short path to the socket in a directory whose own path is too long: through the open directory.
func reachFar(dir string) (path string, release func(), err error) {
	d, err := os.Open(dir)
	if err != nil {
		return "", nil, cannot("the data directory cannot be used", err)
	}
	return fmt.Sprintf("/proc/self/fd/%d/%s", d.Fd(), SocketName), func() { _ = d.Close() }, nil
}

// ownersAlone gives a socket its permissions before it has a name: Linux takes them over, so that there is no moment at
// which others could connect.
func ownersAlone(_, _ string, c syscall.RawConn) error {
	var failed error
	err := c.Control(func(fd uintptr) { failed = syscall.Fchmod(int(fd), 0o600) })
	if err != nil {
		return err
	}
	return failed
}

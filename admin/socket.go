package admin

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"

	"parley"
)

// SocketName is the socket's name in the data directory.
const SocketName = "parley.sock"

// maxPath is how long a path a socket can have everywhere, in bytes: the address of one has room for 104 with the zero
// at its end on some systems, for a little more on others.
const maxPath = 103

// socket is where clients connect.
type socket struct {
	listener *net.UnixListener
	path     string // by which it is removed
	release  func() // what was held so that a long path could be used
}

// listen makes the socket in dir.
func listen(dir string) (*socket, error) {
	s := &socket{path: filepath.Join(dir, SocketName)}
	if err := s.remove(); err != nil {
		return nil, cannot("what a server has left over cannot be removed", err)
	}
	short, release, err := reach(dir)
	if err != nil {
		return nil, err
	}
	config := net.ListenConfig{Control: ownersAlone}
	listener, err := config.Listen(context.Background(), "unix", short)
	if err != nil {
		release()
		return nil, cannot("the socket for managing accounts cannot be made", err)
	}
	s.listener, s.release = listener.(*net.UnixListener), release
	s.listener.SetUnlinkOnClose(false) // by a path that may not lead there any more; remove does it
	if err := os.Chmod(s.path, 0o600); err != nil {
		return nil, errors.Join(cannot("the socket for managing accounts cannot be kept from others", err), s.remove(), s.close())
	}
	return s, nil
}

// cannot says what could not be done, and why.
func cannot(what string, cause error) error {
	return parley.Wrap(parley.CodeStore, cause, fmt.Sprintf("%s: %v", what, cause))
}

// remove removes the socket's name, if it is there. Who is connected stays so.
func (s *socket) remove() error {
	if err := os.Remove(s.path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// close ends the listening. It is idempotent.
func (s *socket) close() error {
	err := s.listener.Close()
	s.release()
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

// reach gives a path to the socket in dir that is short enough, and a function to call when it is needed no more.
func reach(dir string) (path string, release func(), err error) {
	path = filepath.Join(dir, SocketName)
	if len(path) <= maxPath {
		return path, func() {}, nil
	}
	return reachFar(dir)
}

package transport

import (
	"fmt"
	"os"
)

// Holder is who has an address of this machine, as far as the system tells.
type Holder struct {
	PID  int    // of the process; 0 where the system does not tell
	Name string // of its program, clean; "" where PID is 0
	User string // the number of the user who opened the socket; "" where it is not known
}

// String names the process, like "nc (pid 4711)".
func (h Holder) String() string {
	switch h.PID {
	case 0:
		return "another process"
	case os.Getpid():
		return "another listener of this server"
	}
	return fmt.Sprintf("%s (pid %d)", h.Name, h.PID)
}

package doctor

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"syscall"

	"parley/server"
	"parley/transport"
)

// data looks at the directory that the server would keep its data in: whether it can be written to, and whether it is
// free.
func (m Machine) data() []Finding {
	dir := m.plan.Data
	if dir == "" {
		f := m.writable(os.TempDir())
		if f.Status == OK {
			f.Cause = "nothing is kept: the data lies there until the server ends"
		}
		return []Finding{f}
	}
	there := existing(dir)
	if info, err := os.Stat(there); err == nil && !info.IsDir() {
		return []Finding{about(dir, Wrong, there+" is a file and no directory", m.other())}
	}
	if f := m.writable(dir); f.Status != OK {
		return []Finding{f}
	}
	for _, name := range []string{"parley.lock", "parley.db"} { // what a server begins with
		path := filepath.Join(dir, name)
		if isThere(path) {
			if f := m.writable(path); f.Status != OK {
				return []Finding{f}
			}
		}
	}
	return []Finding{m.free(dir)}
}

// writable finds out whether this user may write to a path, or where it is not there, may make it.
func (m Machine) writable(path string) Finding {
	there := existing(path)
	info, err := os.Stat(there)
	if err != nil {
		return about(path, Wrong, "it cannot be looked at: "+rootCause(err), m.own(there))
	}
	err = mayWrite(there, info.IsDir())
	switch {
	case err == nil:
		return fine(path, "can be written to")
	case errors.Is(err, errors.ErrUnsupported):
		return fine(path, "can be written to, as far as can be told without trying")
	case errors.Is(err, syscall.EROFS):
		mount := "sudo mount -o remount,rw \"$(findmnt -nro TARGET -T " + m.system().quoted(there) + ")\""
		return about(path, Wrong, "it is on a file system that is mounted read-only",
			by{linux: mount, darwin: m.other(), windows: m.other()}.on(m.system()))
	}
	return about(path, Wrong, fmt.Sprintf("%s is not for %s to write to: it belongs to %s (%s)", there, whoami(),
		ownerOf(info), info.Mode()), m.own(there))
}

// existing gives a path, absolute, or the nearest above it that is there.
func existing(path string) string {
	if whole, err := filepath.Abs(path); err == nil {
		path = whole
	}
	for filepath.Dir(path) != path {
		_, err := os.Stat(path)
		if !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, syscall.ENOTDIR) {
			break
		}
		path = filepath.Dir(path)
	}
	return path
}

// free finds out whether another process has the directory. Where that is the very server that would run here, all is
// well.
func (m Machine) free(dir string) Finding {
	pid, held, err := server.HeldBy(dir)
	switch {
	case err != nil:
		return unseen(dir, "who has it cannot be seen by this user: "+rootCause(err))
	case !held && !isThere(dir):
		return fine(dir, "is not there yet, and can be made")
	case !held:
		return fine(dir, "can be written to, and nobody has it")
	case m.servedBy(pid):
		return fine(dir, fmt.Sprintf("the server that is running has it (pid %d)", pid))
	case pid == 0:
		return about(dir, Wrong, "another process has it, and has not said which", m.other())
	}
	end := fmt.Sprintf(" %d   # or use another: --data DIR", pid)
	return about(dir, Wrong, fmt.Sprintf("another parley serve has it (pid %d), which does not listen where this one "+
		"would", pid), alike("kill"+end, "Stop-Process"+end).on(m.system()))
}

// servedBy reports whether a process listens where this server would.
func (m Machine) servedBy(pid int) bool {
	for _, l := range m.plan.Listeners {
		if at, err := addressOf(l); err == nil && pid != 0 {
			if who, _ := transport.HolderOf(l.Network, at); who.PID == pid {
				return true
			}
		}
	}
	return false
}

// isThere reports whether there is something at a path.
func isThere(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// own gives the command that gives a path to this user.
func (m Machine) own(path string) string {
	path = m.system().quoted(path)
	windows := "icacls " + path + " /grant \"${env:USERNAME}:(OI)(CI)M\""
	return alike("sudo chown -R "+whoami()+" "+path, windows).on(m.system()) + "   # or use another: --data DIR"
}

// other gives the command that takes another directory.
func (m Machine) other() string {
	return alike("parley serve --data ~/parley-data", "parley serve --data $HOME\\parley-data").on(m.system())
}

// whoami names this user.
func whoami() string {
	if u, err := user.Current(); err == nil {
		return u.Username
	}
	return fmt.Sprint(os.Geteuid())
}

// userNamed names the user of a number.
func userNamed(number string) string {
	if u, err := user.LookupId(number); err == nil {
		return u.Username
	}
	return "number " + number
}

// rootCause gives what is at the bottom of an error of the system.
func rootCause(err error) string {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err.Error()
		}
		err = inner
	}
}

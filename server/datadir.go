package server

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"

	"github.com/gofrs/flock"

	"parley"
	"parley/files"
	"parley/sqlite"
)

// dataDir is a data directory that this process alone uses.
type dataDir struct {
	path      string
	temporary string // the directory around it, which is removed with it; "" where data is kept
	lock      *flock.Flock
}

// DefaultData gives the user's own data directory for Parley: $XDG_DATA_HOME/parley or ~/.local/share/parley, and on
// macOS and Windows what is usual there.
func DefaultData() (string, error) {
	if base := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(base) {
		return filepath.Join(base, "parley"), nil
	}
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" {
		base, err := os.UserConfigDir() // where programs keep their data there too
		return filepath.Join(base, "parley"), err
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", parley.Wrap(parley.CodeStore, err, "there is no home directory to keep data in; choose a place with --data DIR")
	}
	return filepath.Join(home, ".local", "share", "parley"), nil
}

// openDataDir makes and locks the directory that name stands for in Config.Data. The error is an *parley.Error whose
// sentence says what to do.
func openDataDir(name string) (*dataDir, error) {
	if name == Volatile {
		return openTemporary()
	}
	path, err := dataPath(name)
	if err != nil {
		return nil, err
	}
	d, err := lockDataDir(path)
	switch {
	case errors.Is(err, errHeld) && name == "":
		advice := "; use another with --data DIR, or keep nothing with --data " + Volatile
		return nil, parley.Wrap(parley.CodeStore, err, parley.Sentence(err)+advice)
	case err != nil:
		return nil, err
	}
	if err := d.sign(); err != nil {
		return nil, err
	}
	return d, nil
}

// dataPath gives the directory that name, which is not Volatile, stands for.
func dataPath(name string) (string, error) {
	if name == "" {
		return DefaultData()
	}
	return name, nil
}

// lockDataDir makes and locks a directory. The error is an *parley.Error, with the cause errHeld when another process has
// it.
func lockDataDir(path string) (*dataDir, error) {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return nil, parley.Wrap(parley.CodeStore, err, fmt.Sprintf("the data directory cannot be made: %v", err))
	}
	d := &dataDir{path: path, lock: flock.New(filepath.Join(path, "parley.lock"))}
	held, err := d.lock.TryLock()
	if err != nil {
		return nil, parley.Wrap(parley.CodeStore, err, fmt.Sprintf("the data directory cannot be used: %v", err))
	}
	if !held {
		return nil, d.inUse()
	}
	return d, nil
}

// openTemporary makes a data directory that ends with the server.
func openTemporary() (*dataDir, error) {
	around, err := os.MkdirTemp("", "parley-")
	if err == nil {
		err = os.Mkdir(filepath.Join(around, "data"), 0o700)
	}
	if err != nil {
		return nil, parley.Wrap(parley.CodeStore, err, fmt.Sprintf("no temporary directory can be made: %v", err))
	}
	return &dataDir{path: filepath.Join(around, "data"), temporary: around}, nil
}

// discard removes a temporary directory, also from under a server that goes on: first it is moved, so that nothing more
// comes into it while it is emptied. Where open files cannot be removed, on Windows, what the server has open stays. It
// may be called from any goroutine, more than once.
func (d *dataDir) discard() error {
	_ = os.Rename(d.path, filepath.Join(d.temporary, "gone")) // if that cannot be, it is emptied where it is
	return os.RemoveAll(d.temporary)
}

// sign says that this process has the directory as a server. If that fails, it gives the directory back.
func (d *dataDir) sign() error {
	if err := os.WriteFile(d.holder(), []byte(strconv.Itoa(os.Getpid())+"\n"), 0o600); err != nil {
		return errors.Join(parley.Wrap(parley.CodeStore, err,
			fmt.Sprintf("the data directory cannot be written to: %v", err)), d.lock.Close())
	}
	return nil
}

// holder names the file that says which process has the lock; the lock file itself cannot be read by others everywhere.
func (d *dataDir) holder() string { return filepath.Join(d.path, "parley.pid") }

// files is where the content of files is kept.
func (d *dataDir) files() string { return filepath.Join(d.path, "files") }

// setAsideFiles sets files aside whose database is not there any more. A new database names none of them, so they would be
// removed, and missing when the old one is put back.
func (d *dataDir) setAsideFiles(log *slog.Logger) error {
	_, err := os.Stat(filepath.Join(d.path, sqlite.FileName))
	if !errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	aside, err := files.SetAside(d.files())
	if aside != "" {
		log.Warn("the files of a database that is not there any more are set aside", "in", aside)
	}
	return err
}

// errHeld is the cause of an error about a directory that another process has.
var errHeld = errors.New("its lock is held")

// inUse is the error for a directory that another process has.
func (d *dataDir) inUse() error {
	who := "another process"
	if pid, err := os.ReadFile(d.holder()); err == nil && len(pid) < 20 {
		who = "another parley serve (pid " + strings.TrimSpace(parley.CleanLine(string(pid))) + ")"
	}
	return parley.Wrap(parley.CodeStore, errHeld,
		fmt.Sprintf("the data directory %s is in use by %s", parley.CleanLine(d.path), who))
}

// Close gives the directory back, and removes it when nothing was to be kept.
func (d *dataDir) Close() error {
	if d.temporary != "" {
		return d.discard()
	}
	err := os.Remove(d.holder())
	if errors.Is(err, fs.ErrNotExist) {
		err = nil // it was not a server's
	}
	return errors.Join(err, d.lock.Close())
}

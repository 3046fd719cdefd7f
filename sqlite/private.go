package sqlite

import (
	"os"
	"runtime"
)

// keepPrivate sees to it that nobody but its owner can read the database, whatever the directory and the umask allow:
// in it are conversations, and what passwords are checked against. It makes an empty file where there is none; SQLite
// gives the files beside it, of its log, the permissions that it has. What an older version left open is closed. A file
// system without permissions refuses, which is no reason not to work; and a file that cannot be made SQLite reports
// better.
func keepPrivate(path string) {
	if runtime.GOOS == "windows" {
		return // there a file is as private as its directory
	}
	if f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600); err == nil {
		_ = f.Chmod(0o600) // the umask may have taken more away
		_ = f.Close()
	}
	for _, p := range []string{path, path + "-wal", path + "-shm"} {
		info, err := os.Lstat(p)
		if err == nil && info.Mode().IsRegular() && info.Mode().Perm()&0o077 != 0 {
			_ = os.Chmod(p, info.Mode().Perm()&^0o077)
		}
	}
}

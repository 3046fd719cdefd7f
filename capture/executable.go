package capture

import (
	"os"
	"path/filepath"
	"strings"
)

// executable gives the real path of this program, as it is typed in a shell: a right belongs to a file, and not to a
// link to it.
func executable() string {
	path, err := os.Executable()
	if err != nil {
		return "parley"
	}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	if strings.ContainsFunc(path, func(r rune) bool { return strings.ContainsRune(" '\"\\$&;()<>|*?`", r) }) {
		return "'" + strings.ReplaceAll(path, "'", `'\''`) + "'"
	}
	return path
}

package doctor

import (
	"fmt"
	"os"

	"parley/disk"
)

// lowSpace is the free space, in bytes, under which a warning is given: ten times what the server leaves alone is left
// then, at most.
const lowSpace = 640 << 20

// space looks at the room on the disk that the data would lie on.
func (m Machine) space() []Finding {
	dir := m.plan.Data
	if dir == "" {
		dir = os.TempDir()
	}
	free, err := disk.Free(existing(dir))
	if err != nil {
		return []Finding{unseen(dir, "the free space cannot be seen: "+rootCause(err))}
	}
	return []Finding{m.judgeSpace(dir, free)}
}

// judgeSpace judges how many bytes are free.
func (m Machine) judgeSpace(dir string, free int64) Finding {
	path := m.system().quoted(existing(dir))
	remedy := by{
		linux:   "du -xh --max-depth=2 " + path + " | sort -h | tail -n 20",
		darwin:  "du -xh -d 2 " + path + " | sort -h | tail -n 20",
		windows: "Get-PSDrive -PSProvider FileSystem",
	}.on(m.system()) + "   # where the room is; or use another disk: --data DIR"
	switch {
	case free < m.plan.Reserve:
		return about(dir, Wrong, fmt.Sprintf("the disk is full: %s are free, and under %s nothing is stored", mib(free),
			mib(m.plan.Reserve)), remedy)
	case free < lowSpace:
		return about(dir, Warn, fmt.Sprintf("the disk is nearly full: %s are free, and under %s nothing is stored",
			mib(free), mib(m.plan.Reserve)), remedy)
	}
	return fine(dir, mib(free)+" are free")
}

// mib writes bytes for people.
func mib(bytes int64) string {
	if bytes >= 10<<30 {
		return fmt.Sprintf("%d GiB", bytes>>30)
	}
	return fmt.Sprintf("%d MiB", bytes>>20)
}

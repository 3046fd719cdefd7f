package files

import (
	"testing"

	"golang.org/x/sys/unix"

	"parley"
)

// TestADiskThatFillsUpLeavesNothing writes more than a real disk holds, which had told that there is room.
func TestADiskThatFillsUpLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, "size=1m"); err != nil {
		t.Skipf("this test mounts a small disk, which needs root: %v", err)
	}
	t.Cleanup(func() {
		if err := unix.Unmount(dir, 0); err != nil {
			t.Error(err)
		}
	})
	s := openStore(t, dir, Options{}, plenty)
	u := create(t, s, 2<<20)
	var err error
	for err == nil {
		_, err = u.Write(make([]byte, 64<<10))
	}
	code(t, err, parley.CodeDiskFull)
	u.Abort()
	idle(t, s)
	if got := tree(t, dir); got != nil {
		t.Fatalf("left %v", got)
	}
	upload(t, s, make([]byte, 512<<10))
}

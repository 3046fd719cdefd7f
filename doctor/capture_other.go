//go:build !linux

package doctor

import (
	"os"
	"runtime"
)

// mayCapture tries whether a packet filter can be opened, on systems that have one.
func mayCapture() (may, known bool, why string) {
	if runtime.GOOS == "windows" {
		return false, false, "capturing on Windows takes the driver Npcap, which is not looked for"
	}
	f, err := os.OpenFile("/dev/bpf0", os.O_RDONLY, 0)
	if err != nil {
		return !os.IsPermission(err), true, "the packet filters in /dev are not for this user" // busy is permitted
	}
	_ = f.Close()
	return true, true, ""
}

package doctor

import (
	"bufio"
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// mayCapture reads the capabilities of this process (proc(5)).
func mayCapture() (may, known bool, why string) {
	f, err := os.Open("/proc/self/status")
	if err != nil {
		return false, false, "the rights of this process cannot be seen"
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if set, ok := strings.CutPrefix(lines.Text(), "CapEff:"); ok {
			bits, err := strconv.ParseUint(strings.TrimSpace(set), 16, 64)
			return bits&(1<<unix.CAP_NET_RAW) != 0, err == nil, "the program lacks CAP_NET_RAW"
		}
	}
	return false, false, "the rights of this process cannot be seen"
}

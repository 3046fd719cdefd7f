package capture

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// sysfs gives what the system says of an interface, "" for nothing.
func sysfs(name, file string) string {
	if name != filepath.Base(name) {
		return ""
	}
	content, err := os.ReadFile(filepath.Join("/sys/class/net", name, file))
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(content))
}

// hardwareOf gives the type of an interface's hardware, one of Linux's ARPHRD numbers, 0 where it is not known.
func hardwareOf(name string) uint16 {
	kind, err := strconv.ParseUint(sysfs(name, "type"), 10, 16)
	if err != nil {
		return 0
	}
	return uint16(kind)
}

// whatSystemSays says in words what Linux knows of an interface, "" for nothing.
func whatSystemSays(name string) string {
	about := sysfs(name, "uevent")
	switch {
	case strings.Contains(about, "DEVTYPE=wlan"):
		return "wireless network"
	case strings.Contains(about, "DEVTYPE=bridge"):
		return "bridge between networks, such as of containers"
	case strings.Contains(about, "DEVTYPE=vlan"):
		return "virtual network (VLAN)"
	case sysfs(name, "tun_flags") != "":
		return "tunnel"
	case sysfs(name, "iflink") != sysfs(name, "ifindex"):
		return "cable to another computer inside this one, such as a container"
	case sysfs(name, "device/uevent") != "":
		return "network card"
	}
	return ""
}

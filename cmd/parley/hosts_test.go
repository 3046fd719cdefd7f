//go:build unix

package main

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"

	"github.com/rogpeppe/go-internal/testscript"
)

// switchCount numbers the networks.
var switchCount atomic.Int32

// hosts makes a network of its own with a host for each ADDRESS, each a network namespace, and one more, the switch, that
// they are all plugged into. It needs root on Linux. A program runs on a host by `startat ADDRESS NAME PROGRAM ARG...`.
func hosts(ts *testscript.TestScript, w *town, addresses []string) {
	need(ts, addresses, 1)
	w.network = fmt.Sprintf("parley-%d-%d", os.Getpid(), switchCount.Add(1))
	w.namespace(ts, w.network)
	ip(ts, "-n", w.network, "link", "add", "bridge", "type", "bridge")
	ip(ts, "-n", w.network, "link", "set", "bridge", "up")
	for i, address := range addresses {
		host, port := w.hostOf(address), fmt.Sprint("port", i)
		w.namespace(ts, host)
		ip(ts, "link", "add", port, "netns", w.network, "type", "veth", "peer", "name", "eth0", "netns", host)
		ip(ts, "-n", w.network, "link", "set", port, "master", "bridge", "up")
		ip(ts, "-n", host, "address", "add", address+"/24", "dev", "eth0")
		ip(ts, "-n", host, "link", "set", "eth0", "up")
		ip(ts, "-n", host, "link", "set", "lo", "up")
	}
}

// hostOf names the namespace of the host that has an address.
func (w *town) hostOf(address string) string {
	return w.network + "-" + strings.ReplaceAll(address, ".", "-")
}

// namespace makes a network namespace that is removed when the script ends.
func (w *town) namespace(ts *testscript.TestScript, name string) {
	ip(ts, "netns", "add", name)
	ts.Defer(func() { _ = exec.Command("ip", "netns", "delete", name).Run() })
}

// ip runs ip(8).
func ip(ts *testscript.TestScript, args ...string) {
	if out, err := exec.Command("ip", args...).CombinedOutput(); err != nil {
		ts.Fatalf("ip %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

// startat is start on a host.
func startat(ts *testscript.TestScript, w *town, args []string) {
	need(ts, args, 3)
	program := args[2]
	if program == "parley" {
		program = binary
	}
	inside := []string{args[1], "ip", "netns", "exec", w.hostOf(args[0]), program}
	start(ts, w, append(inside, args[3:]...))
}

// smalldisk mounts a file system of SIZE (as mount(8) writes it) at DIR, which is gone when the script ends. It needs root.
func smalldisk(ts *testscript.TestScript, _ *town, args []string) {
	need(ts, args, 2)
	dir := ts.MkAbs(args[0])
	ts.Check(os.MkdirAll(dir, 0o700))
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size="+args[1], "parley-test", dir).CombinedOutput(); err != nil {
		ts.Fatalf("mount: %v\n%s", err, out)
	}
	ts.Defer(func() { _ = exec.Command("umount", "-l", dir).Run() })
}

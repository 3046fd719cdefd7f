package transport

import (
	"bufio"
	"encoding/binary"
	"encoding/hex"
	"io"
	"net/netip"
	"os"
	"slices"
	"strconv"
	"strings"

	"parley"
)

// HolderOf finds out who keeps others from an address, as far as /proc shows it: other users' processes keep their
// descriptors to themselves, and then only the user is known. It is false when nothing was found. The network is one of
// package net's for TCP or UDP.
func HolderOf(network string, at netip.AddrPort) (h Holder, found bool) {
	for _, table := range []string{network[:3], network[:3] + "6"} {
		f, err := os.Open("/proc/net/" + table)
		if err != nil {
			continue
		}
		sockets := socketsAt(f, at)
		_ = f.Close()
		for _, s := range sockets {
			if h, found = ownerOf("/proc", s.inode); found {
				h.User = s.user
				return h, true
			}
			h.User = s.user
		}
	}
	return h, h.User != ""
}

// boundSocket is a socket in a table of /proc/net.
type boundSocket struct{ inode, user string }

// A socket that keeps others from its address is in one of these states of /proc/net/tcp and /proc/net/udp.
const (
	stateListen      = "0A"
	stateUnconnected = "07"
)

// socketsAt gives the sockets in a table of /proc/net that keep others from an address: those at the same
// port where one of the two addresses is the other or stands for all. What it cannot read it leaves out.
func socketsAt(table io.Reader, at netip.AddrPort) (sockets []boundSocket) {
	lines := bufio.NewScanner(table)
	for lines.Scan() {
		field := strings.Fields(lines.Text()) // sl local remote state queues timer retransmits uid timeout inode …
		if len(field) < 10 || field[3] != stateListen && field[3] != stateUnconnected {
			continue
		}
		held, ok := parseHex(field[1])
		if ok && held.Port() == at.Port() && overlap(held.Addr(), at.Addr()) {
			sockets = append(sockets, boundSocket{inode: field[9], user: field[7]})
		}
	}
	return sockets
}

// overlap says whether listening at a and at b excludes each other.
func overlap(a, b netip.Addr) bool { return a == b || a.IsUnspecified() || b.IsUnspecified() }

// parseHex reads an address as /proc/net writes it: the bytes of each 32-bit word in the machine's order, a colon, and
// the port, all in hexadecimal.
func parseHex(s string) (netip.AddrPort, bool) {
	host, port, _ := strings.Cut(s, ":")
	b, err := hex.DecodeString(host)
	if err != nil || len(b) != 4 && len(b) != 16 {
		return netip.AddrPort{}, false
	}
	for word := b; len(word) > 0; word = word[4:] {
		binary.NativeEndian.PutUint32(word, binary.BigEndian.Uint32(word))
	}
	n, err := strconv.ParseUint(port, 16, 16)
	addr, _ := netip.AddrFromSlice(b)
	return netip.AddrPortFrom(addr.Unmap(), uint16(n)), err == nil
}

// ownerOf names the process under proc that has the socket of this inode open.
func ownerOf(proc, inode string) (Holder, bool) {
	processes, _ := os.ReadDir(proc)
	for _, process := range processes {
		pid, err := strconv.Atoi(process.Name())
		folder := proc + "/" + process.Name()
		if err != nil || !hasOpen(folder+"/fd", inode) {
			continue
		}
		name, _ := os.ReadFile(folder + "/comm")
		return Holder{PID: pid, Name: parley.CleanLine(strings.TrimSpace(string(name)))}, true
	}
	return Holder{}, false
}

// hasOpen says whether a folder of descriptors has one of the socket of this inode.
func hasOpen(folder, inode string) bool {
	descriptors, _ := os.ReadDir(folder)
	return slices.ContainsFunc(descriptors, func(fd os.DirEntry) bool {
		target, _ := os.Readlink(folder + "/" + fd.Name())
		return target == "socket:["+inode+"]"
	})
}

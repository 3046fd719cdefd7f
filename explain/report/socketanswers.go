package report

import (
	"fmt"
	"strings"

	"parley/explain"
)

// whichSockets answers which socket addresses there are, and what for.
func (n *narrator) whichSockets(a *Answer) {
	if len(n.lab.Hosts) == 0 {
		a.say("The capture cannot tell: there is neither TCP nor UDP in it.")
		return
	}
	for _, h := range n.lab.Hosts[:min(len(n.lab.Hosts), maxAnswered)] {
		a.say(n.host(h) + ".")
	}
	if more := len(n.lab.Hosts) - maxAnswered; more > 0 {
		a.say("And " + many(int64(more), "further host") + ".")
	}
	if len(n.lab.Connections) > 0 {
		a.say("A server's socket has an address and port that clients know beforehand, and listens there. A client's port is chosen by its system "+
			"for each connection. A connection is told from others by both addresses and both ports together, so one server's port serves all.",
			n.lab.Connections[0].First)
	}
	if len(n.lab.Datagrams) > 0 {
		a.say("Over UDP one socket sends to and receives from everybody; which address a datagram came from is where an answer goes.",
			n.lab.Datagrams[0].First)
	}
}

// howManySockets answers how many sockets each host must have had.
func (n *narrator) howManySockets(a *Answer) {
	if len(n.lab.Hosts) == 0 {
		a.say("The capture cannot tell: there is neither TCP nor UDP in it.")
		return
	}
	for _, h := range n.lab.Hosts[:min(len(n.lab.Hosts), maxAnswered)] {
		s := n.socketsOf(h)
		var parts []string
		if len(s.listening) > 0 {
			parts = append(parts, fmt.Sprintf("as a server %s (%s that %s, and one a connection for %s)",
				many(int64(len(s.listening)+s.accepted), "socket"), count(int64(len(s.listening))), listens(len(s.listening)),
				many(int64(s.accepted), "connection")))
		}
		if s.asked > 0 {
			parts = append(parts, fmt.Sprintf("as a client %s, one a connection", many(int64(s.asked), "socket")))
		}
		if s.udp > 0 {
			parts = append(parts, fmt.Sprintf("%s for UDP", many(int64(s.udp), "socket")))
		}
		if len(parts) == 0 {
			parts = append(parts, "no socket that answered")
		}
		a.say(fmt.Sprintf("%s had %s; %s in all.", h.Address, strings.Join(parts, "; "), manyAddresses(len(h.Sockets))))
	}
	if more := len(n.lab.Hosts) - maxAnswered; more > 0 {
		a.say("And " + many(int64(more), "further host") + ".")
	}
	for _, c := range n.lab.Connections[:min(len(n.lab.Connections), maxAnswered)] {
		a.refer(c.First)
	}
	a.say("All sockets of a server's connections have the same local address and port; the client's tell them apart. A capture shows what was " +
		"connected or sent; a socket that was never used leaves no packet.")
}

// refer adds a frame without a sentence.
func (a *Answer) refer(r explain.Ref) {
	if len(a.Frames) < maxFrames {
		a.Frames = append(a.Frames, frame(r))
	}
}

// listens is the verb for so many sockets.
func listens(n int) string {
	if n == 1 {
		return "listens"
	}
	return "listen"
}

// manyAddresses writes how many socket addresses there are.
func manyAddresses(n int) string {
	if n == 1 {
		return "1 socket address"
	}
	return count(int64(n)) + " socket addresses"
}

package main

import (
	"fmt"
	"os"
	"os/exec"
	"testing"
)

// What somebody sees in a terminal who names no server to join. Since that makes them look on the network, they sit at a
// host with a network of its own.

// desk is a host with a network on which nobody else is.
type desk struct{ namespace string }

const deskAddress = "10.20.40.1"

// newDesk makes one, with an address on a network or with loopback alone. It needs root on Linux.
func newDesk(t *testing.T, networked bool) desk {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("making network namespaces needs root")
	}
	d := desk{fmt.Sprintf("parley-desk-%d-%d", os.Getpid(), switchCount.Add(1))}
	steps := [][]string{{"netns", "add", d.namespace}, {"-n", d.namespace, "link", "set", "lo", "up"}}
	if networked {
		steps = append(steps, []string{"-n", d.namespace, "link", "add", "eth0", "type", "veth", "peer", "name", "wall"},
			[]string{"-n", d.namespace, "link", "set", "wall", "up"},
			[]string{"-n", d.namespace, "address", "add", deskAddress + "/24", "dev", "eth0"},
			[]string{"-n", d.namespace, "link", "set", "eth0", "up"})
	}
	t.Cleanup(func() { _ = exec.Command("ip", "netns", "delete", d.namespace).Run() })
	for _, args := range steps {
		if out, err := exec.Command("ip", args...).CombinedOutput(); err != nil {
			t.Fatalf("ip %v: %v\n%s", args, err, out)
		}
	}
	return d
}

// sitDown starts parley in a terminal there.
func (d desk) sitDown(t *testing.T, env []string, args ...string) *seat {
	t.Helper()
	return sitDownTo(t, env, append([]string{"ip", "netns", "exec", d.namespace, binary}, args...)...)
}

func TestWhoeverJoinsIsAskedForAnAddressAndANameToo(t *testing.T) {
	d := newDesk(t, false)
	host := d.sitDown(t, nil, "serve", "--data", ":memory:", "--listen", "plain://127.0.0.1:8001")
	host.sees("Ctrl-C stops the server")
	p := d.sitDown(t, nil)
	p.sees("> host a chat on this machine")
	p.types("\x1b[B") // down
	p.sees("> join a chat")
	p.types("\r")
	p.sees("Looking for servers")
	p.sees("Cannot look for servers on the local network: there is no network")
	p.sees("┃ Address")
	p.types("gopher://x\r")
	p.sees("does not speak gopher://")
	p.types("\x15plain://127.0.0.1\r") // Ctrl-U empties the field
	p.sees("┃ Name")
	p.types("two words\r")
	p.sees("a name has only letters")
	p.types("\x15alice")
	p.sees("> alice")
	p.types("\r")
	p.sees("The command for this is: parley join plain://127.0.0.1 --name alice\n")
	host.sees("alice joined")
	p.types("exit\r")
	p.leaves(statusOK)
	host.types("quit\r")
	host.leaves(statusOK)
}

// kitchenServer runs a server for the network of a desk, and gives its terminal.
func kitchenServer(t *testing.T, d desk) *seat {
	t.Helper()
	host := d.sitDown(t, nil, "serve", "--lan", "--data", ":memory:")
	host.sees("▀") // a QR code
	host.sees("parley join http://" + deskAddress + ":7275")
	host.sees("announced on the local network")
	return host
}

func TestWhoeverNamesNoServerPicksOne(t *testing.T) {
	d := newDesk(t, true)
	host := kitchenServer(t, d)
	p := d.sitDown(t, nil, "join", "--name", "alice")
	p.sees("Which server?")
	p.sees("> http://" + deskAddress + ":7275")
	p.sees("another address")
	p.types("\x1b[B")
	p.sees("> plain://" + deskAddress + ":8001")
	p.types("\r")
	p.sees("The command for this is: parley join plain://" + deskAddress + ":8001\n")
	host.sees("alice joined")
	p.types("exit\r")
	p.leaves(statusOK)
	host.types("quit\r")
	host.leaves(statusOK)
}

func TestAnAddressCanBeTypedAllTheSame(t *testing.T) {
	d := newDesk(t, true)
	host := kitchenServer(t, d)
	p := d.sitDown(t, []string{"ACCESSIBLE=1"}, "join", "--name", "alice")
	p.sees("3. another address")
	p.types("3\r")
	p.sees("Address, of the server")
	p.types("\r")
	p.sees("type the address of a server")
	p.types("127.0.0.1\r")
	p.sees("The command for this is: parley join http://127.0.0.1\n")
	host.sees("alice joined")
	p.types("exit\r")
	p.leaves(statusOK)
	host.types("quit\r")
	host.leaves(statusOK)
}

func TestLookingCanBeBrokenOff(t *testing.T) {
	p := newDesk(t, true).sitDown(t, nil, "join")
	p.sees("Looking for servers")
	p.types("\x03") // Ctrl-C
	p.leaves(statusInterrupted)
}

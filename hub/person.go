package hub

import (
	"net/netip"

	"parley"
)

// Profile is what a protocol package says of somebody who connects.
type Profile struct {
	Name     parley.Name    // "" for somebody who has picked none
	Shown    string         // what others see while Name is "", such as "127.0.0.1 : 49525"
	Address  netip.AddrPort // where they connect from; zero for the operator's console
	Listener string         // the URL of the listener they came to, for the console and the log
	Greeting []byte         // sent to them before anything that happens in the room; once seen, they are there
}

// Person is somebody connected, as others see them.
type Person struct {
	ID       parley.SenderID
	Name     parley.Name // "" for somebody who has picked none
	Shown    string      // Name, or what stands for it
	Address  netip.AddrPort
	Listener string
}

// newPerson makes a guest of p, with an id of their own.
func newPerson(p Profile) Person {
	person := Person{ID: parley.NewGuestID(), Shown: p.Shown, Address: p.Address, Listener: p.Listener}
	if p.Name != "" {
		person.Name, person.Shown = p.Name, string(p.Name)
	}
	return person
}

// sender is the person as a message keeps them.
func (p Person) sender() parley.Sender { return parley.Sender{ID: p.ID, Name: p.Shown} }

// key is what p is found by in the directory: two people with the same key cannot both be addressed.
func (p Person) key() string {
	if p.Name != "" {
		return string(p.Name.Key())
	}
	return p.Shown
}

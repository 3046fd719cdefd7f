package hub

import (
	"net/netip"

	"parley"
)

// Profile is what a protocol package says of somebody who connects.
type Profile struct {
	Identity parley.Identity // who they have shown to be; without an ID they are a guest, and get one
	Shown    string          // what others see while they have no name, such as "127.0.0.1 : 49525"
	Address  netip.AddrPort  // where they connect from; zero for the operator's console
	Listener string          // the URL of the listener they came to, for the console and the log
	Greeting []byte          // sent to them before anything that happens in the room; once seen, they are there
}

// Person is somebody connected, as others see them.
type Person struct {
	parley.Identity        // whose Name is "" for somebody who has picked none
	Shown           string // the Name, or what stands for it
	Address         netip.AddrPort
	Listener        string
}

// newPerson makes a person of p, whose identity is complete.
func newPerson(p Profile) Person {
	person := Person{Shown: p.Shown, Address: p.Address, Listener: p.Listener}
	return person.as(p.Identity)
}

// as gives the person with another identity. One without a name is shown as before.
func (p Person) as(who parley.Identity) Person {
	p.Identity = who
	if who.Name != "" {
		p.Shown = string(who.Name)
	}
	return p
}

// sender is the person as an event keeps them.
func (p Person) sender() parley.Sender { return parley.Sender{ID: p.ID, Name: p.Shown} }

// key is what p is found by in the directory: two people with the same key cannot both be addressed.
func (p Person) key() string {
	if p.Name != "" {
		return string(p.Name.Key())
	}
	return p.Shown
}

package client

import (
	"net/netip"
	"time"

	"parley"
)

// Event is one thing that a Client has to tell. Its texts are as they came from strangers: whoever shows them cleans
// them first, as LineMode does.
type Event interface{ event() }

// The events.
type (
	// Connected says that there is a connection, the first one or another.
	Connected struct{ Address string }
	// Lost says that the connection broke, or that an attempt to come back failed, and when the next attempt is made.
	Lost struct {
		Reason string // a sentence
		Wait   time.Duration
	}
	// Message is something that somebody said.
	Message struct {
		From   string
		Text   string
		Direct bool // to this client alone
	}
	// Presence says that somebody came or went.
	Presence struct {
		Name string
		Here bool
	}
	// Online answers the question who is here.
	Online struct{ People []Person }
	// Notice is a sentence for the person: of the server, or of the Client about what it does.
	Notice struct{ Sentence string }
	// Line is what a server sent in no format that is known.
	Line struct{ Text string }
	// Doubt is a message, or a file, of which it is not known whether it arrived. It is not sent again.
	Doubt struct{ Text string }
	// Sent is a file that the server has confirmed.
	Sent struct {
		File       parley.File
		Unverified bool // without a digest, as servers of another make do
	}
	// Received is a file that has arrived, is what the server said it would be, and is safe on the disk.
	Received struct {
		File    parley.File
		SavedAs string // its name in the client's folder
		Folder  string

		Unverified bool // the server has not said what its digest is, as servers of another make do not
	}
	// Problem is something on this side that went wrong; the conversation goes on.
	Problem struct{ Err error }
)

// Person is somebody who is here.
type Person struct {
	Name    string
	Address netip.Addr // the zero Addr where it is not known
}

func (Connected) event() {}
func (Lost) event()      {}
func (Message) event()   {}
func (Presence) event()  {}
func (Online) event()    {}
func (Notice) event()    {}
func (Line) event()      {}
func (Doubt) event()     {}
func (Sent) event()      {}
func (Received) event()  {}
func (Problem) event()   {}

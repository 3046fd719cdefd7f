//go:build linux

package main

import (
	"fmt"
	"slices"
)

// door is a protocol by which people come to the server, as the load needs it.
type door struct {
	name string // for -door and the report
	url  string // of the listener, with a verb for the address
	echo bool   // everybody gets their own messages too
	// hello appends what a connection says first, to be told that it is in the room; nil where it is in there by connecting.
	hello func(dst []byte) []byte
	speech
}

// speech is how messages are written and read.
type speech interface {
	// post appends a message, whose text has size bytes, as a client sends it.
	post(dst []byte, m message, size int) []byte
	// count tells how many messages of others data completes, and looks at as little as it can.
	count(one *conn, data []byte) (int, error)
	// read calls each for every message that data completes. A message that is none of this load's is an error.
	read(one *conn, data []byte, size int, each func(message) error) error
}

// doors are those that are measured beside each other.
func doors() []*door {
	return []*door{
		{name: "plain", url: "plain://%s", speech: lineSpeech{}},
		{name: "websocket", url: "http://%s", echo: true, hello: appendHello, speech: frameSpeech{}},
	}
}

// doorsNamed gives the door of that name, or all of them for none.
func doorsNamed(name string) ([]*door, error) {
	all := doors()
	if name == "" {
		return all, nil
	}
	i := slices.IndexFunc(all, func(d *door) bool { return d.name == name })
	if i < 0 {
		return nil, fmt.Errorf("-door is plain or websocket, not %q", name)
	}
	return all[i : i+1], nil
}

// receivers is how many of a crowd get each message.
func (d *door) receivers(crowd int) int {
	if d.echo {
		return crowd
	}
	return crowd - 1
}

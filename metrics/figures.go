package metrics

import (
	"parley/accounts"
	"parley/files"
	"parley/hub"
	"parley/plain"
	"parley/sqlite"
	"parley/transport"
	"parley/web"
)

// Figures is everything that is shown, as it is at one moment or nearly so.
type Figures struct {
	Ready     bool // messages are taken
	Listeners []Listener
	Hub       hub.Counts
	Store     sqlite.Counts
	Files     files.Usage
	Passwords accounts.Counts
}

// Listener is the figures of one listener. What a listener of its kind does not have is nil.
type Listener struct {
	URL         string // scheme, address and port, without options; no two listeners have the same
	Protocol    string // the scheme
	Connections *transport.Counts
	Datagrams   *plain.DatagramDrops
	Web         *web.Counts
}

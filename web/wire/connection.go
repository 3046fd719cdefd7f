package wire

import "parley"

// Connection is somebody who is connected now, and from where.
type Connection struct {
	Person
	Address  string         `json:"address"`           // IP address and port
	Listener string         `json:"listener"`          // the URL of the door they came in by
	Session  parley.LoginID `json:"session,omitempty"` // whose token they showed
	TCP      *TCP           `json:"tcp,omitempty"`     // what the kernel knows; left out where it tells nothing, and over UDP
}

// Connections is the list of who is connected, by name, somebody with two connections twice.
type Connections struct {
	Items List[Connection] `json:"items"`
}

// Health says that the server is there, or whether it can work.
type Health struct {
	Status string `json:"status"` // "ok", or what is missing
}

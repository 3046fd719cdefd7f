package server

import (
	"io"
	"log/slog"
	"time"

	"parley"
	"parley/accounts"
)

// Config says what a server does. The fields are the flags of `parley serve`.
type Config struct {
	Listen      []string // listener URLs; DefaultListen when empty
	LAN         bool     // listen on LANListen instead, and be found on the local network; excludes Listen
	Data        string   // the data directory; "" for DefaultData, Volatile for a temporary one
	Share       string   // a folder whose files may be asked for; "" for none
	TLSCert     string   // PEM files for listeners with TLS; both or neither, neither for certificates of the server's own
	TLSKey      string
	FileLimit   int64              // bytes in one file; DefaultFileLimit when 0
	Quota       int64              // bytes in all files together; no limit when 0
	Admit       accounts.Admission // who is let in; accounts.Open when ""
	MakeRooms   parley.Role        // the least role that may make rooms; parley.RoleMember when ""
	PublicNames []string           // host names that the HTTP door goes by, beside loopback names and this machine's addresses
	Version     string             // of the program, for clients that ask
	Tap         string             // a file that gets what is sent and received, as pcapng; "" for none

	Console bool // whether the operator takes part from standard input and output
}

// fileLimit is how many bytes one file may have.
func (c Config) fileLimit() int64 {
	if c.FileLimit == 0 {
		return DefaultFileLimit
	}
	return c.FileLimit
}

// specs gives the listeners that the server opens.
func (c Config) specs() ([]listenURL, error) {
	switch {
	case c.LAN && len(c.Listen) > 0:
		return nil, errLANAndListen
	case c.LAN:
		return parseListeners(LANListen, c.Admit)
	case len(c.Listen) == 0:
		return parseListeners(DefaultListen, c.Admit)
	}
	return parseListeners(c.Listen, c.Admit)
}

// Environment is what the server has of the world around it. Log is needed, Stdin and Stdout where Config.Console is set.
type Environment struct {
	Stdin  io.Reader
	Stdout io.Writer
	Log    *slog.Logger
	Now    func() time.Time // time.Now when nil

	// Temporary, where it is set, is told once of data that is not to be kept (Volatile): remove removes it, for a program
	// that ends without waiting for the server to stop. It may be called from any goroutine, at any time; after it the
	// server can do nothing but end.
	Temporary func(remove func())
}

// DefaultListen are the listeners of a server that is told of none.
var DefaultListen = []string{"plain://127.0.0.1:8001", "http://127.0.0.1:7275"}

// LANListen are the listeners of a server for the local network. They are over IPv4, as is the way they are found.
var LANListen = []string{"http://0.0.0.0:7275", "plain://0.0.0.0:8001"}

const (
	// Volatile as Config.Data keeps nothing: the data lies in a private temporary directory that is removed at exit.
	Volatile = ":memory:"
	// DefaultFileLimit is the largest file that may be sent, in bytes, where nothing else is said.
	DefaultFileLimit = 8 << 30
	// DefaultPerAddress is how many connections one address may have on a listener where nothing else is said.
	DefaultPerAddress = 256
)

package server

import (
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"parley"
	"parley/plain"
	"parley/roster"
	"parley/web"
)

// listenURL is what a listener's URL says: SCHEME://HOST:PORT?option=value&…, the scheme perhaps with "+tls".
type listenURL struct {
	text    string // as it was given
	scheme  string // without "+tls"
	packets bool   // it speaks datagrams
	tls     bool
	address string          // host and port; the port of the scheme where none was given
	room    parley.RoomName // where its people start
	clients int             // connections at once, 0 for the default
	perAddr int             // connections from one address, 0 for no limit
	serial  bool

	// What the options that are left mean to the protocol; only that of the scheme is filled in.
	plain     plain.Options
	datagrams plain.DatagramOptions
	roster    roster.Options
	web       web.Options
}

// scheme is a protocol that a listener can speak.
type scheme struct {
	name, port string // port is the usual one
	packets    bool   // it speaks datagrams: no TLS under it, no serving one after the other
}

// schemes are the protocols of this server.
var schemes = []scheme{
	{name: "plain", port: "8001"},
	{name: "plain+udp", port: "12001", packets: true},
	{name: "roster", port: "5000"},
	{name: "http", port: "7275"},
}

// parseListenURL reads a listener's URL. The error is an *parley.Error of CodeInvalid that quotes it.
func parseListenURL(text string) (listenURL, error) {
	l := listenURL{text: text, room: parley.Lobby, perAddr: DefaultPerAddress}
	u, err := url.Parse(text)
	if err != nil || u.Scheme == "" || u.Host == "" {
		return l, l.errorf("a listener is given as SCHEME://HOST:PORT, such as plain://127.0.0.1:8001")
	}
	if u.User != nil || u.Fragment != "" || u.Path != "" && u.Path != "/" {
		return l, l.errorf("only options may stand after the port, such as ?clients=10")
	}
	l.scheme, l.tls = strings.CutSuffix(u.Scheme, "+tls")
	if u.Scheme == "https" {
		l.scheme, l.tls = "http", true
	}
	i := slices.IndexFunc(schemes, func(s scheme) bool { return s.name == l.scheme })
	if i < 0 {
		return l, l.errorf("%s is no protocol of this server; there are plain, plain+udp, roster and http, and plain+tls, roster+tls and https",
			u.Scheme)
	}
	l.packets = schemes[i].packets
	if l.tls && l.packets {
		return l, l.errorf("%s has no TLS", l.scheme)
	}
	port := u.Port()
	if port == "" {
		port = schemes[i].port
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		return l, l.errorf("a port is a number up to 65535, not %s", port)
	}
	l.address = net.JoinHostPort(u.Hostname(), port)
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return l, l.errorf("its options cannot be read: %v", err)
	}
	if err := l.takeOptions(query); err != nil {
		return l, err
	}
	return l, l.takeProtocolOptions(query)
}

// takeProtocolOptions reads the options that only the protocol has.
func (l *listenURL) takeProtocolOptions(query url.Values) error {
	var err error
	switch l.scheme {
	case "plain":
		l.plain, err = plain.ParseOptions(query)
	case "plain+udp":
		l.datagrams, err = plain.ParseDatagramOptions(query)
	case "roster":
		l.roster, err = roster.ParseOptions(query)
	case "http":
		l.web, err = web.ParseOptions(query)
	}
	if err != nil {
		return l.wrap(err)
	}
	return nil
}

// takeOptions reads the options that every listener has, and leaves the others in query.
func (l *listenURL) takeOptions(query url.Values) error {
	errs := []error{l.takeNumber(query, "clients", 1, &l.clients), l.takeNumber(query, "per-address", 0, &l.perAddr)}
	if !l.packets {
		errs = append(errs, l.takeSerial(query))
	}
	errs = append(errs, l.takeRoom(query))
	for _, err := range errs {
		if err != nil {
			return err // one sentence is enough for one attempt
		}
	}
	return nil
}

// takeNumber reads an option that is a whole number from least.
func (l *listenURL) takeNumber(query url.Values, name string, least int, into *int) error {
	value, given, err := l.take(query, name)
	if !given || err != nil {
		return err
	}
	n, err := strconv.Atoi(value)
	if err != nil || n < least {
		return l.errorf("%s takes a whole number from %d, not %q", name, least, value)
	}
	*into = n
	return nil
}

// takeSerial reads whether people are served one after the other.
func (l *listenURL) takeSerial(query url.Values) error {
	value, given, err := l.take(query, "serial")
	if given && err == nil && value != "0" && value != "1" {
		return l.errorf("serial takes 0 or 1, not %q", value)
	}
	l.serial = value == "1"
	return err
}

// takeRoom reads the room.
func (l *listenURL) takeRoom(query url.Values) error {
	value, given, err := l.take(query, "room")
	if !given || err != nil {
		return err
	}
	if l.room, err = parley.ParseRoomName(value); err != nil {
		return l.errorf("%s", parley.Sentence(err))
	}
	return nil
}

// take removes an option and gives its value. One that is given twice is an error: nobody can tell which was meant.
func (l *listenURL) take(query url.Values, name string) (value string, given bool, err error) {
	values := query[name]
	delete(query, name)
	switch len(values) {
	case 0:
		return "", false, nil
	case 1:
		return values[0], true, nil
	}
	return "", true, l.errorf("option %s is given %d times", name, len(values))
}

// errorf makes an error that names the listener.
func (l listenURL) errorf(format string, args ...any) error {
	return l.wrap(parley.Errorf(parley.CodeInvalid, format, args...))
}

// wrap names the listener in what a person is told of err.
func (l listenURL) wrap(err error) error {
	return parley.Wrap(parley.CodeOf(err), err, "listener "+parley.CleanLine(l.text)+": "+parley.Sentence(err))
}

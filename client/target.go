package client

import (
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"parley"
	"parley/roster/wire"
)

// Scheme is a protocol that a Client speaks.
type Scheme string

// The schemes.
const (
	SchemePlain  Scheme = "plain"
	SchemeUDP    Scheme = "plain+udp"
	SchemeRoster Scheme = "roster"
	SchemeHTTP   Scheme = "http" // with TLS it is written https
)

// defaultPort gives the usual port of each scheme.
var defaultPort = map[Scheme]uint16{SchemePlain: 8001, SchemeUDP: 12001, SchemeRoster: 5000, SchemeHTTP: 7275}

// defaultDirectPort is the UDP port of direct messages on roster://.
const defaultDirectPort = 5000

// invitePath stands before the code in the link of an invite.
const invitePath = "/invite/"

// knownURLs is the end of every sentence about a URL that cannot be joined.
const knownURLs = "http://HOST:PORT, plain://HOST:PORT, plain+udp://HOST:PORT or roster://HOST:PORT, " +
	"and with TLS https://, plain+tls:// or roster+tls://"

// Target is what the URL of a join names.
type Target struct {
	Scheme     Scheme
	TLS        bool
	Host       string // a DNS name or an IP address, without brackets
	Port       uint16
	DirectPort uint16            // the UDP port of direct messages; 0 but on roster
	Room       parley.RoomName   // the room to be in; "" but on http
	Invite     parley.InviteCode // of the link of an invite; "" for none
}

// ParseTarget reads SCHEME://HOST:PORT, where the port may be left out, or on http the link of an invite. The error is an *parley.Error of CodeInvalid
// whose sentence says what would be right.
func ParseTarget(s string) (Target, error) {
	if !strings.Contains(s, "://") {
		return Target{}, parley.Errorf(parley.CodeInvalid, "%q has no scheme: write %s", parley.CleanLine(s), knownURLs)
	}
	u, err := url.Parse(s)
	if err != nil {
		return Target{}, parley.Errorf(parley.CodeInvalid, "%q is no address to join: write %s",
			parley.CleanLine(s), knownURLs)
	}
	t, err := parseScheme(u.Scheme)
	if err != nil {
		return Target{}, err
	}
	if err := t.setHost(u); err != nil {
		return Target{}, err
	}
	return t, t.setOptions(u)
}

// parseScheme reads what stands before "://".
func parseScheme(s string) (Target, error) {
	name, tls := strings.CutSuffix(s, "+tls")
	if s == "https" {
		name, tls = string(SchemeHTTP), true
	}
	t := Target{Scheme: Scheme(name), TLS: tls, Port: defaultPort[Scheme(name)]}
	switch {
	case s == "http+tls":
		return Target{}, parley.Errorf(parley.CodeInvalid, "http:// with TLS is written https://")
	case t.Scheme == SchemeUDP && tls:
		return Target{}, parley.Errorf(parley.CodeInvalid,
			"there is no TLS under UDP: write plain+udp:// or plain+tls://")
	case t.Scheme == SchemeRoster:
		t.DirectPort = defaultDirectPort
	case t.Scheme == SchemeHTTP:
		t.Room = parley.Lobby
	case t.Port == 0:
		return Target{}, parley.Errorf(parley.CodeInvalid, "parley join does not speak %s://: write %s",
			parley.CleanLine(s), knownURLs)
	}
	return t, nil
}

// setHost reads the host and the port, and refuses what else can stand between "//" and "?".
func (t *Target) setHost(u *url.URL) error {
	switch {
	case u.User != nil:
		return parley.Errorf(parley.CodeInvalid, "no name stands before the host: give it by --name NAME")
	case t.Scheme == SchemeHTTP && strings.HasPrefix(u.Path, invitePath):
		if t.Invite = parley.InviteCode(strings.TrimPrefix(u.Path, invitePath)); !t.Invite.Valid() {
			return parley.Errorf(parley.CodeInvalid, "this link of an invite is not whole: copy all of it")
		}
	case u.Path != "" && u.Path != "/", u.Fragment != "":
		return parley.Errorf(parley.CodeInvalid, "nothing stands behind the port: write %s://%s", t.scheme(), u.Host)
	}
	if u.Hostname() == "" {
		return parley.Errorf(parley.CodeInvalid,
			"the host is missing: write %s://HOST:%d, for example %[1]s://127.0.0.1:%[2]d", t.scheme(), t.Port)
	}
	t.Host = u.Hostname()
	if u.Port() == "" {
		return nil
	}
	port, err := parsePort(u.Port())
	if err != nil {
		return err
	}
	t.Port = port
	return nil
}

// setOptions reads what stands behind "?".
func (t *Target) setOptions(u *url.URL) error {
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return parley.Errorf(parley.CodeInvalid, "what stands behind the ? cannot be read: %w", err)
	}
	for name, values := range query {
		value := values[len(values)-1]
		switch {
		case t.Scheme == SchemeRoster && name == "udp":
			t.DirectPort, err = parsePort(value)
		case t.Scheme == SchemeHTTP && name == "room":
			if t.Room, err = parley.ParseRoomName(value); err != nil {
				err = parley.Wrap(parley.CodeInvalid, err, parley.Sentence(err))
			}
		default:
			err = parley.Errorf(parley.CodeInvalid, "%s:// has no option %s to join with: %s", t.scheme(),
				parley.CleanLine(name), t.optionHint())
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// optionHint says which options there are; those of a listener are the server's own.
func (t *Target) optionHint() string {
	switch t.Scheme {
	case SchemeRoster:
		return "there is udp=PORT, and the options of a listener are for `parley serve`"
	case SchemeHTTP:
		return "there is room=NAME, and the options of a listener are for `parley serve`"
	}
	return "there are none, and the options of a listener are for `parley serve`"
}

// parsePort reads a port that can be connected to.
func parsePort(s string) (uint16, error) {
	port, err := strconv.ParseUint(s, 10, 16)
	if err != nil || port == 0 {
		return 0, parley.Errorf(parley.CodeInvalid, "a port is a number from 1 to 65535, not %q", parley.CleanLine(s))
	}
	return uint16(port), nil
}

// ParseName accepts the name to be called at the target, "" for none. On roster, white space within becomes '_', as a
// server would have it. The error is an *parley.Error of CodeNameInvalid.
func (t Target) ParseName(s string) (string, error) {
	if s == "" {
		return "", nil
	}
	if t.Scheme == SchemeRoster {
		s = wire.CleanName(s)
	}
	name, err := parley.ParseName(s)
	return string(name), err
}

// scheme gives the scheme as it stands in a URL.
func (t Target) scheme() string {
	switch {
	case t.Scheme == SchemeHTTP && t.TLS:
		return "https"
	case t.TLS:
		return string(t.Scheme) + "+tls"
	}
	return string(t.Scheme)
}

// URL gives the server's own URL, without options: "http://chat.example:7275".
func (t Target) URL() string { return t.scheme() + "://" + t.hostInURL() }

// Listen gives the URL of a listener, at another host, that could be joined by the target.
func (t Target) Listen(host string) string {
	return t.scheme() + "://" + net.JoinHostPort(host, strconv.Itoa(int(t.Port)))
}

// hostInURL gives host and port as they stand in a URL, and in the Host header of a request: without a zone, which means
// something to this machine alone (RFC 6874, section 4).
func (t Target) hostInURL() string {
	host, _, _ := strings.Cut(t.Host, "%")
	return net.JoinHostPort(host, strconv.Itoa(int(t.Port)))
}

// Address gives host and port as they are dialled: "chat.example:8001", "[::1]:8001".
func (t Target) Address() string { return net.JoinHostPort(t.Host, strconv.Itoa(int(t.Port))) }

// shown gives the address for people; a DNS name has beside it the address that it was found at.
func (t Target) shown(remote netip.Addr) string {
	address := parley.CleanLine(t.Address())
	if _, err := netip.ParseAddr(t.Host); err == nil || !remote.IsValid() {
		return address
	}
	return address + " (" + remote.Unmap().String() + ")"
}

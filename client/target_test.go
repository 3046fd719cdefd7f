package client

import (
	"strings"
	"testing"

	"parley"
)

func TestParseTarget(t *testing.T) {
	for url, want := range map[string]Target{
		"plain://127.0.0.1:8001":       {Scheme: SchemePlain, Host: "127.0.0.1", Port: 8001},
		"plain://chat.example":         {Scheme: SchemePlain, Host: "chat.example", Port: 8001},
		"plain://chat.example/":        {Scheme: SchemePlain, Host: "chat.example", Port: 8001},
		"PLAIN+TLS://chat.example:443": {Scheme: SchemePlain, TLS: true, Host: "chat.example", Port: 443},
		"plain+udp://localhost":        {Scheme: SchemeUDP, Host: "localhost", Port: 12001},
		"roster://10.20.30.1":          {Scheme: SchemeRoster, Host: "10.20.30.1", Port: 5000, DirectPort: 5000},
		"roster://host:6000?udp=5001":  {Scheme: SchemeRoster, Host: "host", Port: 6000, DirectPort: 5001},
		"roster+tls://[::1]":           {Scheme: SchemeRoster, TLS: true, Host: "::1", Port: 5000, DirectPort: 5000},
		"http://127.0.0.1":             {Scheme: SchemeHTTP, Host: "127.0.0.1", Port: 7275, Room: "lobby"},
		"https://chat.example/?room=a": {Scheme: SchemeHTTP, TLS: true, Host: "chat.example", Port: 7275, Room: "a"},
		"http://h/invite/MFRGGZDFMZTWQ2LKNNWG23TPOB": {Scheme: SchemeHTTP, Host: "h", Port: 7275, Room: "lobby",
			Invite: "MFRGGZDFMZTWQ2LKNNWG23TPOB"},
		"plain://[fe80::1%25eth0]:8001": {Scheme: SchemePlain, Host: "fe80::1%eth0", Port: 8001},
	} {
		if got, err := ParseTarget(url); err != nil || got != want {
			t.Errorf("%s: %+v, %v, want %+v", url, got, err, want)
		}
	}
}

func TestParseTargetSaysWhatIsRight(t *testing.T) {
	for url, want := range map[string]string{
		"":                         "has no scheme: write http://",
		"localhost:8001":           "has no scheme: write http://",
		"127.0.0.1":                "has no scheme: write http://",
		"http+tls://127.0.0.1":     "is written https://",
		"http://127.0.0.1/v1/":     "nothing stands behind the port: write http://127.0.0.1",
		"http://h/invite/":         "this link of an invite is not whole",
		"http://h/invite/MFRGGZDF": "this link of an invite is not whole",
		"plain://h/invite/MFRGGZDFMZTWQ2LKNNWG23TPOB": "nothing stands behind the port",
		"http:///invite/MFRGGZDFMZTWQ2LKNNWG23TPOB":   "the host is missing",
		"http://127.0.0.1?room=A+b":                   "a room name has",
		"http://127.0.0.1?udp=5000":                   "there is room=NAME",
		"irc://127.0.0.1":                             "does not speak irc://: write http://",
		"plain+udp+tls://127.0.0.1":                   "no TLS under UDP",
		"plain://":                                    "the host is missing: write plain://HOST:8001",
		"roster://:5000":                              "the host is missing: write roster://HOST:5000",
		"plain://h:0":                                 "a port is a number from 1 to 65535",
		"plain://h:65536":                             "a port is a number from 1 to 65535",
		"plain://h:web":                               "no address to join: write",
		"plain://alice@h":                             "--name NAME",
		"plain://h:1/lobby":                           "nothing stands behind the port: write plain://h:1",
		"plain://h:1?respond=upper":                   "has no option respond",
		"roster://h?udp=x":                            "a port is a number from 1 to 65535",
		"roster://h?clients=3":                        "there is udp=PORT",
		"plain://h?%zz":                               "cannot be read",
		"plain://\x1b[2J":                             "no address to join",
	} {
		_, err := ParseTarget(url)
		if parley.CodeOf(err) != parley.CodeInvalid || !strings.Contains(parley.Sentence(err), want) {
			t.Errorf("%s: the error is %v, want %q", url, err, want)
		}
	}
}

func FuzzParseTarget(f *testing.F) {
	f.Add("roster+tls://[::1]:5000?udp=5001")
	f.Fuzz(func(t *testing.T, s string) {
		target, err := ParseTarget(s)
		switch {
		case err == nil && (target.Host == "" || target.Port == 0):
			t.Errorf("%q gives %+v", s, target)
		case err != nil && parley.CleanLine(parley.Sentence(err)) != parley.Sentence(err):
			t.Errorf("the sentence about %q is not clean: %q", s, parley.Sentence(err))
		}
	})
}

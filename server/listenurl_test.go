package server

import (
	"strings"
	"testing"
	"time"

	"parley"
	"parley/plain"
)

func TestListenURLs(t *testing.T) {
	l, err := parseListenURL("plain+tls://[::1]:18080?respond=upper&clients=10&per-address=0&idle=120s&room=lab-a&serial=1")
	if err != nil {
		t.Fatal(err)
	}
	if l.scheme != "plain" || !l.tls || l.packets || l.address != "[::1]:18080" {
		t.Errorf("%+v", l)
	}
	if l.clients != 10 || l.perAddr != 0 || !l.serial || l.room != "lab-a" {
		t.Errorf("%+v", l)
	}
	if l.plain.Respond != plain.RespondUpper || l.plain.Idle != 2*time.Minute {
		t.Errorf("%+v", l.plain)
	}
}

func TestAListenURLHasDefaults(t *testing.T) {
	for text, address := range map[string]string{
		"plain://localhost": "localhost:8001", "plain://:9000": ":9000", "plain+udp://127.0.0.1": "127.0.0.1:12001",
		"roster://0.0.0.0/": "0.0.0.0:5000", "roster+tls://[::]": "[::]:5000",
	} {
		l, err := parseListenURL(text)
		if err != nil || l.address != address || l.room != parley.Lobby || l.perAddr != DefaultPerAddress || l.clients != 0 {
			t.Errorf("%s: %+v, %v", text, l, err)
		}
	}
}

func TestListenURLsThatAreWrongSayWhatIsRight(t *testing.T) {
	for text, why := range map[string]string{
		"":                                      "such as plain://127.0.0.1:8001",
		"8001":                                  "such as plain://127.0.0.1:8001",
		"plain://":                              "such as plain://127.0.0.1:8001",
		"plain:8001":                            "such as plain://127.0.0.1:8001",
		"gopher://127.0.0.1:80":                 "gopher is no protocol of this server",
		"plain+udp+tls://127.0.0.1":             "plain+udp has no TLS",
		"plain://me@127.0.0.1":                  "only options may stand after the port",
		"plain://127.0.0.1/lobby":               "only options may stand after the port",
		"plain://127.0.0.1:99999":               "a port is a number up to 65535, not 99999",
		"plain://127.0.0.1?clients=0":           `clients takes a whole number from 1, not "0"`,
		"plain://127.0.0.1?clients=x":           `clients takes a whole number from 1, not "x"`,
		"plain://127.0.0.1?serial=7":            `serial takes 0 or 1, not "7"`,
		"plain://127.0.0.1?room=A":              "a room name has",
		"plain://127.0.0.1?clients=1&clients=5": "option clients is given 2 times",
		"plain://127.0.0.1?serial=0&serial=1":   "option serial is given 2 times",
		"roster://127.0.0.1?room=a&room=b":      "option room is given 2 times",
		"plain+udp://127.0.0.1?per-address=1&per-address=1": "option per-address is given 2 times",
		"plain://127.0.0.1?color=red":                       `unknown option "color"`,
		"roster://127.0.0.1?style=says":                     `unknown option "style"`,
		"plain+udp://127.0.0.1?serial=1":                    `unknown option "serial"`,
		"plain://127.0.0.1?%zz":                             "its options cannot be read",
		"plain://127.0.0.1\x1b[31m:1":                       "such as plain://127.0.0.1:8001",
	} {
		_, err := parseListenURL(text)
		if parley.CodeOf(err) != parley.CodeInvalid || !strings.Contains(parley.Sentence(err), why) {
			t.Errorf("%q: %v, which does not say %q", text, err, why)
		}
		if err != nil && strings.ContainsRune(err.Error(), '\x1b') {
			t.Errorf("%q: the error has an escape character", text)
		}
	}
}

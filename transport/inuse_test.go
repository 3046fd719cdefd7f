package transport

import (
	"errors"
	"strings"
	"testing"

	"parley"
)

// What cannot be listened on is told in one sentence.
func TestListenErrors(t *testing.T) {
	for address, want := range map[string]string{
		"127.0.0.1":         "cannot listen on 127.0.0.1: missing port in address",
		"127.0.0.1:http-x":  "cannot listen on 127.0.0.1:http-x: ",
		"203.0.113.1:8001":  "cannot listen on 203.0.113.1:8001: ", // not ours (RFC 5737)
		"127.0.0.1:\x1b[2J": "cannot listen on 127.0.0.1:\uFFFD[2J: ",
		"127.0.0.1:8001:1":  "cannot listen on 127.0.0.1:8001:1: too many colons in address",
	} {
		_, tcp := Listen(t.Context(), address, Options{})
		_, udp := ListenPacket(t.Context(), address)
		for _, err := range []error{tcp, udp} {
			e, ok := errors.AsType[*parley.Error](err)
			if !ok || !strings.HasPrefix(e.Sentence, want) || strings.Contains(e.Sentence, "\x1b") || e.Cause == nil {
				t.Errorf("%q: %q, want %q", address, err, want)
			}
		}
	}
}

// An IPv4 address is taken on IPv4 alone, also the one that stands for all.
func TestFamily(t *testing.T) {
	for address, want := range map[string]string{
		"0.0.0.0:0": "tcp4", "127.0.0.1:8001": "tcp4",
		"[::]:0": "tcp", ":8001": "tcp", "localhost:8001": "tcp", "": "tcp",
	} {
		if got := family("tcp", address); got != want {
			t.Errorf("%q: %s, want %s", address, got, want)
		}
	}
}

package server

import (
	"fmt"
	"strings"
	"testing"

	"parley/discovery"
)

// The link of an invite has an address that others reach, where there is one.
func TestWhereOthersReachTheServer(t *testing.T) {
	for listen, names := range map[string][]string{
		"http://127.0.0.1:0": nil, "http://0.0.0.0:0": nil, "https://127.0.0.1:0": {"chat.example", "other.example"},
	} {
		s, stop := run(t, Config{Listen: []string{listen}, Data: Volatile, PublicNames: names})
		l := s.listeners[0]
		got, port := s.reachedBy(l, names), l.address().Port()
		want := ""
		if found := discovery.Addresses(); len(found) > 0 && strings.Contains(listen, "0.0.0.0") {
			want = fmt.Sprintf("http://%s:%d", found[0], port)
		}
		if len(names) > 0 {
			want = fmt.Sprintf("https://chat.example:%d", port)
		}
		if got != want && !(want == "" && strings.Contains(listen, "0.0.0.0")) { // of a machine with IPv6 alone
			t.Errorf("%s with the names %q is reached by %q, not %q", listen, names, got, want)
		}
		stop()
	}
}

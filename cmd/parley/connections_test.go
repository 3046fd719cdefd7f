package main

import (
	"strings"
	"testing"

	"parley/web/wire"
)

// The table is never wider than a terminal, whatever somebody is called and wherever they come from.
func TestConnectionTable(t *testing.T) {
	list := []wire.Connection{
		{Person: wire.Person{Name: "alice"}, Listener: "http://127.0.0.1:7275", Address: "127.0.0.1:40000", TCP: &wire.TCP{
			RTT: 41, Retransmissions: 2, ReceiveSpace: 65536, BytesSent: 999, BytesReceived: 1500,
		}},
		{Person: wire.Person{Name: "bob"}, Listener: "plain+udp://127.0.0.1:12001", Address: "127.0.0.2:40000"},
		{},
	}
	want := `NAME  PROTOCOL  ADDRESS           RTT RESENT WINDOW  SENT RECEIVED
alice http      127.0.0.1:40000 41 µs      2 64 KiB 999 B  1.5 KiB
bob   plain+udp 127.0.0.2:40000     -      -      -     -        -
-     -         -                   -      -      -     -        -
`
	if got := connectionTable(list); got != want {
		t.Errorf("%s", got)
	}
	list = append(list, wire.Connection{
		Person: wire.Person{Name: strings.Repeat("出", 32)}, Listener: "roster+tls://x:1",
		Address: "[2001:db8:1111:2222:3333:4444:5555:6666]:40000", TCP: &wire.TCP{
			RTT: 999_999, Retransmissions: 4_000_000, ReceiveWindow: 1 << 30, BytesSent: 1023 << 40, BytesReceived: 1 << 62,
		},
	})
	for line := range strings.Lines(connectionTable(list)) {
		if n := len([]rune(strings.TrimRight(line, "\n"))); n > tableWidth {
			t.Errorf("%d columns: %s", n, line)
		}
	}
}

func TestShortUnits(t *testing.T) {
	for n, want := range map[int64]string{0: "0 µs", 999: "999 µs", 1000: "1.0 ms", 12_345: "12 ms", 999_999: "999 ms", 2_500_000: "2.5 s"} {
		if got := shortTime(n); got != want {
			t.Errorf("%d: %s", n, got)
		}
	}
	for n, want := range map[int64]string{0: "0 B", 999: "999 B", 1000: "1.0 KiB", 1024: "1.0 KiB", 999 << 10: "999 KiB", 1000 << 10: "1.0 MiB", 1 << 62: "4.0 EiB"} {
		if got := shortSize(n); got != want {
			t.Errorf("%d: %s", n, got)
		}
	}
}

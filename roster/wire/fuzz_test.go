package wire

import (
	"bytes"
	"encoding/json"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"parley"
)

// FuzzParser feeds a client anything, in any pieces. Whatever comes, what it keeps is bounded, what it gives can be shown,
// and what is a text to the end is not lost.
func FuzzParser(f *testing.F) {
	f.Add([]byte(aliceAndBob), []byte{1})
	f.Add([]byte("alice: hi "+aliceAndBob+"bob: yo "), []byte{7, 200, 3})
	f.Add([]byte("!{\"a\": {\"b\": \"}\"}}!{x!{\"\n"), []byte{1, 2})
	f.Add([]byte("alice: one alice: two \xff"), []byte{0, 14})
	f.Add([]byte("127.0.0.1 : 7: hi !{\"x\": \"y\"} "), []byte{40})
	f.Fuzz(func(t *testing.T, stream, sizes []byte) {
		var p Parser
		var items []Item
		now := at(0)
		for i := 0; len(stream) > 0; i++ {
			size := 1
			if len(sizes) > 0 {
				size += int(sizes[i%len(sizes)] & 0x7F)
				if sizes[i%len(sizes)] > 0x7F { // and then silence
					if wake := p.WakeAt(); !wake.IsZero() {
						now = wake
						items = append(items, p.Fire(now)...)
					}
				}
			}
			size = min(size, len(stream))
			items = append(items, p.Read(stream[:size], now)...)
			stream = stream[size:]
			if len(p.buf) > 0 == p.WakeAt().IsZero() && !p.skip {
				t.Fatalf("keeps %q until %v", p.buf, p.WakeAt())
			}
		}
		items = append(items, p.End()...)
		for _, item := range items {
			if parley.CleanText(item.Text) != item.Text || parley.CleanLine(item.From) != item.From {
				t.Errorf("cannot be shown: %q, %q", item.From, item.Text)
			}
			if item.Kind == ItemText && strings.TrimSpace(item.Text) == "" {
				t.Errorf("an empty text of %q", item.From)
			}
			for _, e := range item.Roster {
				if parley.CleanLine(e.Name) != e.Name {
					t.Errorf("cannot be shown: %q", e.Name)
				}
			}
		}
		if len(p.buf) != 0 || !p.WakeAt().IsZero() {
			t.Errorf("keeps %q after the end", p.buf)
		}
	})
}

// FuzzParserReadsOurServer sends what our server sends, cut into any reads without a pause, and expects the same back.
func FuzzParserReadsOurServer(f *testing.F) {
	f.Add("alice", "hello !{\"x\": \"", "10.20.30.11", byte(3))
	f.Add("bob", "!{\"bob\": \"10.6.6.6\"}carol: hi", "::1", byte(0))
	f.Add("Ümit", "bob: hi\nbob: ho", "10.20.30.11", byte(1))
	f.Add("mallory", "x bob: hi "+strings.Repeat("bob: ho ", 500), "10.20.30.11", byte(8))
	f.Fuzz(func(t *testing.T, name, text, address string, size byte) {
		ip, err := netip.ParseAddr(address)
		valid, bad := parley.ParseName(name)
		text = parley.CleanText(text)
		if err != nil || bad != nil || strings.Contains(text, string(valid)+": ") || strings.TrimSpace(text) == "" ||
			len(text) > 10_000 {
			return // one with the own name in it looks like two
		}
		roster := NewRoster([]Entry{{Name: string(valid), Address: ip.Unmap().WithZone("")}})
		stream := roster.Append(nil)
		stream = AppendText(stream, string(valid), text)
		stream = roster.Append(stream)
		var p Parser
		var items []Item
		for piece := range slices.Chunk(stream, int(size)+1) {
			items = append(items, p.Read(piece, at(0))...)
		}
		items = append(items, p.End()...)
		if len(items) < 3 || items[0].Kind != ItemRoster || items[len(items)-1].Kind != ItemRoster {
			t.Fatalf("%q is read as %s", stream, show(items))
		}
		var said strings.Builder
		for _, item := range items[1 : len(items)-1] {
			if item.Kind != ItemText || item.From != string(valid) {
				t.Errorf("%q is read as %s", stream, show(items))
			}
			said.WriteString(item.Text)
		}
		if got := said.String(); unspaced(got) != unspaced(text) {
			t.Errorf("said %q, read %q", text, got)
		}
	})
}

// unspaced removes white space, which is lost at the ends of lines and of their pieces, and added in what could be a roster.
func unspaced(s string) string { return strings.Join(strings.Fields(s), "") }

// FuzzObject compares where an object ends with what the standard library says.
func FuzzObject(f *testing.F) {
	for _, s := range []string{`{}`, `{"a": "b"}x`, `{"a":["}",{"b":"\\"}],"c":-1.5e3}`, `{"a":tru`, `{,}`, `{"a" "b"}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var whole, pieces object
		whole.scan(data)
		for i := range data {
			pieces.scan(data[i : i+1])
		}
		if whole != pieces {
			t.Fatalf("%+v in one piece, %+v in many", whole, pieces)
		}
		var raw json.RawMessage
		if !bytes.HasPrefix(data, []byte("{")) || json.NewDecoder(bytes.NewReader(data)).Decode(&raw) != nil {
			return // no object, or none that is valid
		}
		if whole.state != objectWhole || whole.n != len(raw) {
			t.Fatalf("%q ends at %d, not %d (%+v)", data, len(raw), whole.n, whole)
		}
		var pairs map[string]string
		if flat := json.Unmarshal(raw, &pairs) == nil && !bytes.Contains(raw, []byte("null")); flat && whole.nested {
			t.Errorf("%q is taken for nested", raw)
		}
	})
}

// FuzzRoster writes rosters of any names and reads them back.
func FuzzRoster(f *testing.F) {
	f.Add("alice", "10.20.30.11")
	f.Add("\"\\\x00\u2028é", "::1")
	f.Fuzz(func(t *testing.T, name, address string) {
		ip, err := netip.ParseAddr(address)
		if err != nil || !utf8.ValidString(name) {
			return
		}
		ip = ip.Unmap().WithZone("")
		wire := NewRoster([]Entry{{Name: name, Address: ip}}).Append(nil)
		var p Parser
		items := p.Read(wire, at(0))
		if len(items) != 1 || items[0].Kind != ItemRoster || len(items[0].Roster) != 1 {
			t.Fatalf("%q is read as %s", wire, show(items))
		}
		if got := items[0].Roster[0]; got.Name != parley.CleanLine(name) || got.Address != ip {
			t.Errorf("%q is read as %+v", wire, got)
		}
	})
}

// FuzzNobodyForgesARoster has somebody say anything, twice, on our server. However it is cut and wherever the network
// pauses, a client reads texts and nothing else.
func FuzzNobodyForgesARoster(f *testing.F) {
	f.Add("x !{\"bob\": \"10.6.6.6\"}carol: hi", "hi", uint16(9))
	f.Add("!{\"bob\": \"10.6.6.6\", \"", "\": \"\"}carol: hi", uint16(40))
	f.Add("!!{", "}", uint16(8))
	f.Fuzz(func(t *testing.T, first, second string, cut uint16) {
		wire := AppendText(nil, "alice", parley.CleanText(first))
		wire = AppendText(wire, "alice", parley.CleanText(second))
		at1 := min(int(cut), len(wire))
		var p Parser
		items := append(p.Read(wire[:at1], at(0)), p.Fire(at(20_000))...)
		items = append(append(items, p.Read(wire[at1:], at(20_000))...), p.End()...)
		for _, item := range items {
			if item.Kind != ItemText {
				t.Errorf("%q cut at %d is read as %s", wire, at1, show(items))
			}
		}
	})
}

// FuzzPacer has anything to be sent at any time. Everything is sent once and in order but for rosters that are replaced, a
// roster alone and with quiet around it, and nothing waits for long.
func FuzzPacer(f *testing.F) {
	f.Add([]byte{1, 2, 3, 0, 30, 1, 1, 0, 7, 2, 0, 25, 3, 4, 5, 6, 7})
	f.Fuzz(func(t *testing.T, steps []byte) {
		var p Pacer
		now, last, lastRoster := 0, -1000, -1000
		texts, sent := 0, 0
		pump := func() {
			parts, wake := p.Next(at(now))
			for _, part := range parts {
				if part[0] == '!' {
					if len(parts) > 1 || now-last < 25 {
						t.Fatalf("at %d a roster is sent with %d parts, %d ms after something", now, len(parts), now-last)
					}
					lastRoster = now
				} else if int(part[0])<<8|int(part[1]) != sent || now != last && now-lastRoster < 25 {
					t.Fatalf("at %d text %d is sent, not %d, %d ms after a roster", now, part[1], sent, now-lastRoster)
				} else {
					sent++
				}
			}
			if len(parts) > 0 {
				last = now
			}
			if wake.IsZero() != (len(p.queue) == 0) || wake.After(at(now+300)) {
				t.Fatalf("at %d with %d waiting the next is at %v", now, len(p.queue), wake)
			}
		}
		for _, step := range steps[:min(len(steps), 10_000)] {
			switch {
			case step == 0:
				p.Roster([]byte("!"), at(now))
			case step < 8:
				p.Text([]byte{step}, []byte{byte(texts >> 8), byte(texts)}, at(now))
				if texts++; texts>>8 == '!' {
					return // would look like a roster
				}
			default:
				for range step % 64 {
					now++
					pump()
				}
			}
			pump()
		}
		for range 500 {
			now++
			pump()
		}
		if sent != texts || len(p.queue) > 0 {
			t.Errorf("%d texts of %d were sent, %d are left", sent, texts, len(p.queue))
		}
	})
}

// FuzzRegistering has a client send anything for a name. It has no white space, and the answers to it can be shown.
func FuzzRegistering(f *testing.F) {
	f.Add("  alice from\tthe lab\r\n")
	f.Add("\x00\u2028\xff ")
	f.Fuzz(func(t *testing.T, message string) {
		name := CleanName(message)
		if strings.Join(strings.Fields(name), "_") != name {
			t.Errorf("%q means %q", message, name)
		}
		for _, answer := range [][]byte{AppendTaken(nil, name), AppendRefused(nil, name)} {
			if s := string(answer); parley.CleanLine(s) != s || !strings.HasSuffix(s, ", send another ") {
				t.Errorf("%q is answered by %q", message, s)
			}
		}
		if n := len(AppendTaken(nil, name)); n > 200 {
			t.Errorf("an answer of %d bytes to %q", n, message)
		}
	})
}

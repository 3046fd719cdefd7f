package report_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"parley/explain"
	"parley/explain/packet"
	"parley/explain/report"
)

// pageOf gives a lab as a page, and sees that what is drawn in it is well-formed.
func pageOf(t *testing.T, l *explain.Lab) string {
	t.Helper()
	var b bytes.Buffer
	if err := report.WriteHTML(&b, l); err != nil {
		t.Fatal(err)
	}
	drawings := regexp.MustCompile(`(?s)<svg.*?</svg>`).FindAllString(b.String(), -1)
	for _, svg := range drawings {
		for d := xml.NewDecoder(strings.NewReader(svg)); ; {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%v: %s", err, svg)
			}
		}
	}
	if at := os.Getenv("PAGE"); at != "" { // to look at it
		if err := os.WriteFile(at, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return b.String()
}

// eventful is a lab in which much happens.
func eventful(t *testing.T) *explain.Lab {
	s := newStory(t)
	s.comment = `<b>lab</b> & "quotes"`
	c := s.between(pupil, teacher)
	c.scale = 0
	c.shake()
	c.text(server, "welcome\n")
	c.text(client, "<script>alert(1)</script>\n") // 6, 7
	s.later(1300 * time.Millisecond)
	c.window[server] = 26
	c.say(server, packet.ACK, "")                                    // 8
	c.say(client, packet.ACK|packet.PSH, "is anybody out there\r\n") // 9
	s.later(210 * time.Millisecond)
	c.segment(client, packet.ACK|packet.PSH, c.next[client]-22, c.next[server], "is anybody out there\r\n") // 10
	s.later(2 * time.Millisecond)
	c.window[server] = 0
	c.say(server, packet.ACK, "") // 11
	s.later(400 * time.Millisecond)
	c.window[server] = 64000
	c.say(server, packet.ACK, "") // 12
	for range 12 {
		c.text(server, strings.Repeat("y", 700))
		s.later(20 * time.Millisecond)
	}
	c.leave(client)
	refused := s.between("10.0.0.3:40100", "10.0.0.1:9999")
	refused.say(client, packet.SYN, "")
	refused.segment(server, packet.RST|packet.ACK, 0, 1001, "")
	s.datagram("10.0.0.2:50000", "10.0.0.1:12001", "hello", 0)
	s.datagram("10.0.0.1:12001", "10.0.0.2:50000", "HELLO", 0)
	l := s.lab()
	l.Connections[0].Protocol, l.Connections[0].Said = "plain", 2
	l.Connections[0].Messages = []explain.Message{
		{From: 1, Kind: "notice", Text: "welcome", Frames: []explain.Ref{{Frame: 4}}},
		{From: 0, Kind: "text", Speaker: `"><img src=x>`, Text: "<script>alert(1)</script>\x1b[2J\n", Frames: []explain.Ref{{Frame: 6}}},
		{From: 0, Kind: "text", Text: "is anybody out there", Frames: []explain.Ref{{Frame: 9}}},
	}
	return l
}

func TestAPageShowsTheLab(t *testing.T) {
	text := pageOf(t, eventful(t))
	has(t, text, "<h3 id=\"title-1\">Connection 1: 10.0.0.2:40000 → 10.0.0.1:8001</h3>", "1: SYN seq 0 win 64,240", "2: SYN, ACK seq 0 ack 1 win 65,160",
		"“is anybody out there”", "⚠ sent again", "⚠ window 0", "⋮ 1.3 s pass", "Sequence numbers over time", "Window offered", "Round trip", "Throughput",
		"bytes over s", ">R</text>", "<desc id=\"window-1-desc\">", "⚠ Connection 2: refused, frame", "<th scope=\"row\">10.0.0.1</th>",
		"Which fields does the UDP header have", "prefers-color-scheme: dark", "@media print")
}

func TestAPageNeedsNothingElse(t *testing.T) {
	text := pageOf(t, eventful(t))
	for _, bad := range []string{"<script", "http://", "https://", "url(", "@import", "<link", " src="} {
		if strings.Contains(strings.ReplaceAll(text, `&#34;&gt;&lt;img src=x&gt;`, ""), bad) {
			t.Errorf("the page has %q", bad)
		}
	}
}

func TestWhatPacketsSayIsEscapedInAPage(t *testing.T) {
	text := pageOf(t, eventful(t))
	has(t, text, "“&lt;script&gt;alert(1)&lt;/script&gt;", "&lt;b&gt;lab&lt;/b&gt; &amp; &#34;quotes&#34;")
	for _, bad := range []string{"<script>", "<img", "<b>lab", "\x1b", "\x00"} {
		if strings.Contains(text, bad) {
			t.Errorf("the page has %q", bad)
		}
	}
}

func TestAPageOfNothing(t *testing.T) {
	has(t, pageOf(t, newStory(t).lab()), "None: there is neither TCP nor UDP in this capture.")
}

func TestAPageOfManyConnectionsHasPicturesOfTheFirst(t *testing.T) {
	s := newStory(t)
	for port := range 200 {
		c := s.between("10.0.0.2:"+[]string{"1", "2"}[port%2]+"0"+string([]byte{'0' + byte(port/100), '0' + byte(port/10%10), '0' + byte(port%10)}), teacher)
		c.shake()
		c.text(client, "hello")
	}
	text := pageOf(t, s.lab())
	if n := strings.Count(text, `class="ladder"`); n != explain.MaxDetailed {
		t.Errorf("%d ladders", n)
	}
	has(t, text, "<p>51. 10.0.0.2:", "And 50 further connections.")
}

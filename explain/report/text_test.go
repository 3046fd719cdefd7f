package report_test

import (
	"bytes"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"parley/explain"
	"parley/explain/packet"
	"parley/explain/report"
)

const (
	pupil   = "10.0.0.2:40000"
	teacher = "10.0.0.1:8001"
)

// summary gives the text about a lab.
func summary(t *testing.T, l *explain.Lab) string {
	t.Helper()
	return written(t, func(b *bytes.Buffer) error { return report.WriteText(b, l, report.Style{}) })
}

// all gives all of a connection.
func all(t *testing.T, l *explain.Lab, number int) string {
	t.Helper()
	return written(t, func(b *bytes.Buffer) error { return report.WriteConnection(b, l, number, report.Style{}) })
}

// questions gives the questions with their answers.
func questions(t *testing.T, l *explain.Lab) string {
	t.Helper()
	return written(t, func(b *bytes.Buffer) error { return report.WriteQuestions(b, l, report.Style{}) })
}

// written gives what is written, in one line so that it can be searched, after a look at its lines.
func written(t *testing.T, write func(*bytes.Buffer) error) string {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(b.String()) {
		line = strings.TrimSuffix(line, "\n")
		if utf8.RuneCountInString(line) > 80 && strings.Contains(strings.TrimSpace(line), " ") {
			t.Errorf("a line of %d columns: %s", utf8.RuneCountInString(line), line)
		}
		if strings.ContainsAny(line, "\x1b\r\x00") || strings.TrimRight(line, " ") != line {
			t.Errorf("an odd line: %q", line)
		}
	}
	t.Log("\n" + b.String())
	return strings.Join(strings.Fields(b.String()), " ")
}

// has looks for texts.
func has(t *testing.T, text string, wanted ...string) {
	t.Helper()
	for _, w := range wanted {
		if !strings.Contains(text, w) {
			t.Errorf("there is no %q", w)
		}
	}
}

func TestACleanChatIsTold(t *testing.T) {
	s := newStory(t)
	c := s.between(pupil, teacher)
	c.shake()                 // 1, 2, 3
	c.text(server, "welcome") // 4, 5
	c.text(client, "hello\n") // 6, 7
	c.leave(client)           // 8, 9, 10
	l := s.lab()
	has(t, summary(t, l), "10 packets in 9 ms, from 2026-11-24 12:00:00.000 UTC: 1 TCP connection, 0 UDP datagrams and 0 other packets.",
		"Nothing: no connection was refused or reset",
		"1. 10.0.0.2:40000 → 10.0.0.1:8001 (plain). Handshake in frames 1, 2, 3. 6 bytes to the server in 1 segment, 7 bytes back in "+
			"1 segment. 2 messages. Closed by both, the client first (frames 8 and 9).",
		"10.0.0.1: 10.0.0.1:8001/tcp (a server's)")
	has(t, all(t, l, 1), "Frame 1 is the SYN, from 10.0.0.2:40000 to 10.0.0.1:8001: sequence number 1000 (relative 0)",
		"0x002 (SYN): the SYN bit is set, and the ACK bit is not", "segments of at most 1,460 bytes of data (MSS)",
		"Frame 2 is the SYN-ACK of the server: sequence number 5000 (relative 0), which the server chose by itself, and acknowledgement number "+
			"1001 (relative 1): the client's number 1000 and 1, because a SYN counts as one byte.",
		"It came 1 ms after the SYN", "Frame 3 is the client's ACK", "The server sent 7 bytes of data in 1 segment: frame 4.",
		"The smallest window that the client offered was 64,240 bytes (frame 3)", "It never held a sender back",
		"None: nothing was sent again", "The client closed first: its FIN is frame 8 (acknowledged in frame 9). Then the server closed 1 ms later",
		"What the client sent was acknowledged after 1 ms at least, 1 ms on average, 1 ms at most")
}

func TestARefusedConnectionIsTold(t *testing.T) {
	s := newStory(t)
	c := s.between(pupil, teacher)
	c.say(client, packet.SYN, "")
	c.segment(server, packet.RST|packet.ACK, 0, 1001, "")
	l := s.lab()
	has(t, summary(t, l), "! Connection 1: refused, frame 2.", "SYN in frame 1. Refused (frame 2).")
	has(t, all(t, l, 1), "Refused: frame 2 answers the SYN with a reset. The host 10.0.0.1 is there, and nothing listened at port 8001.")
	has(t, questions(t, l), "At 10.0.0.1:8001 nobody listened (frame 1).")
}

func TestASYNThatNobodyAnswersIsToldWithItsRepetitions(t *testing.T) {
	s := newStory(t)
	c := s.between(pupil, teacher)
	for _, wait := range []time.Duration{time.Second, 2 * time.Second, 4 * time.Second} {
		c.segment(client, packet.SYN, 1000, 0, "")
		s.later(wait)
	}
	l := s.lab()
	has(t, summary(t, l), "Connection 1: the SYN was never answered.", "Never answered, after 3 packets.")
	has(t, all(t, l, 1), "the SYN was sent again twice: frame 2 after 1 s, frame 3 after 3 s.", "Unanswered: nothing ever came back",
		"Frame 2 has the sequence number 1000 that frame 1 had, 1 s before.")
}

func TestAResetIsToldWithItsLikelyReason(t *testing.T) {
	t.Run("bytes were unread", func(t *testing.T) {
		s := newStory(t)
		c := s.between(pupil, teacher)
		c.shake()
		c.text(server, "welcome")
		c.text(client, "read me") // 6, 7
		c.say(server, packet.RST|packet.ACK, "")
		l := s.lab()
		has(t, all(t, l, 1), "The server broke the connection off with a reset in frame 8. Likely reason: 7 bytes were unread. The client had sent "+
			"them (frame 6) and the server had said nothing since", "The packets do not show what the program had read")
		has(t, summary(t, l), "Connection 1: reset by the server, frame 8.", "Broken off by the server (frame 8).")
	})
	t.Run("after a FIN", func(t *testing.T) {
		s := newStory(t)
		c := s.between(pupil, teacher)
		c.shake()
		c.say(server, packet.FIN|packet.ACK, "")         // 4
		c.say(client, packet.ACK|packet.PSH, "too late") // 5
		c.segment(server, packet.RST, c.next[server], 0, "")
		has(t, all(t, s.lab(), 1), "Likely reason: 8 bytes were unread. The server had closed already (frame 4) when the client sent them (frame 5)")
	})
	t.Run("on purpose", func(t *testing.T) {
		s := newStory(t)
		c := s.between(pupil, teacher)
		c.shake()
		c.say(client, packet.RST|packet.ACK, "")
		has(t, all(t, s.lab(), 1), "Nothing of the server was left to be read, so its program broke off on purpose")
	})
	t.Run("half-open", func(t *testing.T) {
		s := newStory(t)
		c := s.between(pupil, teacher)
		c.say(client, packet.ACK|packet.PSH, "still there?")
		c.segment(server, packet.RST, 5000, 0, "")
		has(t, all(t, s.lab(), 1), "it answers a segment for which the server had no connection")
	})
}

func TestWhatIsSentAgainIsTiedToTheOriginal(t *testing.T) {
	s := newStory(t)
	c := s.between(pupil, teacher)
	c.shake()
	c.say(client, packet.ACK|packet.PSH, "lost") // 4
	s.later(200 * time.Millisecond)
	c.segment(client, packet.ACK|packet.PSH, 1001, 5001, "lost") // 5: a timeout
	s.later(time.Millisecond)
	c.say(server, packet.ACK, "")               // 6
	c.say(client, packet.ACK|packet.PSH, "one") // 7
	c.say(client, packet.ACK|packet.PSH, "two") // 8
	for range 3 {                               // 9, 10, 11: "one" did not come
		c.segment(server, packet.ACK, 5001, 1005, "")
		s.later(time.Millisecond)
	}
	c.segment(client, packet.ACK|packet.PSH, 1005, 5001, "one") // 12: fast
	s.later(time.Millisecond)
	c.say(server, packet.ACK, "") // 13
	s.later(100 * time.Millisecond)
	c.segment(client, packet.ACK|packet.PSH, 1008, 5001, "two") // 14: needless
	l := s.lab()
	text := all(t, l, 1)
	has(t, text, "The client sent 3 segments again (frames 5, 12 and 14): 1 after a timeout, 1 fast, 1 needless.",
		"Frame 5 has the sequence number 1001 that frame 4 had, 201 ms before. Nobody had asked for it",
		"Frame 12 has the sequence number 1005 that frame 7 had, 5 ms before. It was fast",
		"Frame 14 has the sequence number 1008 that frame 8 had", "It was needless (spurious)", "duplicate acknowledgements (frames")
	has(t, questions(t, l), "Connection 1: yes, 3 segments, which shows by sequence numbers that had been there before.")
	sameAsTshark(t, s.capture(), l)
}

func TestAWindowThatHoldsTheSenderBackIsTimed(t *testing.T) {
	s := newStory(t)
	c := s.between(pupil, teacher)
	c.scale, c.window[server] = 0, 10
	c.shake()
	c.say(client, packet.ACK|packet.PSH, "0123456789") // 4: fills it
	c.window[server] = 0
	c.say(server, packet.ACK, "") // 5
	s.later(500 * time.Millisecond)
	c.segment(client, packet.ACK, c.next[client], c.next[server], "x") // 6: a probe
	s.later(time.Millisecond)
	c.say(server, packet.ACK, "") // 7
	c.window[server] = 100
	s.later(497 * time.Millisecond)
	c.say(server, packet.ACK, "") // 8: opens it
	c.text(client, "more")        // 9, 10
	l := s.lab()
	has(t, all(t, l, 1), "The smallest window that the server offered was 0 bytes (frame 5).",
		"The client was held back once by the window of the server, for 1 s in all.",
		"Frame 4: the client had filled the window of the server, until frame 8 opened it 1 s later.",
		"The client asked with 1 probe of one byte whether it had opened (frame 6).")
	has(t, questions(t, l), "Connection 1: 0 bytes, by the server in frame 5. The client was held back by it once, for 1 s in all.")
	has(t, summary(t, l), "Connection 1: the client was held back by the other's window for 1 s, from frame 4 on.")
	sameAsTshark(t, s.capture(), l)
}

func TestAConnectionThatNobodyServesIsTold(t *testing.T) {
	s := newStory(t)
	first, second := s.between(pupil, teacher), s.between("10.0.0.3:40001", teacher)
	first.shake()                  // 1, 2, 3
	first.text(server, "welcome")  // 4, 5
	second.shake()                 // 6, 7, 8
	second.text(client, "am I?\n") // 9, 10
	s.later(time.Second)
	l := s.lab()
	has(t, summary(t, l), "Connection 2: data was acknowledged, and nobody answered it.")
	has(t, all(t, l, 2), "The server's system acknowledged the client's data (frame 10), but not a byte ever came from its program.")
	has(t, questions(t, l), "Connection 2, from 10.0.0.3:40001: no. Its data was acknowledged in frame 10, by the system, and the program never answered.",
		"10.0.0.1 had as a server 3 sockets (1 that listens, and one a connection for 2 connections)", "all connections that came to be are to 10.0.0.1:8001")

	first.leave(client)            // 11, 12, 13
	second.text(server, "welcome") // 14, 15
	l = s.lab()
	has(t, all(t, l, 2), "was acknowledged by the server's system after 1 ms (frame 10), and the first data from the server's program came 1 s after "+
		"that (frame 14)", "Meanwhile the server served 10.0.0.2:40000 (connection 1), and turned to this one 3 ms after that had begun to end.")
}

func TestAHalfClosedConnectionIsTold(t *testing.T) {
	s := newStory(t)
	c := s.between(pupil, teacher)
	c.shake()
	c.say(client, packet.FIN|packet.ACK, "") // 4
	c.say(server, packet.ACK, "")            // 5
	l := s.lab()
	has(t, all(t, l, 1), "Half closed: the client said in frame 4 that it is done (acknowledged in frame 5), and the server had not")
	has(t, summary(t, l), "Half closed (frame 4).")
}

func TestUDPIsTold(t *testing.T) {
	s := newStory(t)
	s.datagram("10.0.0.2:50000", "10.0.0.1:12001", "hello", 0)
	s.datagram("10.0.0.1:12001", "10.0.0.2:50000", "HELLO", 0)
	nobody := s.datagram("10.0.0.2:50000", "10.0.0.1:9", "anybody?", 0)
	s.unreachable("10.0.0.1", "10.0.0.2", nobody)
	l := s.lab()
	has(t, summary(t, l), "3 UDP datagrams and 1 other packet", "10.0.0.2:50000 → 10.0.0.1:12001. 1 datagram with 5 bytes of data, frame 1",
		"! Nobody listened at 10.0.0.1:9 (UDP): frame 4.", "Nobody listened there: frame 4 (ICMP, port unreachable)")
	has(t, questions(t, l), "In frame 1: source port 50000, destination port 12001, length 13, checksum 0xbeef.",
		"Checked in frame 1: the field says 13, and the IP packet holds 13 bytes of UDP: 8 of header and 5 of data.",
		"65527 bytes by the length field", "The largest one here has 8 bytes (frame 3).", "Over IPv4 it is 65507", "17, or 0x11",
		"asked 10.0.0.1:12001 over UDP (frame 1), and was answered (frame 2).")
	if len(l.Hosts) != 2 {
		t.Error("the quoted packet is a host")
	}
}

func TestTwoFilesAreOneLab(t *testing.T) {
	s := newStory(t)
	c := s.between(pupil, teacher)
	c.shake()
	c.text(client, "hello")
	there := s.capture()
	other := s.between("10.0.0.2:40001", "10.0.0.9:80") // only the client's capture has this
	s.later(time.Second)
	other.say(client, packet.SYN, "")
	l := read(t, there, s.capture())
	has(t, summary(t, l), "6 packets in", "Handshake in frames server.pcapng:1, server.pcapng:2, server.pcapng:3.",
		"SYN in frame client.pcapng:6.", "client.pcapng: 6 packets.")
	if l.Connections[0].Packets != 5 {
		t.Errorf("%d packets, those of both files", l.Connections[0].Packets)
	}
}

func TestIPv6IsTold(t *testing.T) {
	s := newStory(t)
	c := s.between("[2001:db8::2]:40000", "[2001:db8::1]:8001")
	c.shake()
	c.text(client, "hello")
	c.leave(server)
	l := s.lab()
	has(t, summary(t, l), "[2001:db8::2]:40000 → [2001:db8::1]:8001 (plain). Handshake in frames 1, 2, 3.", "the server first (frames 6 and 7)")
	sameAsTshark(t, s.capture(), l)
}

func TestATapDeclinesWhatOnlyPacketsShow(t *testing.T) {
	s := newStory(t)
	s.tap = true
	c := s.between(pupil, teacher)
	c.shake()
	c.text(client, "hello")
	l := s.lab()
	if !l.Tap || !l.Files[0].Tap {
		t.Error("it is not known as a tap")
	}
	has(t, summary(t, l), "server.pcapng is a tap", "Seen by a tap.")
	has(t, all(t, l, 1), "The handshake was not observed: this is a tap, not a capture", "The client sent 5 bytes of data in 1 segment: frame 4")
	text := questions(t, l)
	if strings.Count(text, "The capture cannot tell: acknowledgements were not observed: this is a tap, not a capture.") < 4 {
		t.Error("questions about packets are answered")
	}
}

// Two taps of one conversation, the server's and the client's, begin with different made-up numbers. Each tells it by itself.
func TestTwoTapsAreNotPutTogether(t *testing.T) {
	var captures [][]byte
	for _, seq := range []uint32{1000, 777} {
		s := newStory(t)
		s.tap = true
		c := s.between(pupil, teacher)
		c.next[client] = seq
		c.shake()
		c.text(client, "hello\n")
		c.leave(client)
		captures = append(captures, s.capture())
	}
	l := read(t, captures...)
	if len(l.Connections) != 2 || !l.Tap {
		t.Fatalf("%d connections, tap %v", len(l.Connections), l.Tap)
	}
	for _, c := range l.Connections {
		if c.Said != 1 || c.Messages[0].Text != "hello" || c.Ends[client].Retransmissions.Count != 0 {
			t.Errorf("%d messages, %+v", c.Said, c.Messages)
		}
	}
}

func TestOffloadIsNoError(t *testing.T) {
	s := newStory(t)
	c := s.between(pupil, teacher)
	c.shake()
	c.text(client, strings.Repeat("x", 4000))
	has(t, all(t, s.lab(), 1), "1 segment of the client was larger than what the other end takes in one (frame 4).", "That is no error.")
}

func TestAnEmptyCaptureIsTold(t *testing.T) {
	l := newStory(t).lab()
	has(t, summary(t, l), "0 packets: 0 TCP connections, 0 UDP datagrams and 0 other packets.")
	has(t, questions(t, l), "The capture cannot tell: there is no TCP connection in it.", "There is no UDP in this capture to see it in.")
	if err := report.WriteConnection(&bytes.Buffer{}, l, 1, report.Style{}); err == nil {
		t.Error("a connection that is not there is told of")
	}
}

func TestColorsAreOnlyForTerminals(t *testing.T) {
	s := newStory(t)
	c := s.between(pupil, teacher)
	c.say(client, packet.SYN, "")
	var b bytes.Buffer
	if err := report.WriteText(&b, s.lab(), report.Style{Color: true}); err != nil || !strings.Contains(b.String(), "\x1b[31m") {
		t.Errorf("%v: %q", err, b.String())
	}
}

func TestWhatPacketsAndFilesSayIsCleaned(t *testing.T) {
	s := newStory(t)
	s.comment = "evil \x1b[2J\u202e comment\nline"
	c := s.between(pupil, teacher)
	c.shake()
	l := s.lab()
	l.Connections[0].Messages = []explain.Message{{Kind: "text\x1b", Speaker: "al\x07ice", Text: "a\x1b[1mb\u202ec\r\nd", Frames: []explain.Ref{{Frame: 4}, {Frame: 5}}, Glued: true}}
	l.Connections[0].Said, l.Connections[0].Protocol = 2, "plain\x1b"
	for _, text := range []string{summary(t, l), all(t, l, 1)} {
		if strings.ContainsAny(text, "\x1b\x07\u202e\r") {
			t.Errorf("%q", text)
		}
	}
	has(t, all(t, l, 1), "split over frames 4 and 5, glued to another message in the same segment", "1 more.")
}

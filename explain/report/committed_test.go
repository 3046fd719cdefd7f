package report_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"parley/explain/packet"
)

// serial is lab B: while the first client is served, what the second one says is acknowledged by the system, and read when the first
// has left. A third asks at a port where nobody listens, and one asks over UDP.
func serial(t *testing.T) *story {
	s := newStory(t)
	first, second := s.between("127.0.0.1:49339", "127.0.0.1:8001"), s.between("127.0.0.1:52142", "127.0.0.1:8001")
	first.shake()                                                      // 1, 2, 3
	first.text(server, "welcome\n")                                    // 4, 5
	second.shake()                                                     // 6, 7, 8
	second.text(client, "am I?\n")                                     // 9, 10
	first.say(client, packet.PSH|packet.ACK, "exit\n")                 // 11
	s.later(210 * time.Millisecond)                                    // it is not acknowledged
	first.segment(client, packet.PSH|packet.ACK, 1001, 5009, "exit\n") // 12
	s.later(time.Millisecond)
	first.leave(server)              // 13, 14, 15
	second.text(server, "welcome\n") // 16, 17
	second.leave(client)             // 18, 19, 20
	third := s.between("127.0.0.1:40404", "127.0.0.1:8002")
	third.say(client, packet.SYN, "")                         // 21
	third.segment(server, packet.RST|packet.ACK, 0, 1001, "") // 22
	s.datagram("127.0.0.1:55230", "127.0.0.1:12001", "no connection", 0)
	s.datagram("127.0.0.1:12001", "127.0.0.1:55230", "NO CONNECTION", 0)
	return s
}

// The captures that the scripts of cmd/parley read are those of the stories here. UPDATE=1 writes them.
func TestCommittedCapturesAreTheStories(t *testing.T) {
	whole := serial(t).capture()
	for name, want := range map[string][]byte{"serial.pcapng": whole, "broken.pcapng": whole[:len(whole)-50]} {
		path := filepath.Join("testdata", name)
		if os.Getenv("UPDATE") != "" {
			if err := os.WriteFile(path, want, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s is not the story: %v", name, err)
		}
	}
}

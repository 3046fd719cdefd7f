package server

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"parley/capture/tap"
	"parley/client"
	"parley/explain"
)

// joinTapped takes part as name, with a tap of their own, says some texts, waits until it has heard of all, and leaves.
func joinTapped(t *testing.T, url, name, path string, texts []string, all int, trusted *tls.Config) {
	t.Helper()
	target, err := client.ParseTarget(url)
	if err != nil {
		t.Error(err)
		return
	}
	file, err := tap.Create(path, tap.Options{About: "parley join"})
	if err != nil {
		t.Error(err)
		return
	}
	c, err := client.Open(t.Context(), client.Options{
		Target: target, Name: name, Files: client.NewFolder(t.TempDir()), Tap: file, TLS: trusted,
	})
	if err != nil {
		t.Error(err)
		return
	}
	heard := make(chan struct{})
	var events sync.WaitGroup
	events.Go(func() {
		n := 0
		for e := range c.Events() {
			if _, ok := e.(client.Message); ok {
				if n++; n == all {
					close(heard)
				}
			}
		}
	})
	if err := c.Await(t.Context()); err != nil {
		t.Error(err)
	}
	for _, text := range texts {
		if err := c.Say(t.Context(), text); err != nil {
			t.Error(err)
		}
	}
	<-heard
	c.Close()
	events.Wait()
	if said, err := file.Close(); err != nil || strings.Contains(said, "dropped") {
		t.Error(said, err)
	}
}

// readTap reads a file as explain does, and has tshark look through it.
func readTap(t *testing.T, path string) *explain.Lab {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lab, err := explain.Read(explain.Options{}, explain.Source{Name: path, Content: bytes.NewReader(content)})
	if err != nil {
		t.Fatal(err)
	}
	if f := lab.Files[0]; f.Broken != nil || !strings.HasPrefix(f.Section.Comment, tap.Mark) {
		t.Errorf("%s: %q, %v", path, f.Section.Comment, f.Broken)
	}
	if _, err := exec.LookPath("tshark"); err != nil {
		t.Log("tshark is not installed, so nobody else reads the file")
		return lab
	}
	command := exec.Command("tshark", "-r", path, "-o", "tcp.check_checksum:TRUE",
		"-Y", "tcp.analysis.flags || tcp.checksum.status == 0 || udp.checksum.status == 0")
	var warnings bytes.Buffer
	command.Stderr = &warnings
	out, err := command.Output()
	warned := strings.ReplaceAll(warnings.String(), "Running as user \"root\" and group \"root\". This could be dangerous.\n", "")
	if err != nil || len(out) > 0 || warned != "" {
		t.Errorf("%s: %v\n%s%s", path, err, out, warned)
	}
	return lab
}

// Many people talk at once on several protocols, under TLS too. The server's file and each person's show the same bytes of each
// connection, to its end, and every text.
func TestTapsOfBothSidesAgree(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "server.pcapng")
	s, stop := run(t, Config{
		Listen: []string{"plain://127.0.0.1:0", "http://127.0.0.1:0", "roster://127.0.0.1:0", "plain+tls://127.0.0.1:0"},
		Data:   Volatile, Tap: path,
	})
	const each, texts = 3, 20
	people := each * len(s.listeners)
	var joined sync.WaitGroup
	for i, l := range s.listeners {
		for j := range each {
			joined.Go(func() {
				name := fmt.Sprintf("person-%d-%d", i, j)
				var said []string
				for k := range texts {
					said = append(said, fmt.Sprintf("%s says %d", name, k))
				}
				scheme, _, _ := strings.Cut(l.url().text, "://")
				url := scheme + "://" + l.address().String()
				joinTapped(t, url, name, filepath.Join(folder, name+".pcapng"), said, texts, &tls.Config{InsecureSkipVerify: true})
			})
		}
	}
	joined.Wait()
	stop()
	whole := readTap(t, path)
	ends := make(map[string]*explain.Connection)
	for _, c := range whole.Connections {
		ends[c.Client.String()] = c
	}
	seen := 0
	for i := range s.listeners {
		for j := range each {
			lab := readTap(t, filepath.Join(folder, fmt.Sprintf("person-%d-%d.pcapng", i, j)))
			for _, c := range lab.Connections {
				seen++
				other := ends[c.Client.String()]
				if other == nil || other.Ends[0].Bytes != c.Ends[0].Bytes || other.Server != c.Server || other.ACK == nil {
					t.Errorf("%v to %v: %+v, and the server's %+v", c.Client, c.Server, c, other)
					continue
				}
				if other.Ends[1].Bytes < c.Ends[1].Bytes { // what came after somebody had left is not read
					t.Errorf("%v: %d bytes were read, and %d sent", c.Client, c.Ends[1].Bytes, other.Ends[1].Bytes)
				}
			}
		}
	}
	if seen < people || seen != len(whole.Connections) {
		t.Errorf("%d connections, and the server's %d", seen, len(whole.Connections))
	}
	content, _ := os.ReadFile(path)
	for i := range s.listeners {
		for k := range texts {
			if text := fmt.Sprintf("person-%d-0 says %d", i, k); !bytes.Contains(content, []byte(text)) && i != 1 {
				t.Errorf("nobody said %q", text) // WebSocket's clients mask what they send (RFC 6455, section 5.3)
			}
		}
	}
}

// Datagrams stand in the file, both ways; a file that cannot be is the first thing one is told.
func TestTapOfDatagrams(t *testing.T) {
	path := filepath.Join(t.TempDir(), "server.pcapng")
	s, stop := run(t, Config{Listen: []string{"plain+udp://127.0.0.1:0"}, Data: Volatile, Tap: path})
	var people [2]net.Conn
	for i := range people {
		c, err := net.Dial("udp", s.listeners[0].address().String())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		people[i] = c
		_, _ = c.Write([]byte("hello"))
		if i > 0 { // the first hears the second
			if _, err := people[0].Read(make([]byte, 100)); err != nil {
				t.Fatal(err)
			}
		}
	}
	stop()
	lab := readTap(t, path)
	for i, p := range people {
		var sent, received int64
		for _, d := range lab.Datagrams {
			if d.From.String() == p.LocalAddr().String() {
				sent += d.Bytes
			}
			if d.To.String() == p.LocalAddr().String() {
				received += d.Bytes
			}
		}
		if sent != int64(len("hello")) || i == 0 && received == 0 {
			t.Errorf("%v sent %d bytes, and was sent %d", p.LocalAddr(), sent, received)
		}
	}
	if _, err := New(t.Context(), Config{Data: Volatile, Listen: []string{"plain://127.0.0.1:0"}, Tap: t.TempDir()}, quiet()); err == nil {
		t.Error("a folder was opened for writing")
	}
}

package server

import (
	"os"
	"path/filepath"
	"testing"

	"parley"
)

// A plan says what would be opened, and opens nothing.
func TestPlan(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "not", "made")
	p, err := Config{Data: dir, Listen: []string{"plain+tls://127.0.0.1?clients=7", "plain+udp://127.0.0.1:9"}}.Plan()
	want := []Planned{
		{URL: "plain+tls://127.0.0.1?clients=7", Network: "tcp", Address: "127.0.0.1:8001", TLS: true, Clients: 7},
		{URL: "plain+udp://127.0.0.1:9", Network: "udp", Address: "127.0.0.1:9"},
	}
	if err != nil || p.Data != dir || len(p.Listeners) != 2 || p.Listeners[0] != want[0] || p.Listeners[1] != want[1] {
		t.Errorf("%+v, %v", p, err)
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("it made the directory")
	}
	if p, err := (Config{Data: Volatile}).Plan(); err != nil || p.Data != "" || len(p.Listeners) != len(DefaultListen) {
		t.Errorf("%+v, %v", p, err)
	}
	if _, err := (Config{LAN: true, Listen: DefaultListen}).Plan(); parley.CodeOf(err) != parley.CodeInvalid {
		t.Error(err)
	}
}

// Who has a data directory can be seen without taking it.
func TestHeldBy(t *testing.T) {
	dir := t.TempDir()
	if pid, held, err := HeldBy(dir); held || pid != 0 || err != nil {
		t.Errorf("nobody: %d, %v, %v", pid, held, err)
	}
	if left, _ := os.ReadDir(dir); len(left) != 0 {
		t.Error("looking made something")
	}
	d, err := openDataDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if pid, held, err := HeldBy(dir); !held || pid != os.Getpid() || err != nil {
		t.Errorf("a server: %d, %v, %v", pid, held, err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if _, held, err := HeldBy(dir); held || err != nil {
		t.Errorf("after it: %v, %v", held, err)
	}
}

//go:build unix

package main

import (
	"bufio"
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// running is a server that works.
type running struct {
	t       *testing.T
	process *exec.Cmd
	log     string // the file that has its standard error
}

// runServer starts `parley serve` on a data directory and waits until it works.
func runServer(t *testing.T, data, listen string) *running {
	t.Helper()
	r := &running{t: t, log: filepath.Join(t.TempDir(), "log")}
	log, err := os.Create(r.log)
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	r.process = exec.Command(binary, "serve", "--data", data, "--listen", listen)
	r.process.Stderr = log
	banner, err := r.process.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := r.process.Start(); err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewScanner(banner); ; {
		if !lines.Scan() {
			t.Fatalf("the server did not start:\n%s", r.logged())
		}
		if strings.HasPrefix(lines.Text(), "Ctrl-C stops") {
			return r
		}
	}
}

// logged gives what the server has logged.
func (r *running) logged() []byte {
	text, _ := os.ReadFile(r.log) // nothing is what there is where it cannot be read
	return text
}

// kill ends the server as a power failure would, and fails where it had a race.
func (r *running) kill() {
	r.t.Helper()
	if err := r.process.Process.Kill(); err != nil {
		r.t.Fatal(err)
	}
	_ = r.process.Wait() // killed
	if text := r.logged(); bytes.Contains(text, []byte("DATA RACE")) || bytes.Contains(text, []byte("panic")) {
		r.t.Errorf("the server said:\n%s", text)
	}
}

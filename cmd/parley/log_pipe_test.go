//go:build unix

package main

import (
	"bufio"
	"io"
	"net"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestNobodyWaitsForALogThatIsNotRead: when the pager that showed the log was stopped, and its pipe was full, whoever had
// something to log waited for it, and with them the loop that accepts connections.
func TestNobodyWaitsForALogThatIsNotRead(t *testing.T) {
	const address = "127.98.1.1:8001"
	server := exec.Command(binary, "serve", "--data", ":memory:", "--log-level", "debug", "--listen", "plain://"+address)
	out, err := server.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	log, err := server.StderrPipe() // read by nobody for now
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = server.Process.Kill() }() // which says nothing of a process that has ended
	shown := newTranscript()
	go func() { _, _ = io.Copy(shown, out); shown.end() }()
	if !shown.await(regexp.MustCompile(`Ctrl-C stops`)) {
		t.Fatalf("the server did not start:\n%s", shown.whole())
	}
	for range 2000 { // each of whom leaves a line of more than 100 bytes; a pipe holds 65,536
		comeAndGo(t, address)
	}
	lines := bufio.NewScanner(log)
	for left := 2000; left > 0; {
		if !lines.Scan() {
			t.Fatalf("%d lines are missing", left)
		}
		if strings.Contains(lines.Text(), "the client left") {
			left--
		}
	}
	if err := server.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	var last string
	for lines.Scan() {
		last = lines.Text()
	}
	if !strings.HasSuffix(last, "INFO  stopping") {
		t.Errorf("the last line is %q", last)
	}
	if err := server.Wait(); err != nil {
		t.Error(err)
	}
}

// comeAndGo connects, is welcomed, leaves and waits for the end.
func comeAndGo(t *testing.T, address string) {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(patience))
	if _, err := io.WriteString(conn, "exit\n"); err != nil {
		t.Fatal(err)
	}
	heard, err := bufio.NewReader(conn).ReadString('\n')
	if err != nil || strings.TrimSpace(heard) != "welcome" {
		t.Fatalf("heard %q, %v", heard, err)
	}
	if _, err := io.Copy(io.Discard, conn); err != nil {
		t.Fatal(err)
	}
}

// TestALogThatIsReadAgainSaysWhatIsMissing: in the place of lines there was no room for stands how many they are, in the
// format of the log.
func TestALogThatIsReadAgainSaysWhatIsMissing(t *testing.T) {
	for format, want := range map[string]string{
		"text": `^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d WARN  (\d+) lines were not written$`,
		"json": `^{"time":"[^"]+","level":"WARN","msg":"(\d+) lines were not written"}$`,
	} {
		t.Run(format, func(t *testing.T) {
			pager, out := io.Pipe()
			log, end := openLog(out, format, "error")
			const said = 50_000 // of more than 50 bytes
			for range said {
				log.Error("something happens", "again", strings.Repeat("x", 20))
			}
			written, missing, gap := 0, 0, regexp.MustCompile(want)
			for lines := bufio.NewScanner(pager); written+missing < said && lines.Scan(); {
				if told := gap.FindStringSubmatch(lines.Text()); told != nil {
					n, err := strconv.Atoi(told[1])
					if err != nil {
						t.Fatal(err)
					}
					missing += n
				} else {
					written++
				}
			}
			end()
			if written == 0 || missing == 0 || written+missing != said {
				t.Errorf("%d lines are written and %d missing, of %d", written, missing, said)
			}
		})
	}
}

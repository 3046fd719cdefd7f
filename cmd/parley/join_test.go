package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// joinAs runs `parley join` with what is typed as its input.
func joinAs(t *testing.T, typed string, args ...string) (out, errOut string, err error) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	cmd := newJoinCommand()
	cmd.SetArgs(args)
	cmd.SetIn(strings.NewReader(typed))
	cmd.SetOut(&stdout)
	cmd.SetErr(&stderr)
	err = cmd.ExecuteContext(t.Context())
	return stdout.String(), stderr.String(), err
}

// answering is a server that greets a client, gives an answer to each of its lines, and notes them.
func answering(t *testing.T, answer func(line string) string) (url string, heard <-chan string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	lines := make(chan string, 100)
	go func() {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		defer func() { _ = conn.Close() }()
		fmt.Fprint(conn, "welcome\n")
		for s := bufio.NewScanner(conn); s.Scan(); {
			lines <- s.Text()
			fmt.Fprint(conn, answer(s.Text()))
		}
		close(lines)
	}()
	return "plain://" + l.Addr().String(), lines
}

func TestJoinUsage(t *testing.T) {
	for command, want := range map[string]string{
		"plain://h plain://i":             "join takes one URL",
		"127.0.0.1:8001":                  "has no scheme: write http://",
		"http://h --udp":                  "unknown flag: --udp",
		"http://h?room=A":                 "a room name has",
		"http://h --password-stdin":       "--password-stdin is for the password of --name",
		"gopher://h":                      "does not speak gopher://",
		"plain://h?respond=upper":         "has no option respond",
		"plain://h --name 127.0.0.1":      "--name: a name cannot look like an IP address",
		"plain://h --bind localhost":      "--bind takes an IP address of this machine",
		"plain://h --timeout -1s":         "--timeout takes a time such as 30s",
		"plain://h --timeout 30":          "timeout",
		"plain://h --linger -1s":          "--linger takes a time such as 1s",
		"plain://h --insecure":            "--ca and --insecure are for TLS",
		"plain://h --ca x":                "--ca and --insecure are for TLS",
		"plain+tls://h --ca x --insecure": "--ca and --insecure exclude one another",
		"plain://h --nonsense":            "unknown flag: --nonsense",
	} {
		cmd := newJoinCommand()
		cmd.SetArgs(strings.Fields(command))
		ran := false
		cmd.RunE = func(*cobra.Command, []string) error { ran = true; return nil }
		err := cmd.ExecuteContext(t.Context())
		if ran || err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("join %s: %v, want %q", command, err, want)
		}
	}
}

func TestJoinFlagsThatAreRight(t *testing.T) {
	for _, command := range []string{
		"plain://127.0.0.1:8001",
		"plain+udp://127.0.0.1 --timeout 30s --linger 0 --plain",
		"roster://10.20.30.1:5000?udp=5001 --bind 10.20.30.11 --no-reconnect",
		"plain+tls://chat.example --ca file.pem --files folder",
		"roster+tls://[::1] --insecure",
	} {
		cmd := newJoinCommand()
		cmd.SetArgs(append(strings.Fields(command), "--name", "出师表"))
		ran := false
		cmd.RunE = func(*cobra.Command, []string) error { ran = true; return nil }
		if err := cmd.ExecuteContext(t.Context()); err != nil || !ran {
			t.Errorf("join %s: %v", command, err)
		}
	}
}

func TestJoinTalksUntilTheEndOfItsInput(t *testing.T) {
	url, heard := answering(t, func(line string) string { return strings.ToUpper(line) + "\n" })
	out, errOut, err := joinAs(t, "hello\n", url, "--linger", "200ms")
	if err != nil || errOut != "" {
		t.Errorf("%v, %q", err, errOut)
	}
	if got := <-heard; got != "hello" {
		t.Errorf("the server heard %q", got)
	}
	if want := "* connected to " + strings.TrimPrefix(url, "plain://") + "\nwelcome\nHELLO\n"; out != want {
		t.Errorf("shown is %q, want %q", out, want)
	}
}

func TestJoinKeepsFilesInAFolderNamedAfterTheClient(t *testing.T) {
	const digest = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae" // of foo
	for name, folder := range map[string]string{"alice": "alice", "": "127.0.0.1"} {
		t.Chdir(t.TempDir())
		url, _ := answering(t, func(line string) string {
			if strings.HasPrefix(line, "ask for file:") {
				return "file:poem.txt 3 sha256:" + digest + "\nfoo"
			}
			return ""
		})
		out, errOut, err := joinAs(t, "ask for file:poem.txt\n", url, "--linger", "0", "--name", name)
		if err != nil || errOut != "" || !strings.Contains(out, "* received poem.txt 3 bytes sha256:"+digest+"\n") {
			t.Errorf("%v, %q, shown is %q", err, errOut, out)
		}
		if content, err := os.ReadFile(filepath.Join(folder, "poem.txt")); err != nil || string(content) != "foo" {
			t.Errorf("in %s is %q, %v", folder, content, err)
		}
	}
}

func TestJoinWhereNobodyListens(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = l.Close()
	out, _, err := joinAs(t, "", "plain://"+l.Addr().String())
	if err == nil || !strings.HasPrefix(err.Error(), "cannot connect to "+l.Addr().String()+": ") || out != "" {
		t.Errorf("%v, %q", err, out)
	}
}

func TestJoinGivesUpAfterItsTimeout(t *testing.T) {
	url, _ := answering(t, func(string) string { return "" })
	in, typing := io.Pipe()
	defer func() { _ = typing.Close() }()
	cmd := newJoinCommand()
	cmd.SetArgs([]string{url, "--timeout", "100ms"})
	cmd.SetIn(in)
	cmd.SetOut(io.Discard)
	if err := cmd.ExecuteContext(t.Context()); err == nil || !strings.HasSuffix(err.Error(), " for 100ms") {
		t.Errorf("it ended with %v", err)
	}
}

func TestJoinIsLeftByCtrlC(t *testing.T) {
	url, heard := answering(t, func(string) string { return "" })
	in, typing := io.Pipe()
	defer func() { _ = typing.Close() }()
	ctx, interrupt := context.WithCancel(t.Context())
	cmd := newJoinCommand()
	cmd.SetArgs([]string{url})
	cmd.SetIn(in)
	cmd.SetOut(io.Discard)
	ended := make(chan error)
	go func() { ended <- cmd.ExecuteContext(ctx) }()
	fmt.Fprintln(typing, "hello")
	<-heard
	interrupt()
	if err := <-ended; err != nil {
		t.Errorf("it ended with %v", err)
	}
	if line, more := <-heard; more {
		t.Errorf("the server heard %q", line)
	}
}

func TestJoinOnRosterTakesTheFirstLineForTheName(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	registered := make(chan string, 1)
	go func() {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		defer func() { _ = conn.Close() }()
		name := make([]byte, 100)
		n, _ := conn.Read(name)
		registered <- string(name[:n])
		fmt.Fprintf(conn, `!{"%s": "127.0.0.1"}`, name[:n])
		_, _ = io.Copy(io.Discard, conn)
	}()
	url := "roster://" + l.Addr().String()
	out, _, err := joinAs(t, "\nAlice  B.\n#ls\n", url+"?udp=5799", "--linger", "0")
	if name := <-registered; err != nil || name != "Alice_B." {
		t.Errorf("registered %q, %v", name, err)
	}
	if !strings.Contains(out, "* type the name to be called here") || !strings.Contains(out, "* online: Alice_B. 127.0.0.1\n") {
		t.Errorf("shown is %q", out)
	}
	if _, _, err := joinAs(t, "", url); err == nil || !strings.Contains(err.Error(), "needs a name") {
		t.Errorf("without a name: %v", err)
	}
	if _, _, err := joinAs(t, "exit\n", url); err != nil {
		t.Errorf("exit instead of a name: %v", err)
	}
}

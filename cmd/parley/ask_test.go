//go:build unix

package main

import (
	"bufio"
	"errors"
	"io"
	"net"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// withAccount gives a server that somebody sits at, on which alice has an account with the password "correct horse".
func withAccount(t *testing.T) (url string) {
	t.Helper()
	data := filepath.Join(t.TempDir(), "data")
	add := exec.Command(binary, "user", "add", "alice", "--password-stdin", "--data", data)
	add.Stdin = strings.NewReader("correct horse\n")
	if out, err := add.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	url = "http://" + freeAddress() + ":7275"
	server := sitDown(t, nil, "serve", "--data", data, "--listen", url, "--console=false")
	server.sees("Ctrl-C stops the server")
	return url
}

func TestThePasswordOfALoginIsTypedAndNotShown(t *testing.T) {
	url := withAccount(t)
	home := []string{"XDG_CONFIG_HOME=" + t.TempDir()}
	s := sitDown(t, home, "login", url)
	s.sees("name:")
	s.types("alice\r")
	s.sees("password for alice:")
	s.types("battery staple\r")
	s.sees("* ")
	s.types("correct horse\r")
	s.sees("logged in to " + url + " as alice (member)")
	s.leaves(statusOK)
	if shown := s.screen.shown(); strings.Contains(shown, "staple") || strings.Contains(shown, "horse") {
		t.Errorf("the password was shown:\n%s", shown)
	}
}

func TestThePasswordOfAJoinIsTypedAndNotShown(t *testing.T) {
	url := withAccount(t)
	s := sitDown(t, []string{"XDG_CONFIG_HOME=" + t.TempDir()}, "join", url, "--name", "alice")
	s.sees("password for alice:")
	s.types("correct horse\r")
	s.sees("* connected to ")
	s.types("hello, and this is shown\r")
	s.sees("hello, and this is shown")
	s.types("#ls\r")
	s.sees("* online: alice")
	s.types("exit\r")
	s.leaves(statusOK)
	if shown := s.screen.shown(); strings.Contains(shown, "horse") {
		t.Errorf("the password was shown:\n%s", shown)
	}
}

func TestWhoeverBreaksOffAPasswordIsLeftWithATerminal(t *testing.T) {
	url := withAccount(t)
	s := sitDown(t, []string{"XDG_CONFIG_HOME=" + t.TempDir()}, "login", url, "--name", "alice")
	s.sees("password for alice:")
	s.types("\x03")
	s.leaves(statusInterrupted)
}

// A plain server asks in the middle of the chat, while the terminal is being read.
func TestAPasswordIsTypedInTheMiddleOfAChat(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	s := sitDown(t, nil, "join", "plain://"+l.Addr().String(), "--name", "alice")
	conn, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	heard := bufio.NewScanner(conn)
	hears := func(want string) {
		t.Helper()
		if !heard.Scan() || heard.Text() != want {
			t.Fatalf("the server hears %q, want %q\n%s", heard.Text(), want, s.screen.shown())
		}
	}
	says := func(line string) {
		t.Helper()
		if _, err := io.WriteString(conn, line+"\n"); err != nil {
			t.Fatal(err)
		}
	}
	says("welcome")
	hears("/name alice")
	says("password for alice:")
	s.sees("password for alice:")
	s.types(" correct horse\r")
	hears(" correct horse")
	says("you are alice")
	s.sees("* you are alice")
	s.types("hello, and this is shown\r")
	hears("hello, and this is shown")
	s.sees("hello, and this is shown")
	s.types("exit\r")
	s.leaves(statusOK)
	if shown := s.screen.shown(); strings.Contains(shown, "horse") {
		t.Errorf("the password was shown:\n%s", shown)
	}
}

func TestASecretIsOneLineAndNoMore(t *testing.T) {
	for input, want := range map[string]string{
		"secret\nhello\n": "secret", "secret": "secret", " secret \r\nhello": " secret ", "\nhello\n": "",
	} {
		in := bufio.NewReaderSize(strings.NewReader(input), 16)
		got, err := readSecret(in)
		rest, _ := io.ReadAll(in)
		_, after, _ := strings.Cut(input, "\n")
		if got != want || err != nil || string(rest) != after {
			t.Errorf("%q gives %q, %v, and leaves %q", input, got, err, rest)
		}
	}
	if _, err := readSecret(strings.NewReader("")); !errors.Is(err, io.EOF) {
		t.Error(err)
	}
	if _, err := readSecret(strings.NewReader(strings.Repeat("x", maxPassword+1))); err == nil {
		t.Error("a password of any length is read")
	}
}

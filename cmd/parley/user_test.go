//go:build unix

package main

import (
	"bytes"
	"encoding/json"
	"os/exec"
	"reflect"
	"strings"
	"syscall"
	"testing"

	"github.com/creack/pty"
	"golang.org/x/term"

	"parley/admin"
)

// atHome is a data directory for one test, as an environment.
func atHome(t *testing.T) []string { return []string{"XDG_DATA_HOME=" + t.TempDir()} }

// listed gives the accounts that `parley user list` shows.
func listed(t *testing.T, env []string) (all []admin.Account) {
	t.Helper()
	command := exec.Command(binary, "user", "list", "--json")
	command.Env = env
	out, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range bytes.Lines(out) {
		var a admin.Account
		if err := json.Unmarshal(line, &a); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		all = append(all, a)
	}
	return all
}

func TestAPasswordThatIsTypedIsNotShown(t *testing.T) {
	home := atHome(t)
	s := sitDown(t, home, "user", "add", "alice")
	s.sees("password for alice:")
	s.types("gehx\x7feim ß\r")
	s.sees("once more:")
	s.types("geheim ß\r")
	s.sees("alice has an account now, as member")
	s.leaves(statusOK)
	if shown := s.screen.shown(); strings.Contains(shown, "geh") || strings.Contains(shown, "*") {
		t.Errorf("the password was shown:\n%s", shown)
	}
	if all := listed(t, home); len(all) != 1 || all[0].Name != "alice" {
		t.Errorf("there are %v", all)
	}
}

func TestPasswordsThatAreTypedWrongly(t *testing.T) {
	home := atHome(t)
	s := sitDown(t, home, "user", "add", "alice")
	s.sees("password for alice:")
	s.types("geheim\rgehein\r")
	s.sees("once more:")
	s.sees("parley: the two passwords are not the same")
	s.leaves(statusFailure)

	s = sitDown(t, home, "user", "passwd", "alice")
	s.sees("new password for alice:")
	s.types("no\r")
	s.sees("parley: a password has at least 3 characters")
	s.leaves(statusFailure)

	s = sitDown(t, home, "user", "add", "al ice")
	s.sees("parley: a name has only letters")
	s.leaves(statusFailure)
	if strings.Contains(s.screen.shown(), "password") {
		t.Errorf("a password was asked for:\n%s", s.screen.shown())
	}
	if all := listed(t, home); len(all) != 0 {
		t.Errorf("there are %v", all)
	}
}

// TestAPasswordThatIsBrokenOff leaves the terminal as it was, with what is typed shown.
func TestAPasswordThatIsBrokenOff(t *testing.T) {
	for what, breakOff := range map[string]func(s *seat){
		"Ctrl-C":  func(s *seat) { s.types("geh\x03") },
		"Ctrl-D":  func(s *seat) { s.types("\x04") },
		"SIGTERM": func(s *seat) { _ = s.process.Process.Signal(syscall.SIGTERM) },
	} {
		t.Run(what, func(t *testing.T) {
			s := sitDown(t, atHome(t), "user", "add", "alice")
			s.sees("password for alice:")
			breakOff(s)
			s.leaves(statusInterrupted)
			if shown := s.screen.shown(); strings.Contains(shown, "parley:") {
				t.Errorf("more was said:\n%s", shown)
			}
			fresh, other, err := pty.Open()
			if err != nil {
				t.Fatal(err)
			}
			defer fresh.Close()
			defer other.Close()
			want, errWant := term.GetState(int(fresh.Fd()))
			got, errGot := term.GetState(int(s.keyboard.Fd()))
			if !reflect.DeepEqual(got, want) {
				t.Errorf("the terminal is %+v (%v), a new one %+v (%v)", got, errGot, want, errWant)
			}
		})
	}
}

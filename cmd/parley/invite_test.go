//go:build unix

package main

import (
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/web/wire"
)

// invitedTo gives the link of an invite, made by the owner of a server that lets nobody else in.
func invitedTo(t *testing.T, args ...string) (link string, owner []string) {
	t.Helper()
	data, home := filepath.Join(t.TempDir(), "data"), []string{"XDG_CONFIG_HOME=" + t.TempDir()}
	add := exec.Command(binary, "user", "add", "alice", "--role", "owner", "--password-stdin", "--data", data)
	add.Stdin = strings.NewReader("correct horse\n")
	if out, err := add.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	url := "http://" + freeAddress() + ":7275"
	server := sitDown(t, nil, "serve", "--data", data, "--listen", url, "--console=false", "--admit", "invited")
	server.sees("Ctrl-C stops the server")
	s := sitDown(t, home, "login", url, "--name", "alice")
	s.sees("password for alice:")
	s.types("correct horse\r")
	s.leaves(statusOK)
	s = sitDown(t, home, append([]string{"invite"}, args...)...)
	s.sees("▀") // of the code
	s.sees("parley join LINK")
	s.leaves(statusOK)
	link = regexp.MustCompile(regexp.QuoteMeta(url) + `/invite/[A-Z2-7]{26}`).FindString(s.screen.shown())
	if link == "" {
		t.Fatalf("no link:\n%s", s.screen.shown())
	}
	return link, home
}

func TestAnInvitedPersonMakesAnAccountAtATerminal(t *testing.T) {
	link, _ := invitedTo(t, "--account")
	home := []string{"XDG_CONFIG_HOME=" + t.TempDir()}
	s := sitDown(t, home, "join", link)
	s.sees("name of your account:")
	s.types("bob\r")
	s.sees("new password for bob:")
	s.types("battery\r")
	s.sees("once more:")
	s.types("staple\r")
	s.sees("the two passwords are not the same")
	s.leaves(statusFailure)
	s = sitDown(t, home, "join", link, "--name", "bob") // nothing has been used
	s.sees("new password for bob:")
	s.types("battery staple\r")
	s.sees("once more:")
	s.types("battery staple\r")
	s.sees("* connected to ")
	s.types("#ls\r")
	s.sees("* online: bob")
	s.types("exit\r")
	s.leaves(statusOK)
	if shown := s.screen.shown(); strings.Contains(shown, "staple") {
		t.Errorf("the password was shown:\n%s", shown)
	}
}

func TestAnInvitedGuestIsAskedForANameAtATerminal(t *testing.T) {
	link, owner := invitedTo(t, "--uses", "2")
	home := []string{"XDG_CONFIG_HOME=" + t.TempDir()}
	s := sitDown(t, home, "join", link)
	s.sees("name (none for one that the server gives):")
	s.types("bob\r")
	s.sees("* connected to ")
	s.types("exit\r")
	s.leaves(statusOK)
	s = sitDown(t, home, "join", link)
	s.sees("you have been here as bob; the invite is not used")
	s.sees("* connected to ")
	s.types("exit\r")
	s.leaves(statusOK)

	// Whoever is logged in already and comes as somebody else stays logged in for other commands.
	s = sitDown(t, owner, "join", link, "--name", "carol")
	s.sees("you stay logged in as alice for other commands")
	s.sees("* connected to ")
	s.types("exit\r")
	s.leaves(statusOK)
	s = sitDown(t, owner, "me")
	s.sees("alice")
	s.leaves(statusOK)
}

func TestWhatHasBecomeOfAnInvite(t *testing.T) {
	now := time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)
	open := wire.Invite{ID: "i-1", Kind: parley.InviteGuest, By: wire.Person{Name: "alice"}, Expires: wire.At(now.Add(time.Hour)), Uses: 2, Used: 1}
	for want, change := range map[string]func(*wire.Invite){
		"open":    func(*wire.Invite) {},
		"used up": func(i *wire.Invite) { i.Used = 2 },
		"expired": func(i *wire.Invite) { i.Expires = wire.At(now) },
		"revoked": func(i *wire.Invite) { i.Revoked, i.Used = true, 2 },
	} {
		i := open
		change(&i)
		if got := strings.Split(inviteLine(i, now), "\t"); len(got) != 6 || got[3] != want {
			t.Errorf("%s: %q", want, got)
		}
	}
}

func TestTimesInDays(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"7d": 7 * 24 * time.Hour, "0d": 0, "12h": 12 * time.Hour, "1h30m": 90 * time.Minute, "-1h": -time.Hour,
	} {
		var d days
		if err := d.Set(text); err != nil || d.Duration != want {
			t.Errorf("%s is %v, %v", text, d.Duration, err)
		}
		var again days
		if err := again.Set(d.String()); err != nil || again != d {
			t.Errorf("%s is written %s", text, d.String())
		}
	}
	for _, text := range []string{"", "d", "7", "-1d", "1.5d", "7D", "99999999999d", "7d 3h"} {
		var d days
		if err := d.Set(text); err == nil {
			t.Errorf("%q is %v", text, d.Duration)
		}
	}
}

package doctor

import (
	"errors"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"parley"
	"parley/discovery"
	"parley/server"
)

// machine makes a machine that would serve at these URLs.
func machine(t *testing.T, system string, listen ...string) Machine {
	t.Helper()
	m := Machine{Config: server.Config{Data: filepath.Join(t.TempDir(), "data"), Listen: listen}, System: system, Now: time.Now,
		Program: "/opt/chat server/parley"}
	var err error
	if m.plan, err = m.Config.Plan(); err != nil {
		t.Fatal(err)
	}
	return m
}

// Looking at a healthy machine finds nothing wrong, and leaves nothing behind.
func TestAHealthyMachine(t *testing.T) {
	m := machine(t, "linux", "plain://127.0.0.1:0?clients=10", "https://127.0.0.1:0?clients=10", "plain+udp://127.0.0.1:0")
	checks, err := m.Checks()
	if err != nil {
		t.Fatal(err)
	}
	found := Run(t.Context(), time.Minute, checks)
	if !Healthy(found) {
		t.Errorf("%+v", found)
	}
	wantOne(t, found, "listener", OK, "can be opened; only this machine can join", "")
	wantOne(t, found, "certificate", OK, "the server makes its own when it starts", "")
	if _, err := os.Stat(m.Config.Data); err == nil {
		t.Error("the data directory was made")
	}
}

// Settings that no server would start with are an error and no finding.
func TestWrongSettings(t *testing.T) {
	_, err := Machine{Config: server.Config{Listen: []string{"gopher://h"}}}.Checks()
	if parley.CodeOf(err) != parley.CodeInvalid {
		t.Error(err)
	}
}

// The same cause has a remedy on every system, in its own words.
func TestJudgements(t *testing.T) {
	now := time.Now()
	forbidden := &net.OpError{Op: "listen", Err: os.NewSyscallError("bind", syscall.EACCES)}
	for _, s := range []string{"linux", "darwin", "windows"} {
		m := machine(t, s, "plain://127.0.0.1:80?clients=5000")
		l := m.plan.Listeners[0]
		for name, c := range map[string]struct {
			got    Finding
			want   Status
			cause  string
			remedy bool
		}{
			"a full disk":        {m.judgeSpace("/", 1<<20), Wrong, "the disk is full: 1 MiB are free, and under 64 MiB", true},
			"nearly":             {m.judgeSpace("/", 100<<20), Warn, "nearly full: 100 MiB", true},
			"room":               {m.judgeSpace("/", 100<<30), OK, "100 GiB are free", false},
			"few files":          {m.judgeDescriptors(1024), Wrong, "1024 may be open, which is too few for 5000", s != "windows"},
			"enough":             {m.judgeDescriptors(5100), OK, "5000 connections have room", false},
			"an old clock":       {m.judgeClock(time.Unix(0, 0), true, true), Wrong, "1970-01-01", true},
			"nobody keeps it":    {m.judgeClock(now, false, true), Warn, "nothing keeps it right", true},
			"not known":          {m.judgeClock(now, false, false), OK, "the clock says", false},
			"no right to a port": {m.judgeListener(l, forbidden), Wrong, "port 80 takes a right", true},
			"no name": {m.judgeListener(l, &net.DNSError{Err: "no such host", Name: "h"}), Wrong,
				"there is no address for 127.0.0.1 (no such host)", true},
			"no capture": {m.judgeCapture(false, "why"), Warn, "which capturing alone needs: why", s != "windows"},
			"capture":    {m.judgeCapture(true, ""), OK, "may be captured", false},
		} {
			if c.got.Status != c.want || !strings.Contains(c.got.Cause, c.cause) || (c.got.Remedy != "") != c.remedy {
				t.Errorf("%s, %s: %+v", s, name, c.got)
			}
		}
	}
}

// What others have to type has the file of the program as one word.
func TestTheProgramIsQuoted(t *testing.T) {
	got := machine(t, "linux", "plain://127.0.0.1").judgeCapture(false, "").Remedy
	if got != "sudo setcap cap_net_raw=+ep '/opt/chat server/parley'" {
		t.Error(got)
	}
}

// Multicast that cannot be sent, is not heard, or is.
func TestJudgeMulticast(t *testing.T) {
	home := netip.MustParsePrefix("10.0.0.1/24")
	found := judgeMulticast([]discovery.Echo{
		{Network: home, Heard: true}, {Network: home}, {Network: home, Err: &net.OpError{Op: "write", Err: syscall.EPERM}},
	}, nil, Wrong, "linux")
	for i, want := range []Status{OK, Wrong, Wrong} {
		if f := found[i]; f.Status != want || f.Of != "10.0.0.1/24" || (f.Remedy == "") != (want == OK) {
			t.Errorf("%+v", f)
		}
	}
	for _, s := range []system{"linux", "darwin", "windows"} {
		found = judgeMulticast(nil, errors.New("there is no network"), Warn, s)
		if len(found) != 1 || found[0].Status != Warn || !strings.Contains(found[0].Cause, "there is no network") || found[0].Remedy == "" {
			t.Errorf("%+v", found)
		}
	}
}

// Where only this machine can join, its firewall is no matter; where others can, its rules are judged for each listener.
func TestDoors(t *testing.T) {
	m := machine(t, "linux", "plain://127.0.0.1:8001", "plain://0.0.0.0:8001", "plain+udp://[::]:12001", "http://:7275")
	var got []string
	for _, d := range m.doors() {
		got = append(got, d.protocol+" "+d.of)
	}
	if strings.Join(got, ", ") != "tcp plain://0.0.0.0:8001, udp plain+udp://[::]:12001, tcp http://:7275" {
		t.Error(got)
	}
	rules, err := parseRuleset([]byte(listing("drop", tcp8001+","+accept)))
	if err != nil {
		t.Fatal(err)
	}
	found := judgeRules(rules, m.doors())
	for i, want := range []Status{OK, Wrong, Wrong} {
		if found[i].Status != want || (found[i].Remedy == "") != (want == OK) {
			t.Errorf("%+v", found[i])
		}
	}
}

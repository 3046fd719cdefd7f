package main

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"parley"
)

// settingsAt gives the program a folder for settings of its own.
func settingsAt(t *testing.T) (folder string) {
	t.Helper()
	home := t.TempDir()
	for _, name := range []string{"XDG_CONFIG_HOME", "HOME", "AppData"} {
		t.Setenv(name, home)
	}
	for _, name := range []string{"PARLEY_SERVER", "PARLEY_TOKEN"} {
		t.Setenv(name, "")
	}
	path, err := configFile("logins.json")
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Dir(path)
}

func TestWrongUsageOfTheCommandsForScripts(t *testing.T) {
	settingsAt(t)
	for command, want := range map[string]string{
		"login":                               "write parley login URL",
		"login plain://h":                     "http:// and https:// only",
		"login http://h":                      "give the name of your account by --name, or come by --guest",
		"login http://h --name a":             "give the password by --password-stdin",
		"login http://h --insecure --guest":   "--ca and --insecure are for TLS",
		"login http://h --guest --ca x":       "--ca and --insecure are for TLS",
		"login https://h --guest --ca /no/ca": "",
		"logout now":                          "takes flags only",
		"post --id a":                         "--id is for one message",
		"post lobby --id a":                   "--id is for one message",
		"post lobby hi --whole":               "--whole is for standard input",
		"post lobby hi --reply -1":            "--reply takes the number of a message",
		"tail a b":                            "write parley tail [ROOM|@NAME]",
		"tail --from -1":                      "--from takes the number of an event",
		"history --limit -1":                  "take numbers from 0 on",
		"rooms lobby":                         "takes flags only",
		"room":                                "room is followed by what to do: appoint, ban",
		"room mkae x":                         `there is no command "room mkae"; did you mean make?`,
		"room make":                           "write parley room make NAME",
		"room make a --kind secret":           "--kind: takes public, private or announce",
		"room set lobby":                      "this changes nothing",
		"room kick lobby":                     "write parley room kick ROOM NAME",
		"room leave":                          "write parley room leave ROOM",
		"who a b":                             "write parley who [ROOM]",
		"me too":                              "takes flags only",
		"invite now":                          "has no scheme",
		"invite a b":                          "invite takes one server",
		"invite http://h --server http://h":   "invite takes one server",
		"invite --uses 0":                     "--uses takes a number from 1 to 10000",
		"invite --for 1s":                     "--for takes a time from 1m to 365d",
		"invite --for 99999999999d":           "takes a time such as 7d, 12h or 30m",
		"invite --for soon":                   "takes a time such as 7d, 12h or 30m",
		"invite list now":                     "takes flags only",
		"invite revoke":                       "write parley invite revoke ID",
		"claim now":                           "takes flags only",
		"claim --invite http://h":             "--invite takes the link of an invite",
		"login http://h/invite/MFRGGZDFMZTWQ2LKNNWG23TPOB --guest": "type parley join and the link",
		"rooms --server h":      "has no scheme",
		"rooms --patience soon": "--patience",
	} {
		status, out, errOut := call(t, strings.Fields(command)...)
		if status != statusUsage || out != "" || !strings.Contains(errOut, want) || !strings.Contains(errOut, "--help") {
			t.Errorf("parley %s: status %d, %q, %q", command, status, out, errOut)
		}
	}
}

func TestWhoIsNotLoggedInIsTold(t *testing.T) {
	settingsAt(t)
	for _, command := range []string{"logout", "post lobby hi", "tail", "history", "rooms", "who", "me", "room show lobby",
		"invite", "invite list", "invite revoke i-1", "claim"} {
		status, _, errOut := call(t, strings.Fields(command)...)
		if status != statusDenied || !strings.Contains(errOut, "log in first: parley login URL") {
			t.Errorf("parley %s: status %d, %q", command, status, errOut)
		}
	}
}

func TestEveryCommandHasAnExample(t *testing.T) {
	for _, command := range []string{"login", "logout", "post", "tail", "history", "rooms", "room", "who", "me",
		"room make", "room show", "room set", "room invite", "room kick", "room ban", "room unban", "room appoint",
		"room leave", "room members", "invite", "invite list", "invite revoke", "claim"} {
		status, out, _ := call(t, append(strings.Fields(command), "--help")...)
		if status != statusOK || !strings.Contains(out, "Examples:\n  parley "+command) {
			t.Errorf("parley %s --help:\n%s", command, out)
		}
	}
}

func TestLoginsAreKeptForTheirOwnerAlone(t *testing.T) {
	folder := settingsAt(t)
	l, err := readLogins()
	if err != nil || len(l.Servers) != 0 {
		t.Fatalf("%+v, %v", l, err)
	}
	l.Default = "http://h:7275"
	l.Servers[l.Default] = login{Token: "p-secret", Name: "alice"}
	for range 2 { // the second time there is a file
		if err := l.write(); err != nil {
			t.Fatal(err)
		}
	}
	info, err := os.Stat(filepath.Join(folder, "logins.json"))
	if err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if got, err := readLogins(); err != nil || got.Servers[l.Default] != l.Servers[l.Default] || got.Default != l.Default {
		t.Errorf("%+v, %v", got, err)
	}
	if left, _ := os.ReadDir(folder); len(left) != 1 {
		t.Errorf("there are %d files", len(left))
	}
	if err := os.WriteFile(filepath.Join(folder, "logins.json"), []byte("no JSON"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := readLogins(); parley.CodeOf(err) != parley.CodeStore || !strings.Contains(err.Error(), "logins.json") {
		t.Errorf("a damaged file: %v", err)
	}
}

func TestTheTokenOfTheEnvironmentIsForItsServer(t *testing.T) {
	settingsAt(t)
	l, err := readLogins()
	if err != nil {
		t.Fatal(err)
	}
	l.Default = "http://kept:7275"
	l.Servers[l.Default] = login{Token: "p-kept"}
	if err := l.write(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ flag, server, token, wantURL, wantToken string }{
		{"", "", "", "http://kept:7275", "p-kept"},
		{"", "", "p-env", "http://kept:7275", "p-env"},
		{"", "http://env", "p-env", "http://env:7275", "p-env"},
		{"", "http://env", "", "http://env:7275", ""},
		{"http://kept", "http://env", "p-env", "http://kept:7275", "p-kept"},
		{"http://other", "http://env", "p-env", "http://other:7275", ""},
		{"https://env", "http://env", "p-env", "https://env:7275", ""},
	} {
		t.Setenv("PARLEY_SERVER", c.server)
		t.Setenv("PARLEY_TOKEN", c.token)
		target, token, err := (&serverFlags{url: c.flag}).choose()
		if err != nil || target.URL() != c.wantURL || string(token) != c.wantToken {
			t.Errorf("%+v: %s, %q, %v", c, target.URL(), token, err)
		}
	}
	if _, token, _ := (&serverFlags{url: "http://kept", name: "guest"}).choose(); token != "" {
		t.Errorf("a guest shows %q", token)
	}
}

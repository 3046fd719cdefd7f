package main

import (
	"bytes"
	"runtime/debug"
	"strings"
	"testing"
)

// call runs the program in this process, with nobody at a terminal.
func call(t *testing.T, args ...string) (status int, out, errOut string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	status = run(t.Context(), &leftovers{}, args, strings.NewReader(""), &stdout, &stderr)
	return status, stdout.String(), stderr.String()
}

func TestWrongUsageIsOneSentenceAndAHint(t *testing.T) {
	for command, want := range map[string]string{ // what the error begins with
		"serv":                         `there is no command "serv"; did you mean serve?` + "\nsee parley --help",
		"chat now":                     `there is no command "chat"` + "\nsee parley --help",
		"--nonsense":                   `unknown flag: --nonsense` + "\nsee parley --help",
		"serve now":                    `parley serve takes flags only, not "now"` + "\nsee parley serve --help",
		"serve --nonsense":             `unknown flag: --nonsense` + "\nsee parley serve --help",
		"serve --listen":               `flag needs an argument: --listen` + "\nsee parley serve --help",
		"serve --quota much":           `--quota: takes a size such as 8GiB, 500MB or 1000000, not "much"` + "\nsee parley serve",
		"serve --file-limit 0":         `--file-limit: 0 is too small` + "\nsee parley serve --help",
		"serve --console=on":           `--console: takes true or false, not "on"` + "\nsee parley serve --help",
		"serve --log-level loud":       `--log-level: takes debug, info, warn or error, not "loud"` + "\nsee parley serve",
		"serve --listen gopher://a:70": `listener gopher://a:70: `,
		"serve --config /nowhere/x":    `cannot read the settings: open /nowhere/x: `,
		"completion csh":               `completion takes the name of a shell: bash, zsh, fish, powershell` + "\nsee parley comp",
		"user lst":                     `there is no command "user lst"; did you mean list?` + "\nsee parley user --help",
		"user list all":                `parley user list takes flags only, not "all"` + "\nsee parley user list --help",
		"version 2":                    `parley version takes flags only, not "2"` + "\nsee parley version --help",
		"serve --data \x1b[2J surplus": `parley serve takes flags only, not "surplus"` + "\nsee parley serve --help",
		"\x1b[2J":                      `there is no command "\x1b[2J"` + "\nsee parley --help",
	} {
		status, out, errOut := call(t, strings.Fields(command)...)
		if status != statusUsage || out != "" || !strings.HasPrefix(errOut, "parley: "+want) {
			t.Errorf("parley %s: status %d, output %q, error\n%s", command, status, out, errOut)
		}
	}
}

func TestHelpGoesToStandardOutput(t *testing.T) {
	for command, want := range map[string][]string{
		"--help":        {"serve ", "join ", "user ", "version ", "completion ", "man "},
		"serve --help":  {"--listen URL", "--data DIR", "--file-limit SIZE", "8GiB)", "--console ", "respond=input"},
		"help serve":    {"--listen URL"},
		"user --help":   {"add ", "passwd ", "--data DIR", "--json", "130"},
		"help user add": {"--role ", "--password-stdin", "--data DIR"},
	} {
		status, out, errOut := call(t, strings.Fields(command)...)
		if status != statusOK || errOut != "" {
			t.Errorf("parley %s: status %d, error %q", command, status, errOut)
		}
		for _, w := range want {
			if !strings.Contains(out, w) {
				t.Errorf("parley %s does not mention %q:\n%s", command, w, out)
			}
		}
	}
}

func TestWithoutATerminalThereAreNoQuestions(t *testing.T) {
	status, out, errOut := call(t)
	help, complaint := strings.Contains(errOut, "Usage:"), strings.Contains(errOut, "parley: ")
	if status != statusUsage || out != "" || !help || complaint {
		t.Errorf("status %d, output %q, error\n%s", status, out, errOut)
	}
}

func TestVersion(t *testing.T) {
	_, flag, _ := call(t, "--version")
	status, out, _ := call(t, "version")
	if status != statusOK || out != flag || !strings.HasPrefix(out, "parley ") {
		t.Errorf("status %d, %q and %q", status, out, flag)
	}
	checkout := []debug.BuildSetting{
		{Key: "vcs.revision", Value: "0123456789abcdef"},
		{Key: "vcs.modified", Value: "true"},
	}
	for want, info := range map[string]*debug.BuildInfo{
		"devel":                           {Main: debug.Module{Version: "(devel)"}},
		"devel 0123456789ab with changes": {Settings: checkout},
		"v1.2.3":                          {Main: debug.Module{Version: "v1.2.3"}, Settings: checkout},
	} {
		if got := versionOf(info); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

package parley_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"parley/client"
	"parley/server"
)

var link = regexp.MustCompile(`\]\(([^()\s]+)\)`)

// Every link inside the project leads somewhere, headings included.
func TestLinksLeadSomewhere(t *testing.T) {
	pages := readPages(t)
	for _, p := range pages {
		for number, line := range p.prose {
			for _, match := range link.FindAllStringSubmatch(codeSpan.ReplaceAllString(line, ""), -1) {
				if err := follow(pages, p, match[1]); err != nil {
					t.Errorf("%s:%d: %v", p.path, number+1, err)
				}
			}
		}
	}
}

// follow goes where a link on page from leads.
func follow(pages []page, from page, target string) error {
	if u, err := url.Parse(target); err != nil || u.Scheme != "" {
		return err
	}
	file, anchor, hasAnchor := strings.Cut(target, "#")
	if file == "" {
		file = from.path
	} else {
		file = path.Join(path.Dir(from.path), file)
	}
	if _, err := os.Stat(filepath.FromSlash(file)); err != nil {
		return fmt.Errorf("a link to %s: %w", target, err)
	}
	if !hasAnchor {
		return nil
	}
	i := slices.IndexFunc(pages, func(p page) bool { return p.path == file })
	if i < 0 || !slices.Contains(pages[i].anchors(), anchor) {
		return fmt.Errorf("a link to %s, where there is no such heading", target)
	}
	return nil
}

// Every `parley …` that a reader may copy is understood by the program: the command exists, and so do its flags, with
// values that they take.
func TestCommandsAreUnderstood(t *testing.T) {
	binary := build(t)
	tried := make(map[string]bool)
	for _, p := range readPages(t) {
		for _, line := range slices.Concat(p.commands, p.spans()) {
			for _, args := range invocations(line) {
				if words := strings.Join(args, " "); !tried[words] {
					tried[words] = true
					understand(t, binary, p.path, args)
				}
			}
		}
	}
	if len(tried) < 10 {
		t.Errorf("only %d commands were found", len(tried))
	}
}

// understand asks the program for help with a whole command, which parses it and does nothing else.
func understand(t *testing.T, binary, where string, args []string) {
	t.Helper()
	if i := slices.Index(args, "--"); i >= 0 { // what stands behind is another program's
		args = args[:i]
	}
	out, err := exec.Command(binary, append(slices.Clone(args), "--help")...).CombinedOutput()
	if err != nil {
		t.Errorf("%s: parley %s: %v\n%s", where, strings.Join(args, " "), err, out)
		return
	}
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") && !strings.Contains(string(out), "parley "+args[0]) {
		t.Errorf("%s: parley has no command %s", where, args[0])
	}
}

// Every example of a settings file is read without an error. So that the server does not start, a listener is asked for that
// cannot be; that is told after the settings have been read.
func TestSettingsAreUnderstood(t *testing.T) {
	binary, found := build(t), false
	for _, p := range readPages(t) {
		for _, settings := range p.settings {
			found = true
			file := filepath.Join(t.TempDir(), "parley.yaml")
			if err := os.WriteFile(file, []byte(settings), 0o600); err != nil {
				t.Fatal(err)
			}
			out, _ := exec.Command(binary, "serve", "--config", file, "--listen", "nothing://here").CombinedOutput()
			if !strings.HasPrefix(string(out), "parley: listener nothing://here: ") {
				t.Errorf("%s: %s", p.path, out)
			}
			for _, listener := range regexp.MustCompile(`\S+://\S+`).FindAllString(settings, -1) {
				if err := tryURL(t.Context(), "serve", listener); err != nil {
					t.Errorf("%s: %v", p.path, err)
				}
			}
		}
	}
	if !found {
		t.Error("there is no example of a settings file")
	}
}

// build builds the program.
func build(t *testing.T) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "parley.exe") // a name that runs on every system
	if out, err := exec.Command("go", "build", "-o", binary, "./cmd/parley").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return binary
}

// The URLs in what is typed are those of real listeners: each can be opened with its options, and each can be joined.
func TestAddressesAreUnderstood(t *testing.T) {
	for _, p := range readPages(t) {
		for _, line := range p.commands {
			for _, args := range invocations(line) {
				for _, arg := range args {
					if !strings.Contains(arg, "://") {
						continue
					}
					if err := tryURL(t.Context(), args[0], arg); err != nil {
						t.Errorf("%s: parley %s: %v", p.path, strings.Join(args, " "), err)
					}
				}
			}
		}
	}
}

// tryURL reads a URL as the command that it was given to does: all but serve ask a server. A listener is opened on a free port, and closed.
func tryURL(ctx context.Context, command, text string) error {
	if command != "serve" {
		_, err := client.ParseTarget(text)
		return err
	}
	u, err := url.Parse(text)
	if err != nil {
		return err
	}
	if u.Port() != "" {
		u.Host = net.JoinHostPort("127.0.0.1", "0")
	}
	s, err := server.New(ctx, server.Config{Listen: []string{u.String()}, Data: server.Volatile, Console: true},
		server.Environment{Stdin: strings.NewReader(""), Stdout: io.Discard, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	s.Close()
	return nil
}

// What else is typed is there: programs of the project, and targets of the Makefile.
func TestProgramsAndTargetsExist(t *testing.T) {
	makefile, err := os.ReadFile("Makefile")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range readPages(t) {
		for _, line := range slices.Concat(p.commands, p.spans()) {
			for _, words := range shellCommands(line) {
				if words[0] == "make" && len(words) == 2 && !hasTarget(makefile, words[1]) {
					t.Errorf("%s: make %s: the Makefile has no such target", p.path, words[1])
				}
				for _, w := range words {
					if !strings.HasPrefix(w, "testdata/") {
						continue
					}
					if _, err := os.Stat(w); err != nil {
						t.Errorf("%s: %s: %v", p.path, line, err)
					}
				}
			}
		}
	}
}

// hasTarget reports whether a Makefile has a rule for target.
func hasTarget(makefile []byte, target string) bool {
	return regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(target) + `\s*:`).Match(makefile)
}

// Each lab has a page for people and a script for the test, and the list of labs has all of them.
func TestLabsHaveAPageAndAScript(t *testing.T) {
	list, err := os.ReadFile("labs/README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, letter := range []string{"a", "b", "c", "d", "e"} {
		if !strings.Contains(string(list), "("+letter+".md)") {
			t.Errorf("labs/README.md does not name %s.md", letter)
		}
		for _, file := range []string{"labs/" + letter + ".md", "cmd/parley/testdata/labs/" + letter + ".txtar"} {
			if _, err := os.Stat(file); err != nil {
				t.Error(err)
			}
		}
	}
}

// Prose stays within 120 columns. Tables and what programs print are as wide as they are; the notes beside the code are
// their packages' own.
func TestProseIsNarrow(t *testing.T) {
	for _, p := range readPages(t) {
		if path.Base(p.path) == "DESIGN.md" {
			continue
		}
		for number, line := range p.prose {
			if utf8.RuneCountInString(line) > 120 && !strings.HasPrefix(line, "|") {
				t.Errorf("%s:%d: %d columns", p.path, number+1, utf8.RuneCountInString(line))
			}
		}
	}
}

func TestShellIsReadAsTheShellReadsIt(t *testing.T) {
	for line, want := range map[string]string{
		`parley serve --listen 'plain://a:1?x=1&y=2' --data :memory:`: `[[serve --listen plain://a:1?x=1&y=2 --data :memory:]]`,
		`printf 'a; b' | parley join x > out 2>&1 && parley version`:  `[[join x] [version]]`,
		`go run ./cmd/parley serve`:                                   `[[serve]]`,
		`ip netns exec bob parley join ""`:                            `[[join ]]`,
		`nc 127.0.0.1 8001`:                                           `[]`,
	} {
		if got := fmt.Sprint(invocations(line)); got != want {
			t.Errorf("%s\ngives %s\nwant  %s", line, got, want)
		}
	}
}

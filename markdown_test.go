package parley_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// page is a Markdown file, taken apart as far as the tests of the documents need it.
type page struct {
	path     string   // from the root of the project
	lines    []string // all of it
	prose    []string // the same, with what stands in fenced blocks left empty
	commands []string // what is typed in blocks of console, without "$ ", each on one line
	settings []string // the blocks of YAML
}

// readPages reads every Markdown file of the project.
func readPages(t *testing.T) []page {
	t.Helper()
	var pages []page
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "testdata" || len(d.Name()) > 1 && strings.HasPrefix(d.Name(), ".")):
			return filepath.SkipDir
		case d.IsDir() || filepath.Ext(path) != ".md":
			return nil
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		pages = append(pages, parsePage(filepath.ToSlash(path), string(content)))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return pages
}

// parsePage takes a page apart.
func parsePage(path, content string) page {
	p := page{path: path, lines: strings.Split(content, "\n")}
	fence, typed := "", ""
	for _, line := range p.lines {
		language, isFence := strings.CutPrefix(line, "```")
		switch {
		case isFence && fence == "":
			fence = "```" + language
			if language == "yaml" {
				p.settings = append(p.settings, "")
			}
		case isFence:
			fence = ""
		case fence == "":
			p.prose = append(p.prose, line)
			continue
		case fence == "```yaml":
			p.settings[len(p.settings)-1] += line + "\n"
		case fence == "```console" && (typed != "" || strings.HasPrefix(line, "$ ")):
			if typed != "" {
				typed += " "
			}
			typed += strings.TrimPrefix(strings.TrimSpace(line), "$ ")
			var goesOn bool
			if typed, goesOn = strings.CutSuffix(typed, `\`); !goesOn {
				p.commands = append(p.commands, typed)
				typed = ""
			}
		}
		p.prose = append(p.prose, "")
	}
	return p
}

var codeSpan = regexp.MustCompile("`[^`]+`")

// spans gives what stands between backquotes in the prose.
func (p page) spans() []string {
	var spans []string
	for _, line := range p.prose {
		for _, span := range codeSpan.FindAllString(line, -1) {
			spans = append(spans, strings.Trim(span, "`"))
		}
	}
	return spans
}

// anchors gives the names by which the headings can be linked to: lower case, without punctuation, '-' for each space.
func (p page) anchors() []string {
	var anchors []string
	for _, line := range p.prose {
		heading := strings.TrimLeft(line, "#")
		if heading == line || !strings.HasPrefix(heading, " ") {
			continue
		}
		anchors = append(anchors, strings.Map(func(r rune) rune {
			switch {
			case r == ' ':
				return '-'
			case r == '-', r == '_', unicode.IsLetter(r), unicode.IsDigit(r):
				return unicode.ToLower(r)
			}
			return -1
		}, strings.TrimSpace(heading)))
	}
	return anchors
}

// invocations gives the arguments of each call of parley in a line of shell, with quotes removed.
func invocations(line string) [][]string {
	var calls [][]string
	for _, words := range shellCommands(line) {
		for i, w := range words {
			if w == "parley" || w == "./cmd/parley" && i > 1 && words[i-1] == "run" {
				calls = append(calls, words[i+1:])
				break
			}
		}
	}
	return calls
}

// redirection is where a command's input or output goes; the descriptor before it is no word.
var redirection = regexp.MustCompile(`\s\d?(>>?|<)\s*&?[^\s|;&]+`)

// shellCommands splits a line of shell into commands and these into words. It knows quotes, redirections, and the signs that
// end a command.
func shellCommands(line string) [][]string {
	line = redirection.ReplaceAllString(line, "")
	var commands [][]string
	var words []string
	var word bytes.Buffer
	begun, quote := false, rune(0)
	endWord := func() {
		if begun {
			words = append(words, word.String())
		}
		begun = false
		word.Reset()
	}
	endCommand := func() {
		endWord()
		if len(words) > 0 {
			commands = append(commands, slices.Clone(words))
		}
		words = words[:0]
	}
	for _, r := range line {
		switch {
		case quote != 0 && r == quote:
			quote = 0
		case quote != 0:
			word.WriteRune(r)
		case r == '\'' || r == '"':
			quote, begun = r, true
		case r == ' ':
			endWord()
		case strings.ContainsRune("|&;()", r):
			endCommand()
		default:
			word.WriteRune(r)
			begun = true
		}
	}
	endCommand()
	return commands
}

package main

import (
	"cmp"
	"fmt"
	"io"
	"strings"
)

// summary is what has been read so far.
type summary struct {
	out                     io.Writer
	packages                map[string]*running
	skips                   []string
	failures                []string
	passed, failed, skipped int
	before                  int // failed, when the command began that runs now
}

// running is a package whose tests have not ended.
type running struct {
	parents  map[string]bool
	results  []result
	output   map[string]*strings.Builder // by test, "" for the package itself
	anything bool                        // a test has failed
}

// result is how one test ended.
type result struct{ test, action string }

func newSummary(out io.Writer) *summary {
	return &summary{out: out, packages: make(map[string]*running)}
}

// take takes one event.
func (s *summary) take(e event) {
	name := cmp.Or(e.Package, e.ImportPath)
	switch e.Action {
	case "command":
		s.before = s.failed
		return
	case "exit":
		if s.failed == s.before {
			s.fail(name)
		}
		return
	}
	p := s.packages[name]
	if p == nil {
		p = &running{parents: make(map[string]bool), output: make(map[string]*strings.Builder)}
		s.packages[name] = p
	}
	switch e.Action {
	case "run":
		p.start(e.Test)
	case "output":
		p.say(e.Test, e.Output)
	case "build-output":
		fmt.Fprint(s.out, e.Output)
	case "pass", "fail", "skip":
		if e.Test != "" {
			s.end(name, p, e)
			return
		}
		s.endPackage(name, p, e)
		delete(s.packages, name)
	}
}

// start notes that a test runs, and that the one above it has subtests.
func (p *running) start(test string) {
	delete(p.output, test) // of the same test in an earlier round
	if i := strings.LastIndexByte(test, '/'); i >= 0 {
		p.parents[test[:i]] = true
	}
}

// say keeps what a test writes until it is known whether anybody needs it.
func (p *running) say(test, text string) {
	if p.output[test] == nil {
		p.output[test] = new(strings.Builder)
	}
	p.output[test].WriteString(text)
}

// said gives what a test wrote, without the frame that the tool puts around it.
func (p *running) said(test string) string {
	if p.output[test] == nil {
		return ""
	}
	var said []string
	for line := range strings.Lines(p.output[test].String()) {
		if word := strings.TrimLeft(line, " "); !strings.HasPrefix(word, "=== ") && !strings.HasPrefix(word, "--- ") {
			said = append(said, line)
		}
	}
	return strings.Join(said, "")
}

// end counts a test that has ended.
func (s *summary) end(name string, p *running, e event) {
	p.results = append(p.results, result{e.Test, e.Action})
	label := name + " " + e.Test
	switch e.Action {
	case "fail":
		if !p.parents[e.Test] || !p.anyBelow(e.Test, "fail") {
			s.fail(label)
		}
		p.anything = true
		fmt.Fprintf(s.out, "--- FAIL: %s\n%s", label, p.said(e.Test))
	case "skip":
		s.skipped++
		reason := strings.Join(strings.Fields(p.said(e.Test)), " ")
		s.skips = append(s.skips, fmt.Sprintf("--- SKIP: %s: %s", label, reason))
	case "pass":
		if !p.parents[e.Test] {
			s.passed++
		}
	}
	delete(p.output, e.Test)
}

// anyBelow reports whether a subtest of test ended in that way.
func (p *running) anyBelow(test, action string) bool {
	for _, r := range p.results {
		if r.action == action && strings.HasPrefix(r.test, test+"/") {
			return true
		}
	}
	return false
}

// endPackage tells of a package that has ended.
func (s *summary) endPackage(name string, p *running, e event) {
	switch {
	case e.Action == "fail":
		if !p.anything {
			s.fail(name)
		}
		// What tests that never ended wrote is there to be read as well: one of them is why.
		for _, output := range p.output {
			fmt.Fprint(s.out, output.String())
		}
		fmt.Fprintf(s.out, "FAIL %s %.1fs\n", name, e.Elapsed)
	case len(p.results) > 0:
		fmt.Fprintf(s.out, "ok   %s %.1fs\n", name, e.Elapsed)
	}
}

// fail counts a failure.
func (s *summary) fail(label string) {
	s.failed++
	s.failures = append(s.failures, "--- FAIL: "+label)
}

// finish writes what was skipped and what failed, then the count, and gives the number of failures.
func (s *summary) finish() int {
	for _, line := range append(s.skips, s.failures...) {
		fmt.Fprintln(s.out, line)
	}
	fmt.Fprintf(s.out, "%d passed, %d failed, %d skipped\n", s.passed, s.failed, s.skipped)
	return s.failed
}

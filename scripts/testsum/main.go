// Testsum reads what `go test -json` writes, of one run or of several one after the other, and says in few words what
// came of it: a line for each package as it ends, everything that a failed test had to say, every skipped test with
// its reason, and in the last line how many tests passed, failed and were skipped. It exits 1 if any failed.
//
//	go test -json ./... | go run ./scripts/testsum
//
// A test that has subtests is counted by them alone. A package that fails without a failed test (it does not compile,
// it leaves goroutines behind, it times out) counts as one failure. A line that is no JSON is passed on as it is.
//
// Other checks can be counted in the same stream, as tests of a package of their own. An event of the action "command"
// says that a command begins, and "exit" that it has failed: if no failure between them accounts for that, it counts
// as one.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
)

func main() {
	s := newSummary(os.Stdout)
	if err := s.read(os.Stdin); err != nil {
		fmt.Fprintln(os.Stderr, "testsum:", err)
		os.Exit(1)
	}
	if s.finish() > 0 {
		os.Exit(1)
	}
}

// event is one line of `go test -json`; see `go doc test2json`.
type event struct {
	Action     string
	Package    string
	ImportPath string // of build-output
	Test       string
	Elapsed    float64 // seconds
	Output     string
}

// read takes events until the end.
func (s *summary) read(in io.Reader) error {
	lines := bufio.NewReader(in)
	for {
		line, err := lines.ReadBytes('\n')
		var e event
		switch {
		case len(line) > 0 && json.Unmarshal(line, &e) == nil && e.Action != "":
			s.take(e)
		case len(line) > 0:
			fmt.Fprintf(s.out, "%s", line)
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"sync"

	"golang.org/x/term"

	"parley"
	"parley/client/transfer"
)

// atOnce is how many files are sent or got at a time: enough that the short ones do not wait for the long, and few enough that
// each comes to an end.
const atOnce = 3

// transferAll does something with each of what was named, some at a time, and shows how they come on. What fails is told; the
// others go on. The exit status is that of the first that has failed.
func (s *script) transferAll(ctx context.Context, named []string, do func(string, *transfer.Board) error) error {
	b := newBoard(s.errOut)
	b.Start()
	queue := make(chan string)
	failed := make([]error, 0, len(named))
	var mu sync.Mutex
	var working sync.WaitGroup
	for range min(atOnce, len(named)) {
		working.Go(func() {
			for name := range queue {
				err := do(name, b)
				if err == nil {
					continue
				}
				mu.Lock()
				failed = append(failed, err)
				mu.Unlock()
				if ctx.Err() == nil {
					b.Print(func() {
						fmt.Fprintf(s.errOut, "parley: %s\n", parley.CleanLine(sentence(withLoginHint(err, s.target))))
					})
				}
			}
		})
	}
	for _, name := range named {
		if ctx.Err() != nil {
			break
		}
		queue <- name
	}
	close(queue)
	working.Wait()
	b.Close()
	if ctx.Err() != nil {
		fmt.Fprintln(s.errOut, "* broken off; the same command goes on where it was")
		return &exitError{status: statusInterrupted}
	}
	if len(failed) > 0 {
		return &exitError{status: statusOf(failed[0])}
	}
	return nil
}

// newBoard makes a board on a terminal, or one that shows nothing elsewhere.
func newBoard(out io.Writer) *transfer.Board {
	b := &transfer.Board{}
	if file, ok := out.(*os.File); ok && isTerminal(file) && os.Getenv("TERM") != "dumb" {
		b.Out = file
		b.Width = func() int {
			if width, _, err := term.GetSize(int(file.Fd())); err == nil && width > 0 {
				return width
			}
			return 80
		}
	}
	return b
}

// notesFolder gives the folder in which is remembered what is under way.
func notesFolder() (transfer.Notes, error) {
	folder, err := configFile("transfers")
	return transfer.Notes(folder), err
}

// once leaves out what was said before.
func once(list []string) (short []string) {
	seen := make(map[string]bool)
	for _, s := range list {
		if !seen[s] {
			short = append(short, s)
		}
		seen[s] = true
	}
	return short
}

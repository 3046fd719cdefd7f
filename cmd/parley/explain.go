package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"parley"
	"parley/explain"
	lens "parley/explain/report" // report is in exit.go
)

// explainFlags are the arguments of `parley explain`.
type explainFlags struct {
	connection int
	json       bool
	questions  bool
	html       string
	force      bool
}

// newExplainCommand makes the command that tells what captures show.
func newExplainCommand() *cobra.Command {
	var f explainFlags
	cmd := &cobra.Command{
		Use:   "explain FILE...",
		Short: "tell in sentences what happened in a capture",
		Long: `Explain reads captures (pcap or pcapng, also with gzip; - is standard input) and tells in sentences, with frame
numbers as Wireshark counts them, what happened: who connected to whom, what was lost and sent again, who held
whom back, how each connection ended. Several files are read as one lab: a packet that stands in two of them
counts once, and frames are named FILE:FRAME.

--connection N tells all of one connection, --questions answers the questions of the labs one by one, --json
writes everything for programs (docs/explain.schema.json), --html a page with diagrams.

A file that breaks off is explained up to there, with a warning.`,
		Example: `  parley explain chat.pcapng
  parley explain chat.pcapng --connection 1
  parley explain server.pcapng client.pcapng --questions
  parley explain chat.pcapng --html chat.html`,
		Args: func(cmd *cobra.Command, args []string) error {
			if err := argumentsBetween(1, -1, "FILE...")(cmd, args); err != nil {
				return err
			}
			return f.check(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, args) },
	}
	flags := cmd.Flags()
	flags.IntVar(&f.connection, "connection", 0, "tell all of one connection, by its `number` in the summary")
	flags.BoolVar(&f.json, "json", false, "write JSON")
	flags.BoolVar(&f.questions, "questions", false, "answer the questions of the labs")
	flags.StringVar(&f.html, "html", "", "write a page with diagrams to `file`, which must not exist")
	flags.BoolVar(&f.force, "force", false, "--html may replace a file")
	return cmd
}

// check refuses what does not go together.
func (f *explainFlags) check(cmd *cobra.Command, files []string) error {
	chosen := 0
	for _, on := range []bool{f.json, f.questions, cmd.Flags().Changed("connection")} {
		if on {
			chosen++
		}
	}
	inputs := 0
	for _, name := range files {
		if name == "-" {
			inputs++
		}
	}
	switch {
	case chosen > 1:
		return errors.New("choose one of --connection, --json and --questions")
	case cmd.Flags().Changed("connection") && f.connection < 1:
		return errors.New("--connection takes numbers from 1 on")
	case inputs > 1:
		return errors.New("standard input (-) can be read once")
	case f.force && f.html == "":
		return errors.New("--force belongs to --html")
	}
	return nil
}

// run reads the captures and shows what is in them.
func (f *explainFlags) run(cmd *cobra.Command, names []string) error {
	if err := f.mayWrite(); err != nil {
		return err
	}
	lab, err := f.read(cmd, names)
	if cmd.Context().Err() != nil {
		return &exitError{status: statusInterrupted}
	}
	if err != nil {
		return err
	}
	for _, file := range lab.Files {
		if file.Broken != nil {
			fmt.Fprintf(cmd.ErrOrStderr(), "parley: warning: %s: %s; explained up to there\n", parley.CleanLine(file.Name),
				parley.CleanLine(file.Broken.Error()))
		}
	}
	if f.html != "" {
		if err := f.writePage(lab); err != nil {
			return err
		}
		fmt.Fprintf(cmd.ErrOrStderr(), "parley: wrote %s\n", parley.CleanLine(f.html))
	}
	return f.show(cmd.OutOrStdout(), lab)
}

// show writes what was asked for to standard output.
func (f *explainFlags) show(out io.Writer, lab *explain.Lab) error {
	style := lens.Style{Color: isTerminal(out) && os.Getenv("NO_COLOR") == ""}
	switch {
	case f.json:
		return lens.WriteJSON(out, lab)
	case f.questions:
		return lens.WriteQuestions(out, lab, style)
	case f.connection > 0:
		return lens.WriteConnection(out, lab, f.connection, style)
	}
	return lens.WriteText(out, lab, style)
}

// read reads the captures, and shows how far it has come.
func (f *explainFlags) read(cmd *cobra.Command, names []string) (*explain.Lab, error) {
	progress := newReading(cmd.Context(), cmd.ErrOrStderr())
	defer progress.end()
	var sources []explain.Source
	for _, name := range names {
		if name == "-" {
			sources = append(sources, explain.Source{Name: "standard input", Content: progress.of(cmd.InOrStdin(), 0)})
			continue
		}
		file, err := os.Open(name)
		if err != nil {
			return nil, fmt.Errorf("%s cannot be read: %w", name, cause(err))
		}
		defer file.Close()
		about, err := file.Stat()
		if err != nil {
			return nil, err
		}
		if about.IsDir() {
			return nil, fmt.Errorf("%s is a folder, not a capture", name)
		}
		sources = append(sources, explain.Source{Name: name, Content: progress.of(file, about.Size())})
	}
	progress.begin()
	return explain.Read(explain.Options{Detail: f.html != ""}, sources...)
}

// cause is what is wrong with a file, without its name.
func cause(err error) error {
	if at, ok := errors.AsType[*fs.PathError](err); ok {
		return at.Err
	}
	return err
}

// mayWrite refuses early to replace a file.
func (f *explainFlags) mayWrite() error {
	if f.html == "" || f.force {
		return nil
	}
	if _, err := os.Lstat(f.html); err == nil {
		return fmt.Errorf("%s exists; --force replaces it", f.html)
	}
	return nil
}

// writePage writes the page. What cannot be written whole is removed.
func (f *explainFlags) writePage(lab *explain.Lab) error {
	how := os.O_WRONLY | os.O_CREATE | os.O_EXCL
	if f.force {
		how = os.O_WRONLY | os.O_CREATE | os.O_TRUNC
	}
	file, err := os.OpenFile(f.html, how, 0o644)
	if err != nil {
		return fmt.Errorf("%s cannot be written: %w", f.html, cause(err))
	}
	err = errors.Join(lens.WriteHTML(file, lab), file.Close())
	if err != nil {
		_ = os.Remove(f.html)
		return fmt.Errorf("%s cannot be written: %w", f.html, err)
	}
	return nil
}

// interruptedReader ends when somebody has pressed Ctrl-C.
type interruptedReader struct {
	ctx context.Context
	in  io.Reader
}

// Read reads, or gives why no longer.
func (r interruptedReader) Read(b []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.in.Read(b)
}

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"parley"
	"parley/capture"
	"parley/capture/pcap"
)

// capturing is a capture that goes on.
type capturing struct {
	recorder *capture.Recorder
	file     *captureFile
	tell     io.Writer // standard error
}

// aboutCapture is what a file says of a command of this program.
func aboutCapture(words []string) pcap.Section {
	return pcap.Section{Application: "parley " + version(), Comment: parley.CleanLine("parley " + strings.Join(words, " "))}
}

// beginCapture makes the file, begins to capture into it, and says so. It leaves no file behind when it fails.
func beginCapture(file *captureFile, tell io.Writer, o capture.Options) (*capturing, error) {
	if err := capture.Allowed(); err != nil { // before there is a file
		return nil, err
	}
	out, err := file.open()
	if err != nil {
		return nil, err
	}
	c := &capturing{file: file, tell: tell}
	if c.recorder, err = capture.Open(out, o); err != nil {
		file.discard()
		return nil, err
	}
	fmt.Fprintf(tell, "Capturing on %s%s, to %s.\n", interfaceNames(o.Interfaces), only(o.Filter), file)
	return c, nil
}

// interfaceNames names interfaces to people.
func interfaceNames(list []capture.Interface) string {
	names := make([]string, len(list))
	for n, i := range list {
		names[n] = parley.CleanLine(i.Name)
		if i.Loopback {
			names[n] += " (this computer only)"
		}
	}
	return strings.Join(names, ", ")
}

// only says what is chosen.
func only(f capture.Filter) string {
	if text := f.String(); text != "" {
		return ", only " + text
	}
	return ""
}

// alone captures until ctx ends, or as long as duration says, and shows on a terminal how far it has come.
func (c *capturing) alone(ctx context.Context, duration time.Duration) error {
	if duration > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, duration)
		defer cancel()
	}
	watching, seen := context.WithCancel(ctx)
	var showing sync.WaitGroup
	if isTerminal(c.tell) {
		fmt.Fprintln(c.tell, "Ctrl-C ends it.")
		showing.Go(func() { c.show(watching) })
	}
	err := c.recorder.Run(ctx)
	seen()
	showing.Wait()
	return errors.Join(err, c.end())
}

// show shows how many packets there are, twice a second.
func (c *capturing) show(ctx context.Context) {
	ticker := time.NewTicker(500 * time.Millisecond)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			fmt.Fprint(c.tell, "\r\x1b[K") // the line is for what comes now
			return
		case <-ticker.C:
			fmt.Fprintf(c.tell, "\r\x1b[K%s", c.summary())
		}
	}
}

// summary says how far it has come.
func (c *capturing) summary() string {
	counts := c.recorder.Counts()
	packets := fmt.Sprintf("%d packets", counts.Packets)
	if counts.Packets == 1 {
		packets = "1 packet"
	}
	return fmt.Sprintf("%s, %d dropped by the kernel", packets, counts.Dropped)
}

// end closes the file, and says what is in it.
func (c *capturing) end() error {
	fmt.Fprintf(c.tell, "%s: %s.\n", c.summary(), c.file)
	c.recorder.Close()
	if err := c.file.close(); err != nil {
		return fmt.Errorf("the capture may not be whole: %w", err)
	}
	if c.file.file != nil {
		fmt.Fprintf(c.tell, "What happened in it: parley explain %s\n", commandLine([]string{c.file.String()}))
	}
	return nil
}

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/spf13/cobra"

	"parley"
	"parley/capture/tap"
)

// newTapCommand makes the command that stands between programs and their server.
func newTapCommand() *cobra.Command {
	var path string
	cmd := &cobra.Command{
		Use:   "tap LISTEN TARGET -o FILE",
		Short: "pass on what other programs say to each other, and write it down",
		Long: `Tap stands between any client and its server, your own classroom programs for two: it listens at LISTEN,
connects each client on to TARGET, passes on what both send, unchanged, and writes it to FILE as pcapng, for
parley explain and Wireshark. Both are HOST:PORT, over TCP. Have the client connect to LISTEN instead of
TARGET. It needs no right on the network, and ends with Ctrl-C.

FILE is made from what tap sent and received, and says so: addresses, bytes, times and ends are as they
were; handshakes, acknowledgements and windows are made up. The server sees all clients come from tap, so each
client is two connections: its own to tap, and tap's to the server. A FILE that is a capture is replaced.

For Parley's own programs, parley serve --tap FILE and parley join URL --tap FILE do the same without a relay.`,
		Example: `  parley tap 127.0.0.1:9001 127.0.0.1:8001 -o chat.pcapng`,
		Args:    argumentsBetween(2, 2, "LISTEN TARGET -o FILE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if path == "" {
				return usage("which file? write -o FILE.pcapng")
			}
			return runTap(cmd.Context(), args[0], args[1], path, cmd.OutOrStdout())
		},
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	cmd.Flags().StringVarP(&path, "output", "o", "", "write to this `FILE`")
	return cmd
}

// runTap passes on until ctx ends.
func runTap(ctx context.Context, listen, target, path string, out io.Writer) error {
	var lines sync.Mutex // people come and go at the same time
	say := func(text string) {
		lines.Lock()
		defer lines.Unlock()
		fmt.Fprintln(out, parley.CleanLine(text))
	}
	relay, err := tap.NewRelay(ctx, listen, target, say)
	if err != nil {
		return err
	}
	file, err := tap.Create(path, tap.Options{About: "parley tap"})
	if err != nil {
		relay.Close()
		return err
	}
	say(fmt.Sprintf("listening on %s, passing on to %s, writing to %s; Ctrl-C ends it", relay.Addr(), target, path))
	failed := relay.Run(ctx, file.Tap)
	said, err := file.Close()
	if err == nil {
		say(said)
	}
	return errors.Join(failed, err)
}

package main

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"parley"
	"parley/client/transfer"
	"parley/web/wire"
)

// sendAnswer is what `parley send --json` tells of a file. wire.File has the names of its members.
type sendAnswer struct {
	wire.File
	Room   wire.Place `json:"room"`
	Number parley.Seq `json:"number,omitempty"`
}

// newSendCommand makes the command that sends files.
func newSendCommand() *cobra.Command {
	where := serverFlags{keeps: true}
	var place placeFlags
	cmd := &cobra.Command{
		Use:   "send FILE... [URL]",
		Short: "send files and folders",
		Long: `Send sends files to a room, or to one person, three at a time, and prints for each the number of the message
that tells of it, its name and its size. A folder is sent as one file, a tar archive named after it, without
the links in it; parley get NAME/ makes a folder of it again.

When it is broken off, by a lost connection, Ctrl-C or a crash on either side, the same command goes on where
it was, for a day; a file that has changed meanwhile is sent anew.`,
		Example: `  parley send shore.jpg
  parley send *.pdf project/ --room homework
  parley send "my thesis.odt" --to alice
  parley send shore.jpg http://192.168.1.20:7275`,
		Args: func(_ *cobra.Command, args []string) error { return place.check(args, "FILE") },
	}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		args, err := where.takeServer(args)
		if err != nil {
			return err
		}
		return scripted(&where, func(ctx context.Context, s *script, args []string) error {
			return s.sendAll(ctx, place.place(), args)
		})(cmd, args)
	}
	cmd.Flags().StringVar(&place.room, "room", "", "the `room` to send to (default: lobby)")
	cmd.Flags().StringVar(&place.person, "to", "", "the `name` of the one person to send to")
	cmd.MarkFlagsMutuallyExclusive("room", "to")
	where.addFlags(cmd)
	return cmd
}

// placeFlags say which room, or which conversation.
type placeFlags struct{ room, person string }

// place gives it.
func (p placeFlags) place() wire.Place {
	if p.person != "" {
		return wire.Place("@" + strings.TrimPrefix(p.person, "@"))
	}
	return wire.Place(cmp.Or(p.room, string(parley.Lobby)))
}

// check refuses arguments of which none names anything.
func (p placeFlags) check(args []string, what string) error {
	for _, a := range args {
		if !isServer(a) {
			return nil
		}
	}
	return fmt.Errorf("name at least one %s", what)
}

// isServer reports whether an argument is the URL of a server, and so no file.
func isServer(arg string) bool {
	return strings.HasPrefix(arg, "http://") || strings.HasPrefix(arg, "https://")
}

// takeServer takes the URL of a server out of arguments that may have one.
func (s *serverFlags) takeServer(args []string) (others []string, err error) {
	for _, a := range args {
		switch {
		case !isServer(a):
			others = append(others, a)
		case s.url != "" && s.url != a:
			return nil, usage("there is one server to ask, not both %s and %s", parley.CleanLine(s.url), parley.CleanLine(a))
		default:
			s.url = a
		}
	}
	return others, nil
}

// sendAll sends what is at paths. All of it is looked at before anything is sent.
func (s *script) sendAll(ctx context.Context, room wire.Place, paths []string) error {
	notes, err := notesFolder()
	if err != nil {
		return err
	}
	sources := make(map[string]*transfer.Source)
	defer func() {
		for _, source := range sources {
			_ = source.Close()
		}
	}()
	paths = once(paths)
	for _, path := range paths {
		if sources[path], err = transfer.Open(path); err != nil {
			delete(sources, path)
			return err
		}
		for _, skipped := range sources[path].Skipped {
			fmt.Fprintf(s.errOut, "* not sent, since it is neither a file nor a folder: %s\n", parley.CleanLine(skipped))
		}
	}
	limit, err := s.api.UploadLimit(ctx, room)
	if err != nil {
		return err
	}
	sender := &transfer.Sender{API: s.api, Room: room, Notes: notes, Limit: limit}
	return s.transferAll(ctx, paths, func(path string, b *transfer.Board) error {
		source := sources[path]
		bar := b.Add(string(source.Name))
		defer bar.End()
		sent, err := sender.Send(ctx, source, func(offset int64) { bar.Move(source.Size, offset) })
		if err != nil {
			return err
		}
		b.Print(func() {
			if sent.Already > 0 {
				fmt.Fprintf(s.errOut, "* %s went on after %d of %d bytes\n", source.Name, sent.Already, source.Size)
			}
			answer := sendAnswer{File: wire.File(sent.File), Room: sent.Room, Number: sent.Number}
			err = s.tell(answer, fmt.Sprintf("%d\t%s\t%d", sent.Number, sent.File.Name, sent.File.Size))
		})
		return err
	})
}

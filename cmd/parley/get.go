package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"parley"
	"parley/client"
	"parley/client/transfer"
	"parley/web/wire"
)

// getAnswer is what `parley get --json` tells of a file.
type getAnswer struct {
	wire.File
	Room   wire.Place `json:"room"`
	Number parley.Seq `json:"number,omitempty"` // of the message, where it is one of the newest
	Path   string     `json:"path"`
}

// newGetCommand makes the command that gets files.
func newGetCommand() *cobra.Command {
	var where serverFlags
	var place placeFlags
	var folder string
	cmd := &cobra.Command{
		Use:   "get NAME... [URL]",
		Short: "get files and folders",
		Long: `Get gets files that were sent to a room, or shared by the server, or sent between you and one person, three at
a time, and prints for each where it is now and its size. Of several with one name it gets the newest, and
says so. NAME/ gets a folder that was sent as one.

Each is verified by its SHA-256. Nothing that is there is overwritten: a second shore.jpg becomes
shore-1.jpg. When it is broken off, by a lost connection, Ctrl-C or a crash on either side, the same command
goes on with what has come, which lies in a file NAME.….part meanwhile.`,
		Example: `  parley get shore.jpg
  parley get project/ poem.txt --room homework -o desk
  parley get shore.jpg --from alice --json
  parley get shore.jpg http://192.168.1.20:7275`,
		Args: func(_ *cobra.Command, args []string) error { return place.check(args, "NAME") },
	}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		args, err := where.takeServer(args)
		if err != nil {
			return err
		}
		return scripted(&where, func(ctx context.Context, s *script, args []string) error {
			return s.getAll(ctx, place.place(), folder, args)
		})(cmd, args)
	}
	cmd.Flags().StringVar(&place.room, "room", "", "the `room` that they were sent to (default: lobby)")
	cmd.Flags().StringVar(&place.person, "from", "", "the `name` of the one person with whom they were shared")
	cmd.Flags().StringVarP(&folder, "output", "o", ".", "the `folder` to put them into")
	cmd.MarkFlagsMutuallyExclusive("room", "from")
	where.addFlags(cmd)
	return cmd
}

// wanted is a file by its name on the server, or a folder by that of its archive.
type wanted struct {
	name   parley.FileName
	folder bool
}

// getAll gets files into a folder.
func (s *script) getAll(ctx context.Context, room wire.Place, folder string, names []string) error {
	notes, err := notesFolder()
	if err != nil {
		return err
	}
	files := make(map[string]wanted)
	names = once(names)
	for _, typed := range names {
		name, isFolder := transfer.FolderName(typed)
		if !isFolder {
			name = typed
		}
		parsed, err := parley.ParseFileName(name)
		if err != nil {
			return &exitError{status: statusUsage, err: err}
		}
		files[typed] = wanted{parsed, isFolder}
	}
	getter := &transfer.Getter{API: s.api, Room: room, Folder: client.NewFolder(folder), Notes: notes}
	return s.transferAll(ctx, names, func(typed string, b *transfer.Board) error {
		want := files[typed]
		bar := b.Add(typed)
		defer bar.End()
		got, err := getter.Get(ctx, want.name, want.folder, bar.Move)
		if err != nil {
			return withFolderHint(err, want)
		}
		number, several := getter.Message(ctx, got.File)
		b.Print(func() {
			if got.Already > 0 {
				fmt.Fprintf(s.errOut, "* %s went on after %d of %d bytes\n", got.File.Name, got.Already, got.File.Size)
			}
			if several > 1 {
				fmt.Fprintf(s.errOut, "* %d messages carry %s: this is the newest, number %d\n", several, got.File.Name, number)
			}
			path := filepath.Join(folder, got.SavedAs)
			answer := getAnswer{File: wire.File(got.File), Room: room, Number: number, Path: path}
			err = s.tell(answer, fmt.Sprintf("%s\t%d", parley.CleanLine(path), got.File.Size))
		})
		return err
	})
}

// withFolderHint says how to ask for a folder, to who has asked for a file that is not there.
func withFolderHint(err error, want wanted) error {
	if parley.CodeOf(err) != parley.CodeNoSuchFile || want.folder || strings.Contains(string(want.name), ".") {
		return err
	}
	return parley.Wrap(parley.CodeNoSuchFile, err, fmt.Sprintf("%s; if it is a folder, ask for %s/", parley.Sentence(err), want.name))
}

package main

import (
	"context"
	"fmt"
	"io"
	"net/netip"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"parley/admin"
	"parley/classlist"
	"parley/discovery"
)

const importLong = `Import makes an account for everybody in a list, as spreadsheets and schools export it: comma-separated
values in UTF-8, separated by commas, semicolons or tabs. - reads the list from standard input.

The first row may say what the columns are: name (or login, user), and if you like role and password. Without it
they are these three, in this order. Beside a column login, name is what people are called otherwise. Other columns
are named and left alone.

Everybody gets a one-time password: that in the list, or one made at random. Whoever logs in with it, by parley login,
chooses a password of their own, and can do nothing else before. The passwords are kept nowhere but in what import
writes: with --slips a page to print and cut, for the server that --url names; otherwise names, roles and passwords
as comma-separated values on standard output. A slip is in the file before its account is made.

A row that is wrong is told as FILE:LINE: and what is wrong; accounts are made of the others all the same. Who has an
account already is told too, and left as they are, so the same list can be imported again once it is mended. After
Ctrl-C the account under way is finished and nothing is lost; import the list again for the rest.

The exit status is 0 when everybody has an account, 1 when a row was wrong or something failed, 2 for wrong usage and
130 when it was broken off.`

const importExample = `  parley user import class.csv --dry-run
  parley user import class.csv --slips slips.html --url http://192.168.1.5:7275
  parley user import class.csv > passwords.csv`

// importFlags are the flags of `parley user import`.
type importFlags struct {
	*userFlags
	slips     string
	url       string
	replace   bool
	dryRun    bool
	fullNames bool
}

// newUserImportCommand makes `parley user import`.
func newUserImportCommand(u *userFlags) *cobra.Command {
	f := &importFlags{userFlags: u}
	command := &cobra.Command{
		Use:     "import FILE.csv",
		Short:   "make an account for everybody in a list, and slips with one-time passwords",
		Long:    importLong,
		Example: importExample,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return fmt.Errorf("%s takes one list, and has %d arguments", cmd.CommandPath(), len(args))
			}
			return f.check()
		},
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, args[0]) },
	}
	flags := command.Flags()
	flags.StringVar(&f.slips, "slips", "", "write a page of slips to print to this new `FILE.html`")
	flags.StringVar(&f.url, "url", "", "the server's `URL` on the slips, such as http://192.168.1.5:7275")
	flags.BoolVar(&f.replace, "replace", false, "replace the file of the slips, and the passwords in it")
	flags.BoolVar(&f.dryRun, "dry-run", false, "check the list and make nothing")
	flags.BoolVar(&f.fullNames, "full-names", false, "make logins of full names: ada.lovelace of Ada Lovelace")
	return command
}

// check looks at the flags together. What it refuses is wrong usage.
func (f *importFlags) check() error {
	switch {
	case f.slips == "" && f.url != "":
		return fmt.Errorf("--url is for the slips: say where to write them by --slips FILE.html")
	case f.slips == "" && f.replace:
		return fmt.Errorf("--replace is for the slips: say where to write them by --slips FILE.html")
	case f.slips == "-":
		return fmt.Errorf("--slips takes a new file, such as slips.html, and not standard output")
	case f.slips != "" && f.url == "":
		return fmt.Errorf("say by --url what the slips tell people to log in to, such as %s", likelyURL())
	case f.slips == "":
		return nil
	}
	target, err := parseServer(f.url)
	f.url = target.URL()
	return err
}

// likelyURL is what people could type to reach a server on this machine.
func likelyURL() string {
	for _, a := range discovery.Addresses() {
		return "http://" + netip.AddrPortFrom(a, 7275).String()
	}
	return "http://192.168.1.5:7275"
}

// run reads the list, and makes the accounts.
func (f *importFlags) run(cmd *cobra.Command, path string) error {
	list, name, err := readList(cmd.Context(), path, cmd.InOrStdin())
	if err != nil {
		return err
	}
	i := &importer{flags: f, name: name, list: list, out: cmd.OutOrStdout(), errOut: cmd.ErrOrStderr()}
	if len(list.Ignored) > 0 {
		i.note("columns that are left alone: " + strings.Join(list.Ignored, ", "))
	}
	return f.with(cmd.Context(), cmd, func(k admin.Keeper) error { return i.run(cmd.Context(), k) })
}

// readList reads the list in a file, or from standard input, and gives the name by which its rows are told.
func readList(ctx context.Context, path string, in io.Reader) (list classlist.List, name string, err error) {
	if path != "-" {
		file, err := os.Open(path)
		if err != nil {
			return list, path, fmt.Errorf("the list cannot be read: %w", err)
		}
		defer file.Close()
		list, err = classlist.Read(file)
		return list, path, listError(path, err)
	}
	type result struct {
		list classlist.List
		err  error
	}
	read := make(chan result, 1)
	go func() {
		list, err := classlist.Read(in)
		read <- result{list, err}
	}()
	name = "standard input"
	select {
	case <-ctx.Done(): // reading goes on until the program ends
		return list, name, &exitError{status: statusInterrupted}
	case r := <-read:
		return r.list, name, listError(name, r.err)
	}
}

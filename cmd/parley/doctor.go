package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"parley"
	"parley/accounts"
	"parley/client"
	"parley/doctor"
)

const doctorLong = `Doctor looks for what usually goes wrong, names the cause, and says what to do about it.

Without a URL it looks at this machine, as parley serve with the same flags or the same --config would find it: the
clock, the data directory and who has it, room on the disk, the limit on open files, each listener's address and who
else has it, the certificate, this machine's firewall, multicast for --lan, and the right to capture packets.

With the URL of a server it goes there as parley join would: it looks the name up, connects, and looks what answers,
whether the clocks agree, whether the certificate is right and trusted, and whether servers nearby can be found. On
plain:// and roster:// somebody without a name may be seen to come and leave; over UDP for as long as the server waits.

Each line is ok, warn, wrong, or skipped with the reason. What is to be done stands below it, as a command. Nothing is
changed on this machine and nobody is remembered. It needs no rights of its own, and says what it cannot see without.

The exit status is 0 when nothing is wrong, 1 when something is, 2 for wrong usage.`

const doctorExample = `  parley doctor
  parley doctor --lan
  parley doctor --config parley.yaml
  parley doctor http://chat.example:7275
  parley doctor https://192.168.1.20:7275 --json`

// doctorFlags are the arguments of `parley doctor`.
type doctorFlags struct {
	serve   *serveOptions
	serving *pflag.FlagSet // those of serve
	trust   trust
	limit   time.Duration
	json    bool
}

// newDoctorCommand makes `parley doctor`.
func newDoctorCommand() *cobra.Command {
	f := &doctorFlags{serve: newServeOptions(), serving: pflag.NewFlagSet("", pflag.ContinueOnError)}
	command := &cobra.Command{
		Use:     "doctor [URL]",
		Short:   "look for what is wrong, here or on the way to a server",
		Long:    doctorLong,
		Example: doctorExample,
		Args:    argumentsBetween(0, 1, "[URL]"),
		RunE:    f.run,
	}
	flags := command.Flags()
	flags.SortFlags = false
	flags.BoolVar(&f.json, "json", false, "one JSON object a line")
	flags.DurationVar(&f.limit, "limit", 5*time.Second, "how long one check may take")
	f.trust.addFlags(command)
	f.serve.define(f.serving)
	for _, name := range []string{"console", "log-format", "log-level"} { // a file of settings may have them
		f.serving.Lookup(name).Hidden = true
	}
	flags.AddFlagSet(f.serving)
	return command
}

// run looks, and tells.
func (f *doctorFlags) run(cmd *cobra.Command, args []string) error {
	checks, err := f.checks(args)
	if err != nil {
		return &exitError{status: statusUsage, err: err}
	}
	found := doctor.Run(cmd.Context(), f.limit, checks)
	if cmd.Context().Err() != nil {
		return &exitError{status: statusInterrupted}
	}
	if err := tellFindings(cmd.OutOrStdout(), found, f.json); err != nil {
		return err
	}
	if !doctor.Healthy(found) {
		return &exitError{status: statusFailure} // which has been said
	}
	return nil
}

// checks gives what to look at. Errors are about wrong usage.
func (f *doctorFlags) checks(args []string) ([]doctor.Check, error) {
	if f.limit <= 0 {
		return nil, fmt.Errorf("--limit takes a time, such as 5s")
	}
	if len(args) == 1 {
		return f.visit(args[0])
	}
	if f.trust != (trust{}) {
		return nil, fmt.Errorf("--ca and --insecure are for looking at a server: parley doctor URL")
	}
	o := f.serve
	if o.file != "" {
		if err := applySettings(o.file, f.serving); err != nil {
			return nil, err
		}
	}
	o.server.Admit, o.server.MakeRooms = accounts.Admission(o.admit.value), parley.Role(o.makeRooms.value)
	return doctor.Machine{Config: o.server, Program: ownFile(), System: runtime.GOOS, Now: time.Now}.Checks()
}

// visit gives what to look at on the way to a server.
func (f *doctorFlags) visit(url string) ([]doctor.Check, error) {
	var given string
	f.serving.VisitAll(func(flag *pflag.Flag) {
		if flag.Changed {
			given = flag.Name
		}
	})
	if given != "" {
		return nil, fmt.Errorf("--%s is about a server on this machine, and no URL goes with it", given)
	}
	target, err := client.ParseTarget(url)
	if err != nil {
		return nil, err
	}
	if err := f.trust.check(target); err != nil {
		return nil, err
	}
	v := doctor.Visit{Target: target, CAFile: f.trust.caFile, Insecure: f.trust.insecure, System: runtime.GOOS,
		Now: time.Now}
	if v.PinsFile, err = configFile("known_servers"); err != nil && target.TLS && f.trust == (trust{}) {
		return nil, err
	}
	return v.Checks(), nil
}

// ownFile gives the file of this program, "" where the system does not tell.
func ownFile() string {
	file, err := os.Executable()
	if err != nil {
		return ""
	}
	if real, err := filepath.EvalSymlinks(file); err == nil {
		return real
	}
	return file
}

// tellFindings writes what was found.
func tellFindings(out io.Writer, found []doctor.Finding, asJSON bool) error {
	for _, f := range found {
		text := findingText(f)
		if asJSON {
			encoded, err := json.Marshal(f)
			if err != nil {
				return err
			}
			text = string(encoded)
		}
		if _, err := fmt.Fprintln(out, text); err != nil {
			return err
		}
	}
	return nil
}

// findingText writes a finding for people: in a line, with its remedy in another.
func findingText(f doctor.Finding) string {
	what := f.Check
	if f.Of != "" {
		what += " " + f.Of
	}
	text := fmt.Sprintf("%-8s %s: %s", f.Status, what, f.Cause)
	if f.Remedy != "" {
		text += fmt.Sprintf("\n%-8s $ %s", "", f.Remedy)
	}
	return text
}

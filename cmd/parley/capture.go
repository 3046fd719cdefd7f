package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"parley"
	"parley/capture"
)

const captureLong = `Capture writes the packets of a network interface into a pcapng file, which parley, Wireshark and tshark read.
It ends with Ctrl-C, after --for, or after --packets. With a command behind -- it captures while the command runs; its
exit status is then the command's, and Ctrl-C is for the command.

Without -i the interface is the one that leads to the first --host, and without a --host the loopback interface, on
which this computer talks to itself. --list shows the interfaces. -i may be repeated.

Without --host and --port every packet is captured. With --host, those from and to one of the hosts; with --port, those
from and to one of the ports, over TCP or UDP; with both, those that fulfil both. ICMP messages that tell about them are
captured too.

Without -o the file is named after the time. A file that exists is not overwritten, unless with --overwrite. -o - writes
to standard output.

Capturing needs a right, and without it the command says how this program gets it.`

const captureExample = `  parley capture --list
  parley capture -i lo --port 8001
  parley capture -o hello.pcapng --host 192.0.2.7 --for 30s
  parley capture -o hello.pcapng --port 8001 -- nc 127.0.0.1 8001`

// captureFlags are the flags of `parley capture`.
type captureFlags struct {
	interfaces []string
	output     string
	overwrite  bool
	hosts      []string
	portTexts  []string
	ports      []uint16
	duration   time.Duration
	packets    uint64
	list       bool
	command    []string // what stands behind --
}

// newCaptureCommand makes `parley capture`.
func newCaptureCommand() *cobra.Command {
	var f captureFlags
	command := &cobra.Command{
		Use:     "capture [-- COMMAND...]",
		Short:   "write the packets of an interface into a file",
		Long:    captureLong,
		Example: captureExample,
		Args:    f.takeCommand,
		PreRunE: func(cmd *cobra.Command, _ []string) error { return f.check(cmd.OutOrStdout()) },
		RunE: func(cmd *cobra.Command, _ []string) error {
			if f.list {
				return listInterfaces(cmd.OutOrStdout())
			}
			return f.run(cmd)
		},
	}
	flags := command.Flags()
	flags.SortFlags = false
	flags.StringArrayVarP(&f.interfaces, "interface", "i", nil, "capture on this `INTERFACE`; repeatable")
	flags.StringVarP(&f.output, "output", "o", "", "write to this `FILE`, - for standard output (default named after the time)")
	flags.BoolVar(&f.overwrite, "overwrite", false, "replace the file if it exists")
	flags.StringArrayVar(&f.hosts, "host", nil, "only packets from and to this `HOST`, a name or an address; repeatable")
	flags.StringSliceVar(&f.portTexts, "port", nil, "only packets from and to this `PORT` of TCP or UDP; repeatable")
	flags.DurationVar(&f.duration, "for", 0, "end after so long, such as 30s (default: never)")
	flags.Uint64Var(&f.packets, "packets", 0, "end after so many packets (default: never)")
	flags.BoolVar(&f.list, "list", false, "list the interfaces of this computer, and capture nothing")
	return command
}

// takeCommand accepts a command behind --, and no other arguments.
func (f *captureFlags) takeCommand(cmd *cobra.Command, args []string) error {
	dash := cmd.ArgsLenAtDash()
	switch {
	case dash > 0 || dash < 0 && len(args) > 0:
		return fmt.Errorf("capture takes flags, and a command behind --, not %q", args[0])
	case dash == 0 && len(args) == 0:
		return errors.New("behind -- stands the command that is to run")
	}
	f.command = args
	return nil
}

// check looks at the flags together. What it refuses is wrong usage.
func (f *captureFlags) check(out io.Writer) error {
	for _, text := range f.portTexts {
		port, err := strconv.ParseUint(text, 10, 16)
		if err != nil || port == 0 {
			return fmt.Errorf("--port takes a number from 1 to 65535, not %q", parley.CleanLine(text))
		}
		f.ports = append(f.ports, uint16(port))
	}
	switch {
	case f.duration < 0:
		return errors.New("--for takes a time such as 30s, and 0 for no end")
	case f.output == standardOutput && len(f.command) > 0:
		return errors.New("-o - and a command would both write to standard output: name a file")
	case f.output == standardOutput && isTerminal(out):
		return errors.New("-o - is for a pipe, and this is a terminal: name a file")
	}
	return nil
}

// run captures.
func (f *captureFlags) run(cmd *cobra.Command) error {
	ctx := cmd.Context()
	hosts, err := resolve(ctx, f.hosts)
	if err != nil {
		return err
	}
	filter, err := capture.NewFilter(hosts, f.ports)
	if err != nil {
		return err
	}
	interfaces, err := f.choose(hosts)
	if err != nil {
		return err
	}
	if len(f.command) > 0 {
		if err := findCommand(f.command[0]); err != nil {
			return err
		}
	}
	file := captureFile{path: f.output, overwrite: f.overwrite, out: cmd.OutOrStdout()}
	c, err := beginCapture(&file, cmd.ErrOrStderr(), capture.Options{
		Interfaces: interfaces, Filter: filter, Packets: f.packets, About: aboutCapture(f.words()),
	})
	if err != nil {
		return err
	}
	if len(f.command) > 0 {
		return c.during(ctx, cmd.InOrStdin(), cmd.OutOrStdout(), f.command, f.duration)
	}
	return c.alone(ctx, f.duration)
}

// words are how the command was given.
func (f *captureFlags) words() []string {
	words := []string{"capture"}
	add := func(flag string, values ...string) {
		for _, v := range values {
			words = append(words, flag, v)
		}
	}
	add("-i", f.interfaces...)
	add("--host", f.hosts...)
	add("--port", f.portTexts...)
	if len(f.command) > 0 {
		words = append(append(words, "--"), f.command...)
	}
	return words
}

// choose gives the interfaces to capture on.
func (f *captureFlags) choose(hosts []netip.Addr) ([]capture.Interface, error) {
	var chosen []capture.Interface
	for _, name := range f.interfaces {
		i, err := capture.Find(name)
		if err != nil {
			return nil, err
		}
		chosen = append(chosen, i)
	}
	if len(chosen) > 0 {
		return chosen, nil
	}
	i, err := capture.Loopback()
	if len(hosts) > 0 {
		i, err = capture.Toward(hosts[0])
	}
	return []capture.Interface{i}, err
}

// resolve gives the addresses of hosts.
func resolve(ctx context.Context, hosts []string) (addresses []netip.Addr, err error) {
	for _, h := range hosts {
		found, err := net.DefaultResolver.LookupNetIP(ctx, "ip", strings.Trim(h, "[]"))
		if err != nil {
			return nil, fmt.Errorf("there is no address for the host %q: %w", parley.CleanLine(h), err)
		}
		addresses = append(addresses, found...)
	}
	return addresses, nil
}

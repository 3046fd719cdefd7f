package main

import (
	"context"
	"errors"
	"fmt"
	"os/signal"
	"strings"
	"sync"
	"syscall"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"parley"
	"parley/accounts"
	"parley/server"
)

const serveLong = `Serve is the chat server. It opens its listeners, says how to join each, and runs until Ctrl-C, SIGTERM
or, on its console, quit. It stops in order; a second Ctrl-C stops it at once.

A listener is a URL, SCHEME://HOST:PORT?option=value&... The schemes:

  plain      text over TCP, for netcat and classroom socket programs (usual port 8001)
  plain+udp  the same in datagrams (usual port 12001)
  roster     names over TCP, direct messages from peer to peer over UDP (usual port 5000)
  http       WebSocket and REST, for programs, scripts and parley join (usual port 7275)

plain+tls, roster+tls and https are the same under TLS. Options of every listener: clients=N (at most so many at once),
per-address=N (from one address), idle=DURATION (closes what is silent), flood=off (no limit on the message rate),
room=NAME (where one starts, lobby by default); over TCP also serial=1 (one client at a time). Options of plain:
welcome=TEXT, style=says, echo=1, notices=1, frame=line, respond=upper, respond=input. Option of roster: udp=PORT.
Option of plain+udp: relay=any.

With --lan it listens on http://0.0.0.0:7275 and plain://0.0.0.0:8001, shows the address for others and, on a terminal,
a QR code of it, and is found on the local network by parley join without a URL.

On the console everything that is typed goes to the room from "server"; #ls shows who is here, @NAME: TEXT goes to one
person, quit stops the server. With respond=input what is typed answers the oldest open question.`

const serveExample = `  parley serve
  parley serve --lan
  parley serve --listen plain://0.0.0.0:8001 --listen roster://0.0.0.0:5000
  parley serve --listen 'plain://127.0.0.1:18080?respond=upper&clients=10&idle=120s' --data :memory:
  parley serve --config parley.yaml --log-format json`

// serveOptions are the flags of `parley serve`.
type serveOptions struct {
	server    server.Config
	console   toggle
	file      string // of settings
	capture   ownCapture
	admit     choice
	makeRooms choice
	logFormat choice
	logLevel  choice
}

// newServeOptions are the options that nobody has changed.
func newServeOptions() *serveOptions {
	return &serveOptions{
		admit:     choice{value: "open", words: []string{"open", "registered", "invited"}},
		makeRooms: choice{value: "member", words: []string{"guest", "member", "moderator", "owner"}},
		logFormat: choice{value: "text", words: []string{"text", "json"}},
		logLevel:  choice{value: "info", words: []string{"debug", "info", "warn", "error"}},
	}
}

// newServeCommand makes `parley serve`.
func newServeCommand(left *leftovers) *cobra.Command {
	o := newServeOptions()
	command := &cobra.Command{
		Use:     "serve",
		Short:   "run the server",
		Long:    serveLong,
		Example: serveExample,
		Args:    noArguments,
		RunE:    func(cmd *cobra.Command, _ []string) error { return runServe(cmd, o, left) },
	}
	o.define(command.Flags())
	return command
}

// define makes the flags.
func (o *serveOptions) define(flags *pflag.FlagSet) {
	flags.SortFlags = false
	o.server.FileLimit = server.DefaultFileLimit
	flags.StringArrayVar(&o.server.Listen, "listen", nil,
		"listen on this `URL`; repeatable (default "+strings.Join(server.DefaultListen, " and ")+")")
	flags.BoolVar(&o.server.LAN, "lan", false,
		"listen on the local network, and be found there; instead of --listen")
	flags.StringVar(&o.server.Data, "data", "",
		"keep data in this `DIR`; "+server.Volatile+" keeps nothing (default the user's data directory)")
	o.server.Version = version()
	flags.Var(&o.admit, "admit", "who is let in: everybody, accounts that everybody may make, or accounts that owners make")
	flags.Var(&o.makeRooms, "rooms-by", "the least `ROLE` that may make rooms")
	flags.StringArrayVar(&o.server.PublicNames, "public-name", nil,
		"a host `NAME` that the HTTP door goes by, beside this machine's addresses; repeatable")
	flags.StringVar(&o.server.Share, "share", "", "offer the files of this `DIR` for asking, read-only")
	flags.StringVar(&o.server.TLSCert, "tls-cert", "",
		"certificate chain for listeners with TLS, a PEM `FILE` (default made by the server itself)")
	flags.StringVar(&o.server.TLSKey, "tls-key", "", "its private key, a PEM `FILE`")
	flags.Var(size{&o.server.FileLimit, 1}, "file-limit", "largest file that may be sent")
	flags.Var(size{&o.server.Quota, 0}, "quota", "largest `SIZE` of all files together, 0 for no limit (default 0)")
	flags.StringVar(&o.capture.path, "capture", "",
		"capture the packets of the listeners into this pcapng `FILE`, which may not exist yet")
	flags.StringVar(&o.server.Tap, "tap", "", "write what is sent and received, people's texts too, to this `FILE`, as pcapng")
	flags.Var(&o.console, "console", "show what happens and let the operator type (default when input is a terminal)")
	flags.Lookup("console").NoOptDefVal = "true"
	flags.StringVar(&o.file, "config", "", "take settings from this YAML `FILE`, named as these flags; flags win")
	flags.Var(&o.logFormat, "log-format", "how the log on standard error is written")
	flags.Var(&o.logLevel, "log-level", "the least level that is logged")
}

// runServe runs the server until the command's context ends or the operator asks for it. left learns of what the server
// does not keep.
func runServe(cmd *cobra.Command, o *serveOptions, left *leftovers) error {
	if o.file != "" {
		if err := applySettings(o.file, cmd.Flags()); err != nil {
			return &exitError{status: statusUsage, err: err}
		}
	}
	// Whoever reads the output may go away, now or later; that is no reason for the chat to end.
	signal.Ignore(syscall.SIGPIPE)
	if err := o.capture.allowed(); err != nil {
		return err
	}
	o.server.Admit, o.server.MakeRooms = accounts.Admission(o.admit.value), parley.Role(o.makeRooms.value)
	o.server.Console = o.console.or(isTerminal(cmd.InOrStdin()))
	log, endLog := openLog(cmd.ErrOrStderr(), o.logFormat.value, o.logLevel.value)
	defer endLog()
	s, err := server.New(cmd.Context(), o.server, server.Environment{
		Stdin:     cmd.InOrStdin(),
		Stdout:    cmd.OutOrStdout(),
		Log:       log,
		Temporary: left.add,
	})
	switch {
	case err != nil && cmd.Context().Err() != nil:
		return nil // stopped before it had begun
	case parley.CodeOf(err) == parley.CodeInvalid:
		return &exitError{status: statusUsage, err: err}
	case err != nil:
		return err
	}
	if err := o.capture.beginAtListeners(s.Addresses(), lineLogger{log}); err != nil {
		s.Close()
		return err
	}
	showCode(cmd.OutOrStdout(), s.JoinURL())
	fmt.Fprint(cmd.OutOrStdout(), s.Banner())
	saveMemory()
	ctx, cancel := context.WithCancel(cmd.Context())
	var resting sync.WaitGroup
	resting.Go(func() { giveBack(ctx) })
	defer resting.Wait()
	defer cancel()
	return errors.Join(s.Run(cmd.Context()), o.capture.end())
}

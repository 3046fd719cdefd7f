//go:build unix

package main

import (
	"context"
	"log/slog"
	"path/filepath"
	"strconv"

	"github.com/rogpeppe/go-internal/testscript"

	"parley"
	"parley/server"
)

// pupil names one of a class, who has that for a password too.
func pupil(i int) string { return "pupil" + strconv.Itoa(i) }

// enrol makes an account for each of a class, on the server that runs on the script's own data.
func enrol(ts *testscript.TestScript, _ *town, args []string) {
	need(ts, args, 1)
	n, err := strconv.Atoi(args[0])
	ts.Check(err)
	data := filepath.Join(ts.Getenv("XDG_DATA_HOME"), "parley")
	keeper, done, err := server.OpenAccounts(context.Background(), data, server.Environment{Log: slog.New(slog.DiscardHandler)})
	ts.Check(err)
	defer func() { ts.Check(done()) }()
	for i := range n {
		_, err := keeper.Add(context.Background(), pupil(i), pupil(i), parley.RoleMember)
		ts.Check(err)
	}
}

// class has a whole class, behind one address, log in at the same moment, each under their own name.
func class(ts *testscript.TestScript, w *town, args []string) {
	need(ts, args, 3)
	n, err := strconv.Atoi(args[0])
	ts.Check(err)
	for i := range n {
		connect(ts, w, []string{pupil(i), args[1], args[2]})
	}
	for i := range n {
		send(ts, w, []string{pupil(i), pupil(i) + `\n` + pupil(i) + `\n`})
	}
	for i := range n {
		sees(ts, w, []string{pupil(i), "^you are " + pupil(i) + "$"})
	}
}

// unlogged fails if somebody's program has ever written something on its standard error.
func unlogged(ts *testscript.TestScript, w *town, args []string) {
	p := w.find(ts, args)
	if re := pattern(ts, args); re.Match(p.err.whole()) {
		ts.Fatalf("%s has %s on standard error:\n%s", args[0], re, p.err.whole())
	}
}

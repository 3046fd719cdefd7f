package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"charm.land/huh/v2"

	"parley"
	"parley/client"
	"parley/discovery"
)

// lookTime is how long servers on the local network have to answer.
const lookTime = 2 * time.Second

// errNoURL is the answer to whoever names no server and cannot be asked.
var errNoURL = errors.New("join takes one URL, such as http://127.0.0.1:7275")

// lookAround gives the servers on the local network, one line for each way to join one. Where it is not possible to look,
// tell says why.
func lookAround(ctx context.Context, tell io.Writer) (found []around) {
	ctx, cancel := context.WithTimeout(ctx, lookTime)
	defer cancel()
	servers, err := discovery.Find(ctx)
	if err != nil {
		fmt.Fprintf(tell, "Cannot look for servers on the local network: %s.\n", parley.CleanLine(err.Error()))
	}
	for _, s := range servers {
		for _, url := range s.URLs {
			found = append(found, around{url: url, name: s.Name})
		}
	}
	return found
}

// around is a way to join a server nearby.
type around struct{ url, name string }

// String shows it to people.
func (a around) String() string { return fmt.Sprintf("%-32s %s", a.url, a.name) }

// listAround lists what there is for somebody who has named no server and cannot be asked, and says what they should have
// done.
func listAround(ctx context.Context, out, errOut io.Writer) error {
	found := lookAround(ctx, errOut)
	if ctx.Err() != nil {
		return &exitError{status: statusInterrupted}
	}
	for _, a := range found {
		fmt.Fprintln(out, a)
	}
	err := fmt.Errorf("%w; on the local network none was found", errNoURL)
	if len(found) > 0 {
		err = fmt.Errorf("%w; those on the local network are listed", errNoURL)
	}
	return &exitError{status: statusUsage, err: err}
}

// newWizard makes a wizard for a terminal.
func newWizard(keys *keyboard, out io.Writer) wizard {
	return wizard{in: keys, out: out, accessible: os.Getenv("ACCESSIBLE") != "" || os.Getenv("TERM") == "dumb"}
}

// askServer looks for servers on the local network and asks which to join. An address can be typed always.
func (w wizard) askServer(ctx context.Context) (url string, err error) {
	fmt.Fprintln(w.out, "Looking for servers on the local network ...")
	found := lookAround(ctx, w.out)
	if ctx.Err() != nil {
		return "", &exitError{status: statusInterrupted}
	}
	if len(found) > 0 {
		options := make([]huh.Option[string], len(found), len(found)+1)
		for i, a := range found {
			options[i] = huh.NewOption(a.String(), a.url)
		}
		options = append(options, huh.NewOption("another address", ""))
		url = found[0].url
		which := huh.NewSelect[string]().Title("Which server?").Options(options...).Value(&url)
		if err := w.run(ctx, huh.NewGroup(which)); err != nil || url != "" {
			return url, err
		}
	} else {
		fmt.Fprintln(w.out, "None was found.")
	}
	hint := "of the server, such as 192.168.1.20 or plain://192.168.1.20:8001"
	err = w.run(ctx, huh.NewGroup(w.input("Address", hint, &url, checkServer)))
	return serverURL(url), err
}

// serverURL makes a URL of what was typed for a server: on the usual protocol where none is named.
func serverURL(typed string) string {
	typed = strings.TrimSpace(typed)
	if strings.Contains(typed, "://") {
		return typed
	}
	if strings.Count(typed, ":") > 1 && !strings.HasPrefix(typed, "[") { // IPv6
		typed = "[" + typed + "]"
	}
	return string(client.SchemeHTTP) + "://" + typed
}

// checkServer accepts the address of a server.
func checkServer(typed string) error {
	if strings.TrimSpace(typed) == "" {
		return errors.New("type the address of a server")
	}
	if _, err := client.ParseTarget(serverURL(typed)); err != nil {
		return errors.New(parley.Sentence(err))
	}
	return nil
}

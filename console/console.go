package console

import (
	"context"
	"fmt"
	"io"
	"sync"
	"time"

	"parley"
	"parley/hub"
	"parley/printer"
)

// closeTimeout is how long Close waits for the terminal to take what is queued.
const closeTimeout = time.Second

// Config is what a Console is made of.
type Config struct {
	In        io.Reader     // what the operator types; nil where nobody does
	Out       io.Writer     // where everything is shown; nothing else should write there while the console runs
	Hub       *hub.Hub      // needed
	Rooms     []parley.Room // at least one: the first is where the operator speaks, the others are shown
	Listeners []string      // the URLs of all listeners, as in hub.Profile
	Stop      func()        // called once, when the operator asks for an end; it must not wait for Close
}

// Console is the operator's console. Ask may be called from any goroutine, before Start too.
type Console struct {
	config    Config
	form      *form
	printer   *printer.Printer
	questions questions
	session   *hub.Session
	stop      context.CancelFunc // ends what obey is waiting for
	obeying   sync.WaitGroup
}

// New makes a console that shows nothing yet and holds nothing that must be closed.
func New(c Config) *Console {
	return &Console{config: c, form: newForm(c.Rooms[0].ID, c.Listeners), printer: printer.New(c.Out, missing)}
}

// Start begins to show what happens, and to read what the operator types, until Close. ctx bounds the operator's
// posts. The error is the hub's, and then nothing has been started.
func (c *Console) Start(ctx context.Context) error {
	profile := hub.Profile{Identity: parley.Operator(), Listener: "console"}
	// An end that is asked for while everything starts is no failure to start.
	session, err := c.config.Hub.Connect(context.WithoutCancel(ctx), c.config.Rooms[0], profile, c.form, outbox{c})
	if err != nil {
		return err
	}
	for _, room := range c.config.Rooms[1:] {
		session.Watch(room)
	}
	ctx, c.stop = context.WithCancel(ctx)
	c.session = session
	c.printer.Start()
	if c.config.In == nil {
		return nil
	}
	typed := make(chan line)
	go read(ctx, c.config.In, typed)
	c.obeying.Go(func() { c.obey(ctx, typed) })
	return nil
}

// Close ends the operator's session and shows what is still queued, for a second at most; a terminal that does not
// take it loses the rest. Call it once, after Start, while the hub still runs and after everybody else has left, so
// that their departures are shown.
//
// Reading from a terminal cannot be interrupted on every system, so a read that has begun is left behind: it ends with
// the next line, the end of the input or the program, and what it brings is thrown away.
func (c *Console) Close() {
	c.session.Leave()
	c.stop()
	c.obeying.Wait()
	c.printer.Close(closeTimeout)
}

// tell shows text, each of its lines after prefix.
func (c *Console) tell(prefix, text string) {
	c.printer.Send([][]byte{appendLines(nil, prefix, text)})
}

// missing stands in the place of lines that the terminal was too slow for.
func missing(lines int) []byte {
	return fmt.Appendf(nil, "* %d lines are missing here: the terminal was too slow for them\n", lines)
}

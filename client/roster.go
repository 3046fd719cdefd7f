package client

import (
	"cmp"
	"context"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley"
	"parley/roster/wire"
)

const (
	// admission is how long a roster server may take to let a client in before the person is told that it takes long.
	admission = 2 * time.Second
	// maxStandIns is how many other names are tried while one's own is taken.
	maxStandIns = 9
)

// roster is a connection of roster://. All but run belongs to its reader, except out.
type roster struct {
	client     *Client
	conn       net.Conn
	out        *outbound
	neighbours *neighbours
	again      bool // it is not the Client's first
	ready      func()
	done       chan struct{}   // closed when run returns
	ctx        context.Context // ends with run

	parser   wire.Parser
	opening  opening
	name     string // what this connection is called, or has asked to be called
	tries    int    // how many names were refused
	admitted bool
	known    []string // who was in the last roster, sorted; nil before the first
	refusal  error    // why the server does not let this client in
	prompted bool     // it has asked for a password
	wrong    bool     // and the last thing that it said is that it was wrong
	rejoinAt time.Time
	leaving  bool // to come back under the own name
}

func newRoster(c *Client, conn net.Conn, again bool) *roster {
	return &roster{
		client: c, conn: conn, out: newOutbound(conn), neighbours: c.neighbours, again: again,
		done: make(chan struct{}), opening: opening{client: c, conn: conn, patience: admission}, name: c.ownName(),
	}
}

// run registers and reads the connection to its end.
func (r *roster) run(ready func()) error {
	defer close(r.done)
	var cancel context.CancelFunc
	r.ctx, cancel = context.WithCancel(r.client.ctx)
	defer cancel()
	r.ready = ready
	r.opening.begin(time.Now())
	r.neighbours.open(r.client.ctx, addressOf(r.conn.LocalAddr()))
	r.register(r.name)
	err := r.out.reason(pump(r.conn, r, r.client.heard))
	r.takeAll(r.parser.End())
	r.opening.finish()
	for _, text := range r.out.end(r.leaving || r.client.ctx.Err() != nil) {
		r.client.emit(Doubt{text})
	}
	switch {
	case r.leaving:
		r.out.giveBack() // to those who still wait, and learn now that this connection has ended
		return errComeBack
	case r.wrong:
		return finalError{errWrongPassword}
	case r.refusal != nil && !r.again:
		return finalError{r.refusal}
	}
	return cmp.Or(r.refusal, err)
}

// register asks for a name. Nobody else writes before the server has let the client in.
func (r *roster) register(name string) {
	r.name = name
	r.out.write(r.client.ctx, []byte(name))
}

// read takes what one read brought. Telling that may take long, where the screen is slow, and more may have come meanwhile:
// the server's silence starts afterwards.
func (r *roster) read(data []byte, now time.Time) error {
	r.out.served()
	r.takeAll(r.parser.Read(data, now))
	r.opening.tick(now)
	r.parser.SilentSince(time.Now())
	return nil
}

// fire does what is due when nothing has come.
func (r *roster) fire(now time.Time) {
	r.takeAll(r.parser.Fire(now))
	if r.opening.tick(now) && !r.admitted {
		r.emit(Notice{"waiting for the server to let " + r.name + " in"})
	}
	switch {
	case r.rejoinAt.IsZero() || now.Before(r.rejoinAt):
	case r.leaving: // the server has not closed its side in time
		_ = r.conn.Close()
	default:
		r.rejoin(now)
	}
}

// wakeAt gives the time at which something is due.
func (r *roster) wakeAt() time.Time {
	return earlier(earlier(r.parser.WakeAt(), r.opening.wakeAt()), r.rejoinAt)
}

// emit hands an event on, once the person has been told that there is a connection.
func (r *roster) emit(e Event) { r.opening.emit(e) }

// takeAll deals with what the server has sent.
func (r *roster) takeAll(items []wire.Item) {
	for _, item := range items {
		switch {
		case item.Kind == wire.ItemRoster:
			r.takeRoster(item.Roster)
		case item.Kind == wire.ItemIgnored:
			r.emit(Notice{item.Text})
		case !r.admitted && wire.IsRefusal(item):
			r.refused(item.Text)
		default:
			r.takeText(item)
		}
	}
}

// takeText deals with a text. A name before it that is no name comes from the server itself.
func (r *roster) takeText(item wire.Item) {
	_, somebody := slices.BinarySearch(r.known, item.From)
	own := !somebody && (item.From == "error" || item.From == "closed")
	r.wrong = own && r.prompted && isWrongPassword(item.Text)
	name, asked := passwordWanted(item.Text)
	switch {
	case asked && !r.admitted && item.From == "":
		r.client.answer(r.ctx, r.out, apart, name, !r.prompted, "")
		r.prompted = true
	case own:
		r.emit(Notice{item.From + ": " + item.Text})
	case !r.admitted && item.From == "" && strings.HasPrefix(item.Text, "server is full"):
		r.refusal = parley.Errorf(parley.CodeFull, "cannot connect to %s: %s", r.client.shown(), item.Text)
		r.emit(Notice{item.Text})
	case item.From == "":
		r.emit(Line{item.Text})
	case item.From == r.name && !item.Private: // the server echoes
		r.out.echoed(item.Text)
	default:
		r.admit()
		r.emit(Message{From: item.From, Text: item.Text, Direct: item.Private})
	}
}

// admit notes that the server has let this client in: from now on what is sent is no name any more.
func (r *roster) admit() {
	if r.admitted {
		return
	}
	r.admitted = true
	if r.tries == 0 {
		r.client.setOwnName(r.name)
	}
	r.opening.open()
	r.ready()
}

// takeRoster deals with the news of who is here.
func (r *roster) takeRoster(now wire.Roster) {
	r.neighbours.update(now)
	names := make([]string, len(now))
	for i, e := range now {
		names[i] = e.Name
	}
	if i := indexName(names, r.name); i >= 0 {
		r.name = names[i] // as the server writes it
		r.admit()
	}
	if r.known != nil {
		r.tellChanges(names)
	}
	r.known = names
	want := r.client.ownName()
	if r.admitted && r.tries > 0 && r.rejoinAt.IsZero() && indexName(names, want) < 0 {
		r.emit(Notice{"the name " + want + " is free again: coming back under it"})
		r.rejoin(time.Now())
	}
}

// indexName gives where a name is among others, whatever its case; -1 for nowhere.
func indexName(names []string, name string) int {
	return slices.IndexFunc(names, func(other string) bool { return strings.EqualFold(other, name) })
}

// tellChanges tells who went and who came.
func (r *roster) tellChanges(names []string) {
	for _, name := range missing(r.known, names) {
		if name != r.name {
			r.emit(Presence{Name: name})
		}
	}
	for _, name := range missing(names, r.known) {
		if name != r.name {
			r.emit(Presence{Name: name, Here: true})
		}
	}
}

// missing gives those of names that are not among others, in their order. A hostile server can send 150,000 of them.
func missing(names, others []string) []string {
	among := make(map[string]bool, len(others))
	for _, name := range others {
		among[name] = true
	}
	var left []string
	for _, name := range names {
		if !among[name] {
			left = append(left, name)
		}
	}
	return left
}

// refused deals with a name that the server does not give. On the first connection somebody else has it, and the person
// has to choose. Later it is most likely held by the connection that was lost: then another name stands in for it.
func (r *roster) refused(text string) {
	r.tries++
	sentence, _, _ := strings.Cut(text, ", send another")
	if !r.again || r.tries > maxStandIns {
		r.refusal = parley.Errorf(parley.CodeNameTaken, "%s: choose another by --name NAME", sentence)
		_ = r.conn.Close() // which ends the reading
		return
	}
	want := r.client.ownName()
	if r.tries == 1 {
		r.emit(Notice{sentence + stillHeld})
	}
	r.register(standIn(want, r.tries+1))
}

// standIn gives the n-th name to be called by while one's own is taken: alice-2.
func standIn(name string, n int) string {
	end := "-" + strconv.Itoa(n)
	runes := []rune(name)
	return string(runes[:min(len(runes), parley.MaxName-len(end))]) + end
}

// rejoin leaves in order to come back under the own name. Where somebody is writing just now, it is tried again later.
func (r *roster) rejoin(now time.Time) {
	select {
	case <-r.out.turn: // and it is not given back: nothing is written any more
	default:
		r.rejoinAt = now.Add(apart)
		return
	}
	r.leaving = true
	r.client.setLink(r, nil)
	r.rejoinAt = now.Add(closeTime)
	if !closeWrite(r.conn) {
		_ = r.conn.Close()
	}
}

// say sends a text to the room.
func (r *roster) say(ctx context.Context, text string) error {
	return r.out.say(ctx, apart, []byte(text), text)
}

// direct is not used: the Client asks the neighbours, with or without a connection.
func (r *roster) direct(_ context.Context, rest string) error { return r.neighbours.send(rest) }

// online tells who is in the roster.
func (r *roster) online(context.Context) error {
	r.client.emit(Online{r.neighbours.people()})
	return nil
}

// sendFile is not there.
func (r *roster) sendFile(context.Context, string) error { return errNoFiles }

// askFile is not there.
func (r *roster) askFile(context.Context, parley.FileName) error { return errNoFiles }

// settle does nothing: there is nothing that is answered.
func (r *roster) settle(context.Context) {}

// leave ends the connection in order.
func (r *roster) leave() { leaveInOrder(r.conn, r.done) }

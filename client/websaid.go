package client

import (
	"context"
	"time"

	"parley"
	"parley/web/wire"
)

// say sends a text to the room.
func (w *web) say(ctx context.Context, text string) error {
	id := parley.NewMessageID(time.Now())
	message := wire.Post{ID: id, Room: w.home, Words: wire.Words{Text: wire.Text(text)}}
	return w.membership.post(ctx, w.socket.Load(), posted{id: id, message: message, text: text})
}

// direct sends to one person, through the server, which keeps it for somebody with an account who is away.
func (w *web) direct(ctx context.Context, rest string) error {
	to, text, talk := w.membership.recipient(rest)
	if err := parley.CheckText(text); err != nil {
		return err
	}
	id := parley.NewMessageID(time.Now())
	words := wire.Words{Text: wire.Text(text)}
	p := posted{id: id, message: wire.Direct{ID: id, To: to, Words: words}, text: "@" + rest}
	if talk != "" {
		p.again = wire.Post{ID: id, Room: talk, Words: words}
	}
	return w.membership.post(ctx, w.socket.Load(), p)
}

// online asks who is here.
func (w *web) online(context.Context) error {
	w.socket.Load().Send(wire.Join{ID: idWho, Resume: wire.Resume{Room: w.home}})
	return nil
}

// settle waits until everything is acknowledged, on this connection or the next.
func (w *web) settle(ctx context.Context) { w.membership.settle(ctx) }

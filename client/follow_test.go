package client

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"parley"
	"parley/web/wire"
)

// follow starts to follow a room; the channel has every line, and is closed at the end.
func follow(t *testing.T, server *webServer, f Following) (<-chan string, <-chan error, context.CancelFunc) {
	t.Helper()
	lines, over := make(chan string, 100), make(chan error, 1)
	f.Options = Options{Target: server.target(), Token: aliceToken}
	if f.Show == nil {
		f.Show = func(m wire.ServerMessage) error {
			for _, line := range Lines(m) {
				lines <- line
			}
			return nil
		}
	}
	f.Status = func(e Event) { lines <- fmt.Sprintf("%T", e) }
	ctx, cancel := context.WithCancel(t.Context())
	c := &follower{Following: f, place: f.Room, outside: outside{
		connect: f.Options.dial, random: func() float64 { return 1 },
		wait: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	}}
	done := make(chan struct{})
	go func() {
		defer close(done)
		over <- c.run(ctx)
	}()
	t.Cleanup(func() { cancel(); <-done })
	return lines, over, cancel
}

func shows(t *testing.T, lines <-chan string, want ...string) {
	t.Helper()
	var got []string
	for range want {
		select {
		case line := <-lines:
			got = append(got, line)
		case <-time.After(patience):
			t.Fatalf("only %q", got)
		}
	}
	if !slices.Equal(got, want) {
		t.Fatalf("%q, want %q", got, want)
	}
}

func TestFollowingGoesOnOverReconnects(t *testing.T) {
	server := listenWeb(t)
	lines, over, cancel := follow(t, server, Following{Room: "lobby", After: after(5)})
	for n := parley.Seq(5); n < 8; n++ {
		c := server.accept()
		c.expect(wire.Hello{Token: aliceToken, Client: "parley tail"})
		c.says(wire.Welcome{You: alice})
		c.expect(wire.Join{ID: "join", Resume: wire.Resume{Room: "lobby", After: after(n)}})
		c.says(lobbyAt(n+1), said(n, "double"), said(n+1, "fresh"))
		shows(t, lines, "client.Connected", "bob: fresh")
		if n < 7 {
			c.reset()
			shows(t, lines, "client.Lost")
		}
	}
	cancel()
	if err := <-over; err != nil {
		t.Error(err)
	}
}

// The conversation with somebody is asked for by their name, and from then on by its id.
func TestFollowingAConversation(t *testing.T) {
	server := listenWeb(t)
	lines, _, _ := follow(t, server, Following{Room: "@bob", After: after(1)})
	talk := wire.Joined{Room: "d-g-alice+g-bob", Kind: parley.RoomDirect, First: 1, Last: 2}
	c := server.accept()
	c.hears()
	c.says(wire.Welcome{You: alice})
	c.expect(wire.Join{ID: "join", Resume: wire.Resume{Room: "@bob", After: after(1)}})
	m := wire.DirectMessage{Entry: entry(talk.Room, 2)}
	m.Text = "psst"
	c.says(talk, m, said(9, "in a room that is not followed"))
	shows(t, lines, "client.Connected", "bob: psst")
	c.reset()
	shows(t, lines, "client.Lost")
	c = server.accept()
	c.hears()
	c.says(wire.Welcome{You: alice})
	c.expect(wire.Join{ID: "join", Resume: wire.Resume{Room: "d-g-alice+g-bob", After: after(2)}})
}

func TestFollowingEnds(t *testing.T) {
	server := listenWeb(t)
	_, over, _ := follow(t, server, Following{Room: "nowhere"})
	c := server.accept()
	c.hears()
	c.says(wire.Welcome{You: alice})
	c.hears()
	c.says(wire.Refused{ID: "join", Code: parley.CodeNoSuchRoom, Sentence: "there is no room nowhere"})
	if err := <-over; parley.CodeOf(err) != parley.CodeNoSuchRoom {
		t.Error(err)
	}
	full := errors.New("the pipe is closed")
	_, over, _ = follow(t, server, Following{Room: "lobby", Show: func(wire.ServerMessage) error { return full }})
	c = server.accept()
	c.hears()
	c.says(wire.Welcome{You: alice})
	c.hears()
	c.says(lobbyAt(1), said(2, "hello"))
	if err := <-over; err != full {
		t.Error(err)
	}
}

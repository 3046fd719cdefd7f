package client

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"slices"
	"strconv"
	"sync"
	"testing"

	"parley/client/api"
	"parley/server"
	"parley/web/wire"
)

// relay is a way to a server on which every connection breaks after some bytes.
type relay struct {
	net.Listener
	to    string
	going sync.WaitGroup
}

// relayTo starts a relay.
func relayTo(t *testing.T, to string) *relay {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &relay{Listener: l, to: to}
	r.going.Go(func() {
		for {
			near, err := l.Accept()
			if err != nil {
				return
			}
			r.going.Go(func() { r.carry(near) })
		}
	})
	t.Cleanup(func() { _ = l.Close(); r.going.Wait() })
	return r
}

// carry carries one connection until one of its directions has had its share of bytes.
func (r *relay) carry(near net.Conn) {
	far, err := net.Dial("tcp", r.to)
	if err != nil {
		_ = near.Close()
		return
	}
	end := func() { _, _ = near.Close(), far.Close() }
	var both sync.WaitGroup
	for _, way := range [][2]net.Conn{{near, far}, {far, near}} {
		both.Go(func() {
			defer end()
			_, _ = io.CopyN(way[1], way[0], 5000+rand.Int64N(20_000))
		})
	}
	both.Wait()
}

// talker is somebody who talks while their connection breaks again and again.
type talker struct {
	*Client
	name  string
	heard map[string][]int // what others said, by name, in the order in which it was shown
	lost  int
}

// talk says so many numbers.
func (k *talker) talk(ctx context.Context, count int) error {
	for n := range count {
		for {
			err := k.Await(ctx)
			if err == nil {
				err = k.Say(ctx, strconv.Itoa(n))
			}
			if err == nil {
				break
			}
			if ctx.Err() != nil {
				return err
			}
		}
	}
	return nil
}

// listen takes events until everybody else has said their last number, and lets further ones go by: a client whose events
// nobody takes does not come back.
func (k *talker) listen(t *testing.T, others, count int) {
	defer func() { go drain(k.Client) }()
	for done := 0; done < others; {
		e, ok := <-k.Events()
		if !ok {
			t.Errorf("%s has ended: %v", k.name, k.Err())
			return
		}
		switch e := e.(type) {
		case Lost:
			k.lost++
		case Doubt, Problem:
			t.Errorf("%s is told %+v", k.name, e)
		case Message:
			n, _ := strconv.Atoi(e.Text)
			k.heard[e.From] = append(k.heard[e.From], n)
			if n == count-1 {
				done++
			}
		}
	}
}

// Connections break at any moment, in the middle of messages and of what is missed; everybody's messages arrive once and
// in order, at the server and at everybody else.
func TestNothingIsLostOrDoubledWhileConnectionsBreak(t *testing.T) {
	const people, count = 4, 120
	target := serveHTTP(t)
	way := relayTo(t, target.Address())
	through, err := ParseTarget("http://" + way.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	talkers := make([]*talker, people)
	var talking, listening sync.WaitGroup
	for i := range talkers {
		name := fmt.Sprint("talker", i)
		j := join(t, Options{Target: through, Name: name})
		j.expectConnected() // before anybody says anything: who joins sees only what is new
		talkers[i] = &talker{Client: j.Client, name: name, heard: make(map[string][]int)}
	}
	for _, k := range talkers {
		talking.Go(func() {
			if err := k.talk(t.Context(), count); err != nil {
				t.Error(err)
			}
			k.Settle(t.Context())
		})
		listening.Go(func() { k.listen(t, people-1, count) })
	}
	listening.Wait()
	lost := 0
	for _, k := range talkers {
		lost += k.lost
		for from, numbers := range k.heard {
			if !slices.Equal(numbers, upTo(count)) {
				t.Errorf("%s was shown by %s: %v", k.name, from, numbers)
			}
		}
	}
	talking.Wait()
	checkHistory(t, target, people, count)
	t.Logf("connections were lost %d times", lost)
	if lost == 0 {
		t.Error("no connection was ever lost")
	}
}

func upTo(count int) []int {
	numbers := make([]int, count)
	for i := range numbers {
		numbers[i] = i
	}
	return numbers
}

// checkHistory checks that everything is there once and in order.
func checkHistory(t *testing.T, target Target, people, count int) {
	t.Helper()
	asked := API(Options{Target: target})
	defer asked.HTTP.CloseIdleConnections()
	guest, err := asked.Login(t.Context(), wire.Login{Name: "reader"})
	if err != nil {
		t.Fatal(err)
	}
	asked.Token = guest.Token
	page, err := asked.Messages(t.Context(), "lobby", api.Page{Limit: 1000})
	if err != nil || len(page.Items) != people*count {
		t.Errorf("%d messages, %v, want %d", len(page.Items), err, people*count)
	}
	said := make(map[string][]int)
	for _, m := range page.Items {
		n, _ := strconv.Atoi(string(m.Text))
		said[m.By.Name] = append(said[m.By.Name], n)
	}
	for name, numbers := range said {
		if !slices.Equal(numbers, upTo(count)) {
			t.Errorf("%s has said %v", name, numbers)
		}
	}
}

// serveHTTP runs a server.
func serveHTTP(t *testing.T) Target {
	t.Helper()
	address := freeAddress(t)
	s, err := server.New(t.Context(), server.Config{Listen: []string{"http://" + address + "?flood=off"}, Data: t.TempDir()},
		server.Environment{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := s.Run(ctx); err != nil {
			t.Error(err)
		}
	}()
	t.Cleanup(func() { stop(); <-done })
	target, err := ParseTarget("http://" + address)
	if err != nil {
		t.Fatal(err)
	}
	return target
}

// freeAddress gives an address on loopback where nobody listens now.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}

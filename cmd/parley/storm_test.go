//go:build unix

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"parley"
	"parley/web/wire"
)

// TestNothingIsLostDoubledOrOutOfOrder has many people talk in two rooms while their connections are cut at random and the
// server is killed with SIGKILL, several times, and started again on the same data. Afterwards every message that was
// acknowledged is in history exactly once, and everybody has seen every event exactly once and in order.
//
// PARLEY_SEED repeats what was random in a run, so far as it hangs on no clock.
func TestNothingIsLostDoubledOrOutOfOrder(t *testing.T) {
	s := newStorm(t)
	s.server = runServer(t, s.data, s.listen)
	s.gather()
	s.rage()
	if t.Failed() {
		return
	}
	s.audit()
	t.Logf("%d people saw %v, over %d connections", len(s.people), *s.goal.Load(), s.net.cuts)
}

// stormRooms are the rooms in which they talk.
var stormRooms = []wire.Place{"lobby", "tea"}

// storm is everybody in the test, and what they do to each other.
type storm struct {
	t            *testing.T
	seed         uint64
	data, listen string
	server       *running
	net          *cutter
	window       int // requests of one person in flight
	people       []*chatter

	talking atomic.Int64  // how many have not said everything
	said    chan struct{} // closed when everybody has
	count   atomic.Int64  // answers so far
	kill    chan struct{} // gets a value when it is time for the server to be killed
	goal    atomic.Pointer[map[wire.Place]parley.Seq]
}

// newStorm prepares a storm whose seed is printed, or given by PARLEY_SEED.
func newStorm(t *testing.T) *storm {
	seed := uint64(time.Now().UnixNano())
	if text := os.Getenv("PARLEY_SEED"); text != "" {
		var err error
		if seed, err = strconv.ParseUint(text, 10, 64); err != nil {
			t.Fatalf("PARLEY_SEED: %v", err)
		}
	}
	t.Logf("PARLEY_SEED=%d", seed)
	address := fmt.Sprintf("127.97.%d.1:7275", os.Getpid()%250)
	s := &storm{
		t: t, seed: seed, data: filepath.Join(t.TempDir(), "data"), window: 16,
		listen: "http://" + address + "?flood=off&per-address=0&clients=1000",
		said:   make(chan struct{}), kill: make(chan struct{}, stormKills),
	}
	s.net = newCutter(t, address, rand.New(rand.NewPCG(seed, 0)), stormUp, stormDown)
	return s
}

// gather makes accounts for some of the people, and the rooms, and gives everybody a token.
func (s *storm) gather() {
	s.t.Helper()
	for i := range stormPeople {
		name := fmt.Sprintf("p%02d", i)
		login := wire.Login{Name: name}
		if i%5 == 0 {
			login.Password = "secret of " + name
			s.account(name, login.Password)
		}
		var in wire.LoggedIn
		s.ask(http.MethodPost, "/v1/sessions", "", login, &in)
		c := &chatter{storm: s, token: in.Token, rooms: make(map[wire.Place]*seen)}
		for _, place := range stormRooms {
			c.rooms[place] = &seen{}
		}
		c.asker = asker{
			name: name, random: rand.New(rand.NewPCG(s.seed, uint64(i)+1)), places: stormRooms,
			left: stormMessages / stormPeople,
		}
		s.people = append(s.people, c)
	}
	s.ask(http.MethodPost, "/v1/rooms", s.people[0].token, wire.NewRoom{Name: string(stormRooms[1])}, nil)
}

// account makes an account.
func (s *storm) account(name, password string) {
	s.t.Helper()
	add := exec.Command(binary, "user", "add", name, "--password-stdin", "--data", s.data)
	add.Stdin = bytes.NewReader([]byte(password + "\n"))
	if out, err := add.CombinedOutput(); err != nil {
		s.t.Fatalf("%v: %v\n%s", add, err, out)
	}
}

// rage lets everybody talk, kills the server again and again, and returns when everybody has seen everything, or when
// somebody has seen what they never should.
func (s *storm) rage() {
	ctx, cancel := context.WithCancel(s.t.Context())
	defer cancel()
	s.net.open()
	s.talking.Store(int64(len(s.people)))
	var running sync.WaitGroup
	defer running.Wait()
	for _, c := range s.people {
		running.Go(func() {
			if err := c.run(ctx); err != nil {
				s.t.Error(err)
				cancel()
			}
		})
	}
	for kills := 0; ; kills++ {
		select {
		case <-s.kill:
			s.strike()
			continue
		case <-s.said:
		case <-ctx.Done():
			return
		}
		if kills < stormKills {
			s.strike()
			continue
		}
		s.setGoal()
		s.net.cutAll() // who waits for more looks at the goal
		return
	}
}

// strike kills the server, and starts it again on the same data.
func (s *storm) strike() {
	s.net.shut()
	s.server.kill()
	s.server = runServer(s.t, s.data, s.listen)
	s.net.open()
}

// answered counts an answer to somebody, and says when it is time to kill the server.
func (s *storm) answered(c *chatter) {
	if c.asker.finished() && s.talking.Add(-1) == 0 {
		close(s.said)
	}
	if n := s.count.Add(1); n%(stormMessages/(stormKills+1)) == 0 {
		select {
		case s.kill <- struct{}{}:
		default: // there were edits and the like beside the messages
		}
	}
}

// setGoal sets up to where everybody is to see.
func (s *storm) setGoal() {
	goal := make(map[wire.Place]parley.Seq)
	for _, c := range s.people {
		for _, ack := range c.acks {
			goal[ack.Room] = max(goal[ack.Room], ack.Number)
		}
	}
	s.goal.Store(&goal)
}

// ask asks the server over REST, not over the bad network, and fails where it is refused. into is nil where the answer does
// not matter.
func (s *storm) ask(method, path string, token parley.Token, body, into any) {
	s.t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		s.t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(s.t.Context(), method, "http://"+s.net.server+path, bytes.NewReader(text))
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+string(token))
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	answer, err := client.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err = io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode >= http.StatusBadRequest {
		err = errors.New(answer.Status)
	}
	if err == nil && into != nil {
		err = json.Unmarshal(text, into)
	}
	if err != nil {
		s.t.Fatalf("%s %s: %v\n%s", method, path, err, text)
	}
}

package client

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"reflect"
	"testing"
	"testing/synctest"
	"time"

	"parley"
)

// The tests here are about time. They run in a bubble in which it passes at once, over connections in memory.

// piped is a client whose servers are the other ends of pipes.
type piped struct {
	*joined
	servers chan net.Conn
}

// pipe connects a client by a pipe. When it comes back it finds nobody until accept is called.
func pipe(t *testing.T, o Options) *piped {
	w := &piped{servers: make(chan net.Conn)}
	o.Files = NewFolder(t.TempDir())
	dial := func(ctx context.Context) (net.Conn, error) {
		here, there := net.Pipe()
		select {
		case w.servers <- there:
			return here, nil
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	c := newClient(o, outside{connect: dial, wait: sleep, random: func() float64 { return 1 }})
	here, there := net.Pipe()
	c.start(here)
	go func() { w.servers <- there }()
	w.joined = &joined{t, c}
	return w
}

// accept gives the server's end of the connection there is.
func (w *piped) accept() net.Conn { return <-w.servers }

// end ends the client, and with it the bubble.
func (w *piped) end() {
	go drain(w.Client)
	w.Close()
}

// arrivals reads what comes and gives how long after the one before each piece came.
func arrivals(t *testing.T, conn net.Conn, pieces int) (texts []string, gaps []time.Duration) {
	buffer := make([]byte, 1024)
	last := time.Now()
	for range pieces {
		n, err := conn.Read(buffer)
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, string(buffer[:n]))
		gaps = append(gaps, time.Since(last))
		last = time.Now()
	}
	return texts, gaps
}

func TestMessagesToAnUnknownServerAreApart(t *testing.T) {
	for scheme, texts := range map[Scheme][]string{
		SchemePlain:  {"one\n", "two\n", "three\n"},
		SchemeRoster: {"alice", "one", "two", "three"},
	} {
		synctest.Test(t, func(t *testing.T) {
			w := pipe(t, Options{Target: Target{Scheme: scheme}, Name: map[Scheme]string{SchemeRoster: "alice"}[scheme]})
			defer w.end()
			server := w.accept()
			go drain(w.Client)
			go func() {
				_ = w.Await(t.Context())
				for _, text := range []string{"one", "two", "three"} {
					w.do(w.Say(t.Context(), text))
				}
			}()
			if scheme == SchemeRoster {
				buffer := make([]byte, 5)
				_, _ = io.ReadFull(server, buffer)
				_, _ = io.WriteString(server, `!{"alice": "127.0.0.1"}`)
				texts = texts[1:]
			}
			got, gaps := arrivals(t, server, 3)
			for i := range texts {
				if got[i] != texts[i] || i > 0 && gaps[i] < apart || gaps[i] > 2*apart {
					t.Errorf("%s: %q after %v, want %q after %v", scheme, got[i], gaps[i], texts[i], apart)
				}
			}
		})
	}
}

func TestMessagesToAServerOfOursNeedNotBeApart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := pipe(t, Options{Target: Target{Scheme: SchemePlain}, Name: "alice"})
		defer w.end()
		server := w.accept()
		lines := bufio.NewScanner(server)
		lines.Scan()
		_, _ = io.WriteString(server, "you are alice\n")
		w.expectConnected()
		w.expect(Notice{"you are alice"})
		began := time.Now()
		go func() {
			for range 100 {
				w.do(w.Say(t.Context(), "quick"))
			}
		}()
		for range 100 {
			lines.Scan()
		}
		if took := time.Since(began); took != 0 || lines.Text() != "quick" {
			t.Errorf("100 messages took %v, the last is %q", took, lines.Text())
		}
	})
}

func TestNameHeldByTheDeadConnectionIsAskedForAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := pipe(t, Options{Target: Target{Scheme: SchemePlain}, Name: "alice"})
		defer w.end()
		server := w.accept()
		lines := bufio.NewScanner(server)
		lines.Scan()
		_, _ = io.WriteString(server, "you are alice\n")
		w.expectConnected()
		w.expect(Notice{"you are alice"})
		_ = server.Close()
		w.expectLost("the server has closed it")

		server = w.accept()
		lines = bufio.NewScanner(server)
		for i, seconds := range []int{0, 1, 2, 4, 8, 15, 15} {
			wait := time.Duration(seconds) * time.Second
			began := time.Now()
			if lines.Scan(); lines.Text() != "/name alice" || time.Since(began) != wait {
				t.Fatalf("%q after %v, want the name after %v", lines.Text(), time.Since(began), wait)
			}
			_, _ = io.WriteString(server, "error: name alice is taken\n")
			if i == 0 {
				w.expectConnected()
				w.expect(Notice{"error: name alice is taken" + stillHeld})
				go func() { w.do(w.Say(t.Context(), "as a guest")) }()
				if lines.Scan(); lines.Text() != "as a guest" {
					t.Errorf("the guest says %q", lines.Text())
				}
			}
		}
		lines.Scan()
		_, _ = io.WriteString(server, "you are alice\n")
		w.expect(Notice{"you are alice"})
	})
}

// Somebody was banned, and their client asked for the name again and again, each time with another question for the password.
func TestANameThatIsRefusedForGoodIsNotAskedForAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := pipe(t, Options{Target: Target{Scheme: SchemePlain}, Name: "bob"})
		defer w.end()
		server := w.accept()
		lines := bufio.NewScanner(server)
		lines.Scan()
		_, _ = io.WriteString(server, "you are bob\n")
		w.expectConnected()
		w.expect(Notice{"you are bob"})
		_ = server.Close()
		w.expectLost("the server has closed it")

		server = w.accept()
		lines = bufio.NewScanner(server)
		lines.Scan()
		_, _ = io.WriteString(server, "error: you are banned from this room\n")
		w.expectConnected()
		w.expect(Notice{"error: you are banned from this room"})
		time.Sleep(time.Minute) // in the bubble: it passes at once
		go func() { w.do(w.Say(t.Context(), "as a guest")) }()
		if lines.Scan(); lines.Text() != "as a guest" {
			t.Errorf("after a minute comes %q", lines.Text())
		}
	})
}

func TestTimeoutEndsAClientThatHearsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		w := pipe(t, Options{Target: Target{Scheme: SchemePlain, Host: "h", Port: 8001}, Timeout: 30 * time.Second})
		defer w.end()
		server := w.accept()
		w.expectConnected()
		time.Sleep(20 * time.Second) // in the bubble: it passes at once
		_, _ = io.WriteString(server, "<bob> :hi\n")
		w.expect(Message{From: "bob", Text: "hi"})
		err := w.expectEnd()
		if parley.CodeOf(err) != parley.CodeIdle || err.Error() != "nothing has come from h:8001 for 30s" {
			t.Errorf("it ended because %v", err)
		}
		if took, want := time.Since(began), grace+50*time.Second; took != want {
			t.Errorf("it ended after %v, want %v", took, want)
		}
	})
}

func TestTimeoutCountsWhileItTriesToComeBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := pipe(t, Options{Target: Target{Scheme: SchemePlain, Host: "h", Port: 8001}, Timeout: 30 * time.Second})
		defer w.end()
		_ = w.accept().Close()
		w.expectLost("closed")
		if err := w.expectEnd(); parley.CodeOf(err) != parley.CodeIdle {
			t.Errorf("it ended because %v", err)
		}
	})
}

func TestBackOffBetweenAttempts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := pipe(t, Options{Target: Target{Scheme: SchemePlain}})
		defer w.end()
		server := w.accept()
		for _, want := range []time.Duration{firstWait, 2 * firstWait, 4 * firstWait} {
			_ = server.Close()
			began := time.Now()
			if lost := w.next().(Lost); lost.Wait != want {
				t.Errorf("told to wait %v, want %v", lost.Wait, want)
			}
			server = w.accept()
			if took := time.Since(began); took != want {
				t.Errorf("it came back after %v, want %v", took, want)
			}
		}
	})
}

func TestSettleWaitsForAnswersAboutFilesButNotForEver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := pipe(t, Options{Target: Target{Scheme: SchemePlain}})
		defer w.end()
		server := w.accept()
		go func() { _, _ = io.Copy(io.Discard, server) }()
		w.expectConnected()
		ctx := t.Context()

		began := time.Now()
		w.do(w.Online(ctx))
		w.Settle(ctx)
		if took := time.Since(began); took > apart {
			t.Errorf("who is here is waited for %v", took)
		}
		w.do(w.AskFile(ctx, "shore.jpg"))
		began = time.Now()
		w.Settle(ctx)
		if took := time.Since(began); took != answerTime {
			t.Errorf("a file that never comes is waited for %v, want %v", took, answerTime)
		}
		began = time.Now()
		w.do(w.AskFile(ctx, "keep.jpg"))
		go func() {
			time.Sleep(3 * time.Second)
			_, _ = io.WriteString(server, "error: no such file: shore.jpg\nerror: no such file: keep.jpg\n")
		}()
		go drain(w.Client)
		w.Settle(ctx)
		if took := time.Since(began); took < 3*time.Second || took > 4*time.Second {
			t.Errorf("an answer after 3s is waited for %v", took)
		}
	})
}

// A file is piped into a client that then leaves. A server of ours reads no more than 64 KiB a second of it: the client was
// gone before, and what the server had not read yet was lost without a word.
func TestWhoHasPastedMuchStaysUntilAllIsRead(t *testing.T) {
	for answer, want := range map[string][]Event{
		"error: no such file: /\n": nil,
		"":                         {Notice{"not known whether everything arrived: the server has not read it yet"}},
	} {
		synctest.Test(t, func(t *testing.T) {
			w := pipe(t, Options{Target: Target{Scheme: SchemePlain}, Name: "alice"})
			defer w.end()
			server := w.accept()
			lines := bufio.NewScanner(server)
			lines.Scan()
			_, _ = io.WriteString(server, "you are alice\n")
			w.expectConnected()
			w.expect(Notice{"you are alice"})
			go func() {
				for lines.Scan() {
					if lines.Text() == "ask for file:/" {
						time.Sleep(answerTime + time.Second)
						_, _ = io.WriteString(server, answer)
					}
				}
			}()

			began := time.Now()
			w.do(w.Say(t.Context(), "a few words"))
			w.Settle(t.Context())
			if took := time.Since(began); took > 0 {
				t.Errorf("a few words are waited for %v", took)
			}
			for range 2000 {
				w.do(w.Say(t.Context(), "pasted"))
			}
			var told []Event
			go func() {
				for e := range w.Events() {
					told = append(told, e)
				}
			}()
			w.Settle(t.Context())
			if took := time.Since(began); took < answerTime+time.Second || took > answerTime+3*time.Second {
				t.Errorf("an answer after 11s, %q, is waited for %v", answer, took)
			}
			w.Close()
			if synctest.Wait(); !reflect.DeepEqual(told, want) {
				t.Errorf("told %v, want %v", told, want)
			}
		})
	}
}

func TestStalledWriteEndsTheConnection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := pipe(t, Options{Target: Target{Scheme: SchemePlain}})
		defer w.end()
		w.accept() // and never reads
		w.expectConnected()
		began := time.Now()
		w.do(w.Say(t.Context(), "anybody?"))
		if took := time.Since(began); took != stall {
			t.Errorf("given up after %v, want %v", took, stall)
		}
		w.expect(Doubt{"anybody?"})
		w.expectLost("i/o timeout")
	})
}

func TestCloseWhileNobodyTakesEvents(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := pipe(t, Options{Target: Target{Scheme: SchemePlain}})
		server := w.accept()
		go func() { _, _ = io.WriteString(server, "one\ntwo\nthree\n") }()
		synctest.Wait()
		w.Close()
		w.Close()
		if err := w.Say(t.Context(), "too late"); !errors.Is(err, ErrAway) {
			t.Errorf("saying something afterwards: %v", err)
		}
		_ = server.Close()
	})
}

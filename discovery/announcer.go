package discovery

import (
	"log/slog"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Announcer makes an offer known on the local network, and answers for it.
type Announcer struct {
	links []link
	r     *responder // Run's
	log   *slog.Logger
	host  atomic.Pointer[string] // "" until it is ours
	stop  chan struct{}
	once  sync.Once
}

// Open joins the multicast group on every interface that leads to a network. Nothing is said before Run. The error says
// why that is possible on none.
func Open(o Offer, log *slog.Logger) (*Announcer, error) {
	links, err := openLinks()
	if err != nil {
		return nil, err
	}
	return newAnnouncer(o, links, log), nil
}

// newAnnouncer makes one for links that are open, and which it closes.
func newAnnouncer(o Offer, links []link, log *slog.Logger) *Announcer {
	a := &Announcer{links: links, log: log, stop: make(chan struct{})}
	a.host.Store(new(string))
	a.r = &responder{offer: o, attempt: 1, jitter: rand.N[time.Duration], settledAs: a.settledAs}
	for _, l := range links {
		var own place
		for _, p := range l.Networks() {
			own.addresses = append(own.addresses, p.Addr())
		}
		a.r.links = append(a.r.links, own)
	}
	return a
}

// Goes reports whether this machine goes by a host name in multicast DNS, "parley-kitchen.local", as long as it does.
func (a *Announcer) Goes(by string) bool {
	host := *a.host.Load()
	return host != "" && strings.EqualFold(strings.TrimSuffix(by, "."), host)
}

// settledAs learns which name has become ours.
func (a *Announcer) settledAs(host string) {
	if *a.host.Load() != host {
		a.log.Info("announced on the local network", "as", a.r.offer.instance(a.r.attempt), "host", host)
	}
	a.host.Store(&host)
}

// Run makes sure that nobody else has the names, announces, and answers, until Close; then it takes back what it has
// told. It is called once.
func (a *Announcer) Run() {
	into := make(chan heard)
	var listening sync.WaitGroup
	for i, l := range a.links {
		listening.Go(func() { listen(l, i, into, a.stop) })
	}
	a.r.begin(time.Now(), a.r.jitter(probeInterval)) // RFC 6762, section 8.1: not all at once after a power cut
	timer := time.NewTimer(0)
	defer timer.Stop()
	for running := true; running; {
		select {
		case h := <-into:
			a.send(a.r.hear(time.Now(), h.link, h.from, h.data))
		case <-timer.C:
			a.send(a.r.step(time.Now()))
		case <-a.stop:
			running = false
		}
		if at := a.r.wake(); !at.IsZero() {
			timer.Reset(time.Until(at))
		}
	}
	a.send(a.r.goodbye())
	a.closeLinks()
	listening.Wait()
}

// send sends packets. One that is lost is asked for again.
func (a *Announcer) send(packets []packet) {
	for _, p := range packets {
		if err := a.links[p.link].Write(p.data, p.to); err != nil {
			a.log.Debug("not sent on the local network", "error", err)
		}
	}
}

func (a *Announcer) closeLinks() {
	for _, l := range a.links {
		_ = l.Close()
	}
}

// Stop makes Run end. It is idempotent and does not wait.
func (a *Announcer) Stop() { a.once.Do(func() { close(a.stop) }) }

// Close gives the sockets back of an announcer that was never run, or has run. It is idempotent.
func (a *Announcer) Close() {
	a.Stop()
	a.closeLinks()
}

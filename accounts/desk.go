package accounts

import (
	"context"
	"log/slog"
	"net/netip"
	"sync"
	"time"

	"parley"
)

// Config says what a Desk works with.
type Config struct {
	State   State
	Journal Journal
	Admit   Admission        // Open when ""
	Now     func() time.Time // time.Now when nil
	Log     *slog.Logger     // nil for none
}

// Desk answers who somebody is, and keeps accounts and logins. Its methods may be called from any goroutine. Their
// errors are an *parley.Error or the context's.
type Desk struct {
	state    State
	journal  Journal
	admit    Admission
	now      func() time.Time
	log      *slog.Logger
	verifier verifier
	turns    *turns // for the verifier

	mu         sync.Mutex // guards what follows
	throttle   *throttle
	registered parley.Allowance[netip.Prefix]
	counts     Counts

	setting sync.Mutex // held by whoever gives an account another password, so that none is replaced by an older one
}

// New makes a Desk.
func New(c Config) *Desk { return newDesk(c, argon) }

// newDesk is New with a derivation that can be watched.
func newDesk(c Config, derive derivation) *Desk {
	d := &Desk{
		state: c.State, journal: c.Journal, admit: c.Admit, now: c.Now, log: c.Log,
		verifier: newVerifier(derive), turns: newTurns(), throttle: newThrottle(),
		registered: parley.Allowance[netip.Prefix]{Burst: registrations, Every: registrationEvery, Most: maxTriers},
	}
	if d.admit == "" {
		d.admit = Open
	}
	if d.now == nil {
		d.now = time.Now
	}
	if d.log == nil {
		d.log = slog.New(slog.DiscardHandler)
	}
	return d
}

// Admission tells who is let in.
func (d *Desk) Admission() Admission { return d.admit }

// append has one event applied.
func (d *Desk) append(ctx context.Context, e parley.Event) error {
	outcomes, err := d.journal.Append(ctx, e)
	if err != nil {
		return err
	}
	return outcomes[0].Err
}

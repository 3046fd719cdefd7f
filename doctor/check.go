package doctor

import (
	"context"
	"sync"
	"time"

	"parley"
)

// Check looks at one thing.
type Check struct {
	Name  string   // one word
	Needs []string // checks, before it in the list, without which it makes no sense
	Look  func(context.Context) []Finding
}

// examination is a check while it runs.
type examination struct {
	Check
	done   chan struct{} // closed when found is there
	found  []Finding
	broken string // the check that has to be put right before what needs this one makes sense; "" for none
}

// Run runs checks, each with its own limit of time, side by side as far as they do not need each other. What they found
// comes in their order. A check that needs one that found something wrong is skipped. When ctx ends, so do the checks.
func Run(ctx context.Context, limit time.Duration, checks []Check) []Finding {
	all := make([]*examination, len(checks))
	byName := make(map[string]*examination, len(checks))
	var running sync.WaitGroup
	for i, c := range checks {
		e := &examination{Check: c, done: make(chan struct{})}
		all[i] = e
		var needed []*examination
		for _, name := range c.Needs {
			needed = append(needed, byName[name])
		}
		byName[c.Name] = e
		running.Go(func() { e.run(ctx, limit, needed) })
	}
	running.Wait()
	var found []Finding
	for _, e := range all {
		found = append(found, e.found...)
	}
	return found
}

// run waits for what is needed, looks, and signs what was found.
func (e *examination) run(ctx context.Context, limit time.Duration, needed []*examination) {
	defer close(e.done)
	for _, n := range needed {
		<-n.done
		if n.broken != "" && e.broken == "" {
			e.broken = n.broken
			e.found = []Finding{unseen("", "there is no looking further before this is put right: "+n.broken)}
		}
	}
	if e.broken == "" {
		limited, cancel := context.WithTimeout(ctx, limit)
		defer cancel()
		e.found = e.Look(limited)
		if !Healthy(e.found) {
			e.broken = e.Name
		}
	}
	for i := range e.found {
		f := &e.found[i]
		f.Check, f.Of = e.Name, parley.CleanLine(f.Of)
		f.Cause, f.Remedy = parley.CleanLine(f.Cause), parley.CleanLine(f.Remedy)
	}
}

package doctor

import (
	"context"
	"net/netip"
	"sync"
	"time"

	"parley/discovery"
)

// lookTime is how long servers nearby have to answer.
const lookTime = 2 * time.Second

// multicast looks whether servers on the local network can be found from here. A server with a URL needs none of it.
func (j *journey) multicast(ctx context.Context) []Finding {
	if at, err := netip.ParseAddr(j.Target.Host); err == nil && at.IsLoopback() {
		return []Finding{unseen("", "the server is on this machine")}
	}
	var servers []discovery.Server
	var looking sync.WaitGroup
	looking.Go(func() {
		ctx, cancel := context.WithTimeout(ctx, patience(ctx, lookTime))
		defer cancel()
		servers, _ = discovery.Find(ctx) // why it cannot, the probe tells too
	})
	probing, cancel := context.WithTimeout(ctx, patience(ctx, echoTime))
	defer cancel()
	echoes, err := discovery.Probe(probing)
	looking.Wait()
	found := judgeMulticast(echoes, err, Warn, j.system())
	for i := range found {
		if found[i].Status == OK {
			found[i].Cause += "; " + announced(servers)
		}
	}
	return found
}

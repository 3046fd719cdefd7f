package discovery

import (
	"cmp"
	"context"
	"math/rand/v2"
	"net/netip"
	"slices"
	"sync"
	"time"
)

// askAgain is when those are asked once more whom the first question did not reach (RFC 6762, section 5.2).
const askAgain = time.Second

// maxPackets is how many packets are looked at, so that nobody can keep this machine busy.
const maxPackets = 4096

// Find asks on the local network for servers and listens until ctx ends, which should be a second or two later. It gives
// those that answered, by name, each once. The error says why it could not ask at all.
func Find(ctx context.Context) ([]Server, error) {
	links, err := openLinks()
	if err != nil {
		return nil, err
	}
	return look(ctx, links), nil
}

// look is Find over links that are open, and which it closes.
func look(ctx context.Context, links []link) []Server {
	into, stop := make(chan heard), make(chan struct{})
	views := make([]view, len(links))
	var listening sync.WaitGroup
	for i, l := range links {
		views[i] = view{networks: l.Networks(), hosts: make(map[string][]netip.Addr)}
		listening.Go(func() { listen(l, i, into, stop) })
	}
	ask := time.NewTimer(waitLeast + rand.N(waitSpread)) // section 5.2
	defer ask.Stop()
	for packets := 0; packets < maxPackets && ctx.Err() == nil; {
		select {
		case h := <-into:
			views[h.link].take(h.data)
			packets++
		case <-ask.C:
			for i, l := range links {
				_ = l.Write(views[i].query(), netip.AddrPort{}) // who cannot be asked does not answer
			}
			ask.Reset(askAgain)
		case <-ctx.Done():
		}
	}
	close(stop)
	for _, l := range links {
		_ = l.Close()
	}
	listening.Wait()
	return merge(views)
}

// merge puts together what was seen on all links. A server that is seen on two of them is one, and the first way to it
// is taken.
func merge(views []view) []Server {
	var all []Server
	for _, v := range views {
		for _, s := range v.servers() {
			if len(all) < maxServers && !slices.ContainsFunc(all, func(o Server) bool { return o.Name == s.Name }) {
				all = append(all, s)
			}
		}
	}
	slices.SortFunc(all, func(a, b Server) int { return cmp.Compare(a.Name, b.Name) })
	return all
}

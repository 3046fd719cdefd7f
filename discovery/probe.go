package discovery

import (
	"bytes"
	"context"
	"net/netip"
	"slices"
	"sync"
)

// Echo is what came of asking on one network.
type Echo struct {
	Network netip.Prefix // with this machine's address in it
	Err     error        // why nothing could be sent
	Heard   bool         // what was sent came back, as it does to all who listen on this machine
}

// Probe asks on each network for servers, as Find does, and listens for its own question until each has come back or ctx
// ends. That shows whether this machine lets multicast DNS out and in; whether the network carries it to others nobody
// can see from here. The error says why it could not ask at all.
func Probe(ctx context.Context) ([]Echo, error) {
	links, err := openLinks()
	if err != nil {
		return nil, err
	}
	return probe(ctx, links), nil
}

// probe is Probe over links that are open, and which it closes.
func probe(ctx context.Context, links []link) []Echo {
	into, stop := make(chan heard), make(chan struct{})
	echoes := make([]Echo, len(links))
	question := (&view{}).query()
	var listening sync.WaitGroup
	for i, l := range links {
		if own := l.Networks(); len(own) > 0 {
			echoes[i].Network = own[0]
		}
		listening.Go(func() { listen(l, i, into, stop) })
		echoes[i].Err = l.Write(question, netip.AddrPort{})
	}
	open := func(e Echo) bool { return e.Err == nil && !e.Heard }
	for ctx.Err() == nil && slices.ContainsFunc(echoes, open) {
		select {
		case h := <-into:
			own := func(p netip.Prefix) bool { return p.Addr() == h.from.Addr() }
			if bytes.Equal(h.data, question) && slices.ContainsFunc(links[h.link].Networks(), own) {
				echoes[h.link].Heard = true
			}
		case <-ctx.Done():
		}
	}
	close(stop)
	for _, l := range links {
		_ = l.Close()
	}
	listening.Wait()
	return echoes
}

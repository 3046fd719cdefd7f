package web

import (
	"context"
	"net/http"
	"net/netip"

	"parley"
	"parley/hub"
	"parley/transport"
	"parley/web/wire"
)

// isAlive answers that the server is there.
func isAlive(context.Context, *request) (reply, error) {
	return reply{status: http.StatusOK, body: wire.Health{Status: "ok"}}, nil
}

// isReady answers whether the server can work: whether it takes messages, and its state can be written and read.
func isReady(ctx context.Context, r *request) (reply, error) {
	if err := r.server.Hub.Ready(); err != nil {
		return reply{}, err
	}
	if err := r.server.State.Ready(); err != nil {
		return reply{}, err
	}
	if _, err := r.server.State.Room(ctx, r.server.Config.Room.Name); err != nil {
		return reply{}, err
	}
	return reply{status: http.StatusOK, body: wire.Health{Status: "ok"}}, nil
}

// listConnections answers who is connected, and from where.
func listConnections(_ context.Context, r *request) (reply, error) {
	if err := parley.MayServer(r.who.Role, parley.VerbConnections); err != nil {
		return reply{}, err
	}
	here := r.server.Hub.Connections()
	answer := wire.Connections{Items: make([]wire.Connection, len(here))}
	known := make(map[string]map[netip.AddrPort]transport.TCPInfo) // by listener
	for i, p := range here {
		answer.Items[i] = wire.Connection{
			Person: personOf(&p), Listener: p.Listener, Session: p.Login, TCP: r.server.tcpOf(&p, known),
		}
		if p.Address.IsValid() {
			answer.Items[i].Address = p.Address.String()
		}
	}
	return reply{status: http.StatusOK, body: answer}, nil
}

// tcpOf gives what the kernel knows of somebody's connection, nil for nothing. Each listener is asked once, and its answer kept in
// known.
func (s *Server) tcpOf(p *hub.Person, known map[string]map[netip.AddrPort]transport.TCPInfo) *wire.TCP {
	if s.Kernel == nil {
		return nil
	}
	if _, asked := known[p.Listener]; !asked {
		known[p.Listener] = s.Kernel(p.Listener)
	}
	k, ok := known[p.Listener][p.Address]
	if !ok {
		return nil
	}
	return &wire.TCP{
		RTT: k.RTT.Microseconds(), RTTVariance: k.RTTVariance.Microseconds(), Retransmissions: int64(k.Retransmissions),
		Unacknowledged: int64(k.Unacknowledged), CongestionWindow: int64(k.CongestionWindow), SendWindow: int64(k.SendWindow),
		ReceiveWindow: int64(k.ReceiveWindow), ReceiveSpace: int64(k.ReceiveSpace), BytesSent: int64(k.BytesSent), BytesAcked: int64(k.BytesAcked),
		BytesReceived: int64(k.BytesReceived), LastSent: k.SinceSent.Milliseconds(), LastReceived: k.SinceReceived.Milliseconds(),
	}
}

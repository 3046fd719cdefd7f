package web

import (
	"context"
	"net"
	"net/http"

	"parley"
	"parley/transport"
)

// visitKey is where the visit that a request came by stands in its context.
type visitKey struct{}

// upgrade makes a WebSocket of the connection that the request came by (RFC 6455, section 4.2), and returns: the
// connection's next step goes on with it.
func (s *Server) upgrade(w http.ResponseWriter, r *http.Request) {
	v, ok := r.Context().Value(visitKey{}).(*visit)
	if !ok {
		refuse(w, parley.Errorf(parley.CodeUnsupported, "there are no WebSockets here"))
		return
	}
	if status, err := checkHandshake(w.Header(), r); err != nil {
		refuseAs(w, status, err)
		return
	}
	conn, buffered, err := http.NewResponseController(w).Hijack()
	if err != nil {
		wrote(w, http.StatusInternalServerError)
		s.log.Error("no WebSocket", "from", r.RemoteAddr, "error", err)
		return
	}
	wrote(w, http.StatusSwitchingProtocols)
	early := make([]byte, buffered.Reader.Buffered())
	_, _ = buffered.Read(early) // what is buffered can be read
	_ = conn.SetDeadline(noDeadline)
	v.conn.Send([][]byte{acceptance(r)})
	early = append(early, v.rest...)
	v.rest = nil
	v.finish(func() transport.Step { return newSocket(s, v.conn).begin(early) })
}

// connContext puts the visit into the context of each of its requests.
func connContext(ctx context.Context, c net.Conn) context.Context {
	return context.WithValue(ctx, visitKey{}, c)
}

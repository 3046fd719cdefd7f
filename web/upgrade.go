package web

import (
	"context"
	"errors"
	"net"
	"net/http"

	"github.com/gobwas/ws"

	"parley"
)

// visitKey is where the visit that a request came by stands in its context.
type visitKey struct{}

// upgrade makes a WebSocket of the connection that the request came by (RFC 6455, section 4.2), and returns: the connection's own
// goroutine goes on with it.
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
	conn, buffered, _, err := ws.UpgradeHTTP(r, w)
	wrote(w, upgradeStatus(err))
	if err != nil {
		s.log.Debug("no WebSocket", "from", r.RemoteAddr, "error", err)
		if conn != nil {
			_ = conn.Close()
		}
		return
	}
	early := make([]byte, buffered.Reader.Buffered())
	_, _ = buffered.Read(early) // what is buffered can be read
	_ = conn.SetDeadline(noDeadline)
	v.finish(newSocket(s, v.conn, append(early, v.rest...)))
	v.rest = nil
}

// upgradeStatus gives the status by which a client was told what came of the upgrade.
func upgradeStatus(err error) int {
	if err == nil {
		return http.StatusSwitchingProtocols
	}
	if rejected, ok := errors.AsType[*ws.ConnectionRejectedError](err); ok {
		return rejected.StatusCode()
	}
	return http.StatusInternalServerError
}

// connContext puts the visit into the context of each of its requests.
func connContext(ctx context.Context, c net.Conn) context.Context {
	return context.WithValue(ctx, visitKey{}, c)
}

package admin

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"time"
)

// How long things may take. They bound mistakes: whoever may use the socket may do far worse than be slow.
const (
	readTimeout  = 10 * time.Second // for a whole request
	idleTimeout  = time.Minute      // between two requests
	closeTimeout = 5 * time.Second  // for requests under way when the server stops
)

// Server answers at the socket of a data directory.
type Server struct {
	socket  *socket
	http    *http.Server
	closing sync.Once
	closed  error
}

// Open makes the socket in dir, with access for its owner alone, and removes one that was left over; the caller sees to
// it that no other process uses dir. Whoever connects waits until Serve is called. The error is an *parley.Error.
func Open(dir string, keeper Keeper, log *slog.Logger) (*Server, error) {
	socket, err := listen(dir)
	if err != nil {
		return nil, err
	}
	return &Server{socket: socket, http: &http.Server{
		Handler:     newHandler(keeper, log),
		ReadTimeout: readTimeout,
		IdleTimeout: idleTimeout,
		ErrorLog:    slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}}, nil
}

// Serve answers until Close, and is called once at most. The error is nil then.
func (s *Server) Serve() error {
	if err := s.http.Serve(s.socket.listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// Close removes the socket, and waits a moment for what is being done. It is idempotent, and may be called without
// Serve.
func (s *Server) Close() error {
	s.closing.Do(func() {
		ctx, cancel := context.WithTimeout(context.Background(), closeTimeout)
		defer cancel()
		removed := s.socket.remove()
		if err := s.http.Shutdown(ctx); err != nil {
			_ = s.http.Close()
		}
		s.closed = errors.Join(removed, s.socket.close())
	})
	return s.closed
}

package server

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"parley"
	"parley/capture/tap"
	"parley/console"
	"parley/discovery"
	"parley/files"
	"parley/hub"
	"parley/picture"
	"parley/sqlite"
)

// stopTimeout is how long people have to take what was sent to them when the server stops.
const stopTimeout = 5 * time.Second

// fileReserve is what uploads leave free on the disk, in bytes: twice what the store refuses to go below, so that people can
// go on chatting when files have taken all the room they may.
const fileReserve = 2 * sqlite.DefaultReserve

// Server is a server with everything open. Run it, or Close it.
type Server struct {
	log          *slog.Logger
	listeners    []listener
	data         *dataDir
	tap          *tap.File    // nil for none
	certificates certificates // nil for none
	store        *sqlite.Store
	blobs        *files.Store
	share        *files.Share // nil for none
	pictures     *picture.Previews
	hub          *hub.Hub
	accounts     *accountDesk
	console      *console.Console // nil for none
	metrics      http.Handler     // shows the figures
	quit         context.CancelFunc
	quitting     context.Context      // ends when the operator asks for it
	lan          bool                 // it is for the local network
	announced    *discovery.Announcer // nil where it is not to be found on the local network, or cannot be
	closing      sync.Once
}

// New opens what c names: the listeners first, so that a port in use is what one is told, then the data. Nobody is taken
// before Run. The error is an *parley.Error whose sentence says what to do; of CodeInvalid when c itself is wrong.
func New(ctx context.Context, c Config, env Environment) (*Server, error) {
	specs, err := c.specs()
	if err != nil {
		return nil, err
	}
	if env.Now == nil {
		env.Now = time.Now
	}
	s := &Server{log: env.Log, lan: c.LAN, pictures: picture.NewPreviews()}
	s.quitting, s.quit = context.WithCancel(context.Background())
	if err := s.open(ctx, c, env, specs); err != nil {
		s.Close()
		return nil, sqlite.ForOperator(err)
	}
	return s, nil
}

// open opens everything, in order. What it has opened when it fails, Close closes.
func (s *Server) open(ctx context.Context, c Config, env Environment, specs []listenURL) error {
	secure := &tlsLater{}
	if err := s.openListeners(ctx, c, specs, secure); err != nil {
		return err
	}
	if err := s.openData(ctx, c, env); err != nil {
		return err
	}
	if err := s.openTap(c.Tap); err != nil {
		return err
	}
	var err error
	if s.certificates, err = openCertificates(c, specs, s.data.path, env.Now, s.log); err != nil {
		return err
	}
	if s.certificates != nil {
		secure.actual = s.certificates.ServerConfig()
	}
	s.hub = hub.New(hub.Config{
		Journal: s.store, State: s.store, MakeRooms: c.MakeRooms, Log: s.log, Now: env.Now,
	})
	s.store.Start(s.hub.Deliver)
	if s.accounts, err = openAccountDesk(ctx, s.data, s.store, c.Admit, env); err != nil {
		return err
	}
	if c.LAN {
		s.openAnnouncer(c)
	}
	return s.wire(ctx, c, env)
}

// openListeners opens the sockets.
func (s *Server) openListeners(ctx context.Context, c Config, specs []listenURL, secure *tlsLater) error {
	for _, spec := range specs {
		var l listener
		var err error
		if spec.packets {
			l, err = openPackets(ctx, spec)
		} else {
			l, err = openStream(ctx, spec, secure, s.tapFor(c, spec), s.log)
		}
		if err != nil {
			return spec.wrap(err)
		}
		s.listeners = append(s.listeners, l)
	}
	return nil
}

// openData opens the data directory, the state and the files.
func (s *Server) openData(ctx context.Context, c Config, env Environment) error {
	var err error
	if s.data, err = openDataDir(c.Data); err != nil {
		return err
	}
	if s.data.temporary != "" && env.Temporary != nil {
		env.Temporary(func() { s.logError("removing what is not to be kept", s.data.discard()) })
	}
	if err := s.data.setAsideFiles(s.log); err != nil {
		return err
	}
	if s.store, err = sqlite.Open(ctx, s.data.path, sqlite.Options{Volatile: s.data.temporary != "", Log: s.log}); err != nil {
		return err
	}
	s.blobs, err = files.Open(s.data.files(), files.Options{
		FileLimit: c.fileLimit(), Quota: c.Quota, Reserve: fileReserve, Log: s.log, Now: env.Now,
		Named: func(d parley.Digest) (bool, error) { return s.store.Named(context.Background(), d) },
	})
	if err != nil {
		return err
	}
	if err := s.blobs.Sweep(s.store.Digests(ctx)); err != nil {
		return err
	}
	if c.Share != "" {
		s.share, err = files.OpenShare(c.Share)
	}
	return err
}

// Run serves until ctx ends, the operator asks for an end, or a listener fails; then it stops in order and closes
// everything. The error is nil after an orderly stop. It is called once.
func (s *Server) Run(ctx context.Context) error {
	defer s.Close()
	if s.console != nil {
		if err := s.console.Start(ctx); err != nil {
			return err
		}
	}
	var serving sync.WaitGroup
	failed := make(chan error, len(s.listeners))
	for _, l := range s.listeners {
		serving.Go(func() {
			if err := l.serve(); err != nil {
				failed <- l.url().wrap(err)
			}
		})
	}
	tending, cease := context.WithCancel(ctx)
	serving.Go(func() { s.accounts.tend(tending) })
	serving.Go(func() { s.tendUploads(tending) })
	if s.announced != nil {
		serving.Go(s.announced.Run)
	}
	var err error
	select {
	case <-ctx.Done():
	case <-s.quitting.Done():
	case err = <-failed:
	}
	cease()
	s.stop()
	serving.Wait()
	return err
}

// stop ends the service, in the reverse of the order in which it began: nobody is told any more that it is here, and
// nobody more comes in; what was accepted is made
// durable and delivered; everybody is told, and has a moment to take what is theirs; the operator sees them leave.
func (s *Server) stop() {
	s.log.Info("stopping")
	if s.announced != nil {
		s.announced.Stop()
	}
	s.accounts.close()
	for _, l := range s.listeners {
		l.stop()
	}
	s.hub.Stop()
	ctx, cancel := context.WithTimeout(context.Background(), stopTimeout)
	defer cancel()
	var leaving sync.WaitGroup
	for _, l := range s.listeners {
		leaving.Go(func() {
			l.dismiss(ctx, parley.Errorf(parley.CodeShutdown, "the server is stopping"))
		})
	}
	leaving.Wait()
	if s.console != nil {
		s.console.Close()
	}
}

// Close closes whatever is open, without telling anybody: the end of Run, and all there is to do for a server that was never
// run. It is idempotent.
func (s *Server) Close() {
	s.closing.Do(func() {
		s.quit()
		if s.announced != nil {
			s.announced.Close()
		}
		for _, l := range s.listeners {
			l.close()
		}
		s.closeTap()
		if s.accounts != nil {
			s.accounts.close()
		}
		if s.store != nil {
			s.logError("closing the store", s.store.Close())
		}
		if s.hub != nil {
			s.hub.Close()
		}
		if s.share != nil {
			s.logError("closing the shared folder", s.share.Close())
		}
		if s.data != nil {
			s.logError("giving back the data directory", s.data.Close())
		}
	})
}

// logError writes down what went wrong where nobody is left to be told.
func (s *Server) logError(doing string, err error) {
	if err != nil {
		s.log.Error(doing, "error", err)
	}
}

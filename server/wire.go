package server

import (
	"context"
	"errors"
	"log/slog"
	"slices"

	"parley"
	"parley/console"
	"parley/metrics"
	"parley/plain"
	"parley/roster"
	"parley/web"
)

// wire makes the protocol of each listener, and the console.
func (s *Server) wire(ctx context.Context, c Config, env Environment) error {
	rooms, err := s.rooms(ctx)
	if err != nil {
		return err
	}
	var asked operator // nil without a console
	if c.Console {
		s.console = console.New(console.Config{
			In: env.Stdin, Out: env.Stdout, Hub: s.hub, Rooms: rooms, Listeners: s.urls(), Stop: s.quit,
		})
		asked = s.console
	}
	s.metrics = metrics.New(c.Version, s.figures, s.log)
	for _, l := range s.listeners {
		spec := l.url()
		i := slices.IndexFunc(rooms, func(r parley.Room) bool { return r.Name == spec.room })
		if err := s.wireListener(l, rooms[i], asked, c); err != nil {
			return err
		}
	}
	return nil
}

// operator is whoever answers what people send, and sees what is answered without them.
type operator interface {
	plain.Operator
	plain.Witness
}

// wireListener gives l its protocol.
func (s *Server) wireListener(l listener, room parley.Room, operator operator, c Config) error {
	spec := l.url()
	log := s.log.With("listener", spec.text)
	switch l := l.(type) {
	case *packets:
		l.tapped = s.tapped(l.socket)
		l.handler = plain.NewDatagrams(plain.DatagramConfig{
			URL:          spec.text,
			Options:      spec.datagrams,
			Participants: spec.clients,
			PerAddress:   spec.perAddr,
			Hub:          s.hub,
			Room:         room,
			Operator:     operator,
			Witness:      operator,
			Log:          log,
		})
	case *stream:
		if spec.scheme == "http" {
			l.handler = s.webHandler(l, room, c, log)
		} else {
			l.handler = s.streamHandler(spec, room, operator, log)
		}
	}
	if operator == nil && (spec.plain.Respond == plain.RespondInput || spec.datagrams.Respond == plain.RespondInput) {
		return spec.wrap(errNoOperator)
	}
	return nil
}

// streamHandler makes the server side of a protocol over TCP.
func (s *Server) streamHandler(spec listenURL, room parley.Room, operator operator, log *slog.Logger) handler {
	if spec.scheme == "roster" {
		return roster.New(roster.Config{
			URL: spec.text, Options: spec.roster, Hub: s.hub, Room: room, Accounts: s.accounts, Log: log,
			Web: s.neighbour("http"),
		})
	}
	return plain.New(plain.Config{
		URL:      spec.text,
		Options:  spec.plain,
		Hub:      s.hub,
		Room:     room,
		Accounts: s.accounts,
		Files:    &exchange{store: s.store, blobs: s.blobs, share: s.share},
		Operator: operator,
		Witness:  operator,
		Log:      log,
		Web:      s.neighbour("http"),
	})
}

// webHandler makes the HTTP door.
func (s *Server) webHandler(l *stream, room parley.Room, c Config, log *slog.Logger) handler {
	spec := l.url()
	return web.New(web.Config{
		URL:         spec.text,
		Options:     spec.web,
		Hub:         s.hub,
		Accounts:    s.accounts,
		State:       s.store,
		Files:       &exchange{store: s.store, blobs: s.blobs, share: s.share},
		Uploads:     uploads{s.blobs, c.fileLimit()},
		Previews:    previews{s.pictures, s.blobs},
		Room:        room,
		PublicNames: c.PublicNames,
		GoesBy:      s.goesBy,
		Reached:     func() string { return s.reachedBy(l, c.PublicNames) },
		Kernel:      s.kernel,
		Metrics:     s.metrics,
		Version:     c.Version,
		Text:        s.neighbour("plain"),
		Log:         log,
	})
}

// errNoOperator is the answer to a listener whose questions nobody could answer.
var errNoOperator = parley.Errorf(parley.CodeInvalid, "respond=input needs somebody to answer: add --console")

// urls gives the URLs of all listeners, as they were given.
func (s *Server) urls() []string {
	urls := make([]string, len(s.listeners))
	for i, l := range s.listeners {
		urls[i] = l.url().text
	}
	return urls
}

// room gives the room of that name, which it opens if it does not exist.
func (s *Server) room(ctx context.Context, name parley.RoomName) (parley.Room, error) {
	room, err := s.store.Room(ctx, name)
	if !errors.Is(err, &parley.Error{Code: parley.CodeNoSuchRoom}) {
		return room, err
	}
	room = parley.Room{ID: parley.NewRoomID(), Name: name, Kind: parley.RoomPublic}
	outcomes, err := s.store.Append(ctx, parley.RoomOpened{Room: room})
	if err != nil {
		return room, err
	}
	return room, outcomes[0].Err
}

// rooms gives the room of every listener, that of the first one first, each once.
func (s *Server) rooms(ctx context.Context) ([]parley.Room, error) {
	var names []parley.RoomName
	for _, l := range s.listeners {
		if name := l.url().room; !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	rooms := make([]parley.Room, len(names))
	for i, name := range names {
		var err error
		if rooms[i], err = s.room(ctx, name); err != nil {
			return nil, err
		}
	}
	return rooms, nil
}

package hub

import (
	"context"

	"parley"
)

// Post says texts in the session's own room, one message each, in order. When it returns nil they are durable and on
// their way to everyone. A text that may not be posted (see parley.CheckText), or is refused, is left out, and the
// error is about the first of those; any other error, an *parley.Error, means that none was posted.
func (s *Session) Post(ctx context.Context, texts ...string) error {
	home, err := s.own()
	if err != nil {
		return err
	}
	messages := make([]parley.Message, len(texts))
	for i, text := range texts {
		messages[i] = parley.Message{Room: home, Text: text}
	}
	return s.post(ctx, messages...)
}

// PostFile says in the session's own room that a file was sent. Its content must be durable already.
func (s *Session) PostFile(ctx context.Context, file parley.File) error {
	home, err := s.own()
	if err != nil {
		return err
	}
	return s.post(ctx, parley.Message{Room: home, File: &file})
}

// Direct says text to the one person who is called to: somebody connected, wherever they are, or an account, which
// reads it when it comes. The error is an *parley.Error: CodeNoSuchUser when there is nobody of that name, and
// otherwise as for Post.
func (s *Session) Direct(ctx context.Context, to, text string) error {
	who, err := s.hub.addressee(ctx, to)
	if err != nil {
		return err
	}
	return s.post(ctx, parley.Message{Room: parley.DirectRoom(s.Person().ID, who), Text: text})
}

// own gives the room in which the session posts.
func (s *Session) own() (parley.RoomID, error) {
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	switch {
	case s.gone:
		return "", errGone
	case s.home == nil:
		return "", parley.Errorf(parley.CodeInvalid, "you are in no room")
	}
	return s.home.info.ID, nil
}

// post appends messages, and gives the first reason for which one was not posted.
func (s *Session) post(ctx context.Context, messages ...parley.Message) error {
	var refused error
	events := make([]parley.Event, 0, len(messages))
	by, now := s.person.Load().sender(), s.hub.now()
	for _, m := range messages {
		entry, err := stamp(m.Room, "", by, now)
		if err != nil {
			return err
		}
		e, err := preparePost(m, entry)
		if err == nil {
			events = append(events, e)
		} else if refused == nil {
			refused = err
		}
	}
	if len(events) == 0 {
		return refused
	}
	outcomes, err := s.hub.append(ctx, s, events...)
	if err != nil {
		return err
	}
	for _, o := range outcomes {
		if o.Err != nil && refused == nil {
			refused = o.Err
		}
	}
	return refused
}

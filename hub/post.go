package hub

import (
	"context"
	"strings"
	"unicode/utf8"

	"parley"
)

// Post says texts in the session's room, one message each, in order. When it returns nil they are durable and on their way
// to everyone. A text that may not be posted (see parley.CheckText) is left out, and the error is about the first of those;
// any other error, an *parley.Error, means that none was posted.
func (s *Session) Post(ctx context.Context, texts ...string) error {
	var refused error
	events := make([]parley.Event, 0, len(texts))
	home := s.home()
	for _, text := range texts {
		text = parley.CleanText(text)
		if err := parley.CheckText(text); err != nil {
			if refused == nil {
				refused = err
			}
			continue
		}
		events = append(events, s.posted(home, text, nil))
	}
	if err := s.append(ctx, events); err != nil {
		return err
	}
	return refused
}

// PostFile says in the session's room that a file was sent. Its content must be durable already.
func (s *Session) PostFile(ctx context.Context, file parley.File) error {
	return s.append(ctx, []parley.Event{s.posted(s.home(), "", &file)})
}

// Direct says text to the one person who is shown as to, wherever they are. The error is an *parley.Error: CodeNoSuchUser
// when nobody here is called that, and otherwise as for Post.
func (s *Session) Direct(ctx context.Context, to, text string) error {
	text = parley.CleanText(text)
	if err := parley.CheckText(text); err != nil {
		return err
	}
	conversation, err := s.converse(to)
	if err != nil {
		return err
	}
	return s.append(ctx, []parley.Event{s.posted(conversation, text, nil)})
}

// Recipient splits what somebody typed after an '@', "NAME: TEXT". Of several names that fit, one of them an address
// perhaps, the longest that somebody here is shown as wins. Where none fits, ok is false and to is what stands before the
// first colon, for a sentence that says so.
func (s *Session) Recipient(rest string) (to, text string, ok bool) {
	const longest = 64 + parley.MaxName*utf8.UTFMax // more than any name or address and port
	head := rest[:min(len(rest), longest)]
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	for i := strings.LastIndexByte(head, ':'); i >= 0; i = strings.LastIndexByte(head[:i], ':') {
		if s.hub.find(head[:i]) != nil {
			return head[:i], strings.TrimLeft(rest[i+1:], " "), true
		}
	}
	to, text, _ = strings.Cut(rest, ":")
	return to, strings.TrimLeft(text, " "), false
}

// find gives whoever is shown as name, nil for nobody. It holds the mutex, so what cannot be a name is not mapped to a key,
// which costs some time, only to be found nowhere.
func (h *Hub) find(name string) *Session {
	if s := h.people[name]; s != nil && s.Person().Name == "" {
		return s
	}
	if len(name) > parley.MaxName*utf8.UTFMax || strings.ContainsAny(name, ": ") {
		return nil
	}
	return h.people[string(parley.Name(name).Key())]
}

// home gives the room in which s posts; its id is "" after Leave, and no room has that.
func (s *Session) home() parley.RoomID {
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	if len(s.rooms) == 0 {
		return ""
	}
	return s.rooms[0].info.ID
}

// converse makes both s and whoever is shown as name members of their conversation.
func (s *Session) converse(name string) (parley.RoomID, error) {
	h := s.hub
	h.mu.Lock()
	defer h.mu.Unlock()
	other := h.find(name)
	if other == nil || len(s.rooms) == 0 {
		return "", parley.Errorf(parley.CodeNoSuchUser, "nobody here is called %s", parley.CleanLine(name))
	}
	info := parley.Room{ID: parley.DirectRoom(s.Person().ID, other.Person().ID), Kind: parley.RoomDirect}
	if h.rooms[info.ID] != nil {
		return info.ID, nil
	}
	s.rooms = append(s.rooms, h.enter(s, info))
	if other != s {
		other.rooms = append(other.rooms, h.enter(other, info))
	}
	return info.ID, nil
}

// posted makes the event of a message from s, with an id of its own.
func (s *Session) posted(room parley.RoomID, text string, file *parley.File) parley.Event {
	now := s.hub.now()
	return parley.MessagePosted{Message: parley.Message{
		Room: room,
		ID:   parley.NewMessageID(now),
		By:   s.person.Load().sender(),
		At:   now,
		Text: text,
		File: file,
	}}
}

// append brings events, all of them messages from s, to the journal. While they are on their way the hub knows that they
// came from this connection, so that they do not come back to it.
func (s *Session) append(ctx context.Context, events []parley.Event) error {
	if len(events) == 0 {
		return nil
	}
	if err := s.hub.beginPosting(s, events); err != nil {
		return err
	}
	defer s.hub.endPosting(events)
	outcomes, err := s.hub.journal.Append(ctx, events...)
	if err != nil {
		return err
	}
	for _, o := range outcomes {
		if o.Err != nil {
			return o.Err
		}
	}
	return nil
}

// beginPosting notes that events are on their way and come from s. The error is CodeShutdown.
func (h *Hub) beginPosting(s *Session, events []parley.Event) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.stopping {
		return errStopping
	}
	h.posting.Add(1)
	for _, e := range events {
		m := e.(parley.MessagePosted).Message
		h.inFlight[flight{m.By.ID, m.ID}] = s
	}
	return nil
}

// endPosting undoes beginPosting.
func (h *Hub) endPosting(events []parley.Event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, e := range events {
		m := e.(parley.MessagePosted).Message
		delete(h.inFlight, flight{m.By.ID, m.ID})
	}
	h.posting.Done()
}

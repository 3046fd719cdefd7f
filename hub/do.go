package hub

import (
	"context"
	"time"

	"parley"
)

// Do has something happen in a room: it fills in who did it and when, an id where there is none, and whom a text
// mentions; cleans what people will read; and appends it. When it returns nil the event is durable, and on its way to
// everyone.
//
// The error is an *parley.Error, CodeInvalid, CodeTooLong or CodeNameInvalid for what makes no sense, or what the state
// refused it with, which then is in the Outcome too; or ctx's.
func (h *Hub) Do(ctx context.Context, by parley.Identity, e parley.RoomEvent) (parley.Outcome, error) {
	return h.do(ctx, nil, h.senderOf(by), e)
}

// Do is Hub.Do by whoever the session is. On protocols that do not echo, what was done does not come back to it.
func (s *Session) Do(ctx context.Context, e parley.RoomEvent) (parley.Outcome, error) {
	return s.hub.do(ctx, s, s.Person().sender(), e)
}

func (h *Hub) do(ctx context.Context, s *Session, by parley.Sender, e parley.RoomEvent) (parley.Outcome, error) {
	e, err := prepare(e, by, h.now())
	if err != nil {
		return parley.Outcome{}, err
	}
	outcomes, err := h.append(ctx, s, e)
	if err != nil {
		return parley.Outcome{}, err
	}
	return outcomes[0], outcomes[0].Err
}

// senderOf gives an identity as events keep it. Somebody without a name is shown as where they are connected, if they
// are.
func (h *Hub) senderOf(by parley.Identity) parley.Sender {
	if by.Name != "" {
		return parley.Sender{ID: by.ID, Name: string(by.Name)}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, s := range h.people.sessions[by.ID] {
		return s.Person().sender()
	}
	return parley.Sender{ID: by.ID}
}

// stamp gives the entry of an event in a room: who, when, and its id, made here where there is none.
func stamp(room parley.RoomID, id parley.MessageID, by parley.Sender, now time.Time) (parley.Entry, error) {
	switch {
	case by.ID == "" || by.Name == "":
		return parley.Entry{}, parley.Errorf(parley.CodeInvalid, "somebody without a name cannot do that")
	case id == "":
		id = parley.NewMessageID(now)
	case !id.Valid():
		return parley.Entry{}, parley.Errorf(parley.CodeInvalid,
			"an id is 1 to %d visible characters of ASCII", parley.MaxMessageID)
	}
	return parley.Entry{Room: room, ID: id, By: by, At: now}, nil
}

// prepare makes an event ready to be appended, or says why it cannot be.
func prepare(e parley.RoomEvent, by parley.Sender, now time.Time) (parley.RoomEvent, error) {
	head := e.Head()
	entry, err := stamp(head.Room, head.ID, by, now)
	if err != nil {
		return nil, err
	}
	switch e := e.(type) {
	case parley.MessagePosted:
		return preparePost(e.Message, entry)
	case parley.MessageEdited:
		e.Entry, e.Text = entry, parley.CleanText(e.Text)
		return e, parley.CheckText(e.Text)
	case parley.MessageDeleted:
		e.Entry = entry
		return e, nil
	case parley.MessageReacted:
		e.Entry = entry
		return e, parley.CheckReaction(e.Emoji)
	case parley.MemberChanged:
		e.Entry, e.Who.Name = entry, parley.CleanLine(e.Who.Name)
		return e, checkMember(e)
	case parley.RoomChanged:
		e.Entry, e.Topic = entry, parley.CleanText(e.Topic)
		if e.Kind, err = parley.ParseRoomKind(string(e.Kind)); err == nil {
			err = parley.CheckTopic(e.Topic)
		}
		return e, err
	}
	return nil, parley.Errorf(parley.CodeUnsupported, "this cannot be done in a room")
}

// preparePost makes a message ready.
func preparePost(m parley.Message, entry parley.Entry) (parley.RoomEvent, error) {
	posted := parley.MessagePosted{Message: parley.Message{
		Room: entry.Room, ID: entry.ID, By: entry.By, At: entry.At, File: m.File, Reply: m.Reply,
	}}
	if m.File != nil {
		return posted, nil
	}
	posted.Message.Text = parley.CleanText(m.Text)
	posted.Mentions = parley.Mentions(posted.Message.Text)
	return posted, parley.CheckText(posted.Message.Text)
}

// checkMember tells whether a change makes sense.
func checkMember(e parley.MemberChanged) error {
	switch e.Change {
	case parley.MemberInvited, parley.MemberLeft, parley.MemberKicked, parley.MemberBanned, parley.MemberUnbanned:
	case parley.MemberAppointed:
		if !e.Role.AtLeast(parley.RoleMember) {
			return parley.Errorf(parley.CodeInvalid, "a role in a room is member, moderator or owner")
		}
	default:
		return parley.Errorf(parley.CodeInvalid, "nobody can be %s", parley.CleanLine(string(e.Change)))
	}
	if e.Who.ID == "" || e.Who.Name == "" {
		return parley.Errorf(parley.CodeInvalid, "a change is of somebody")
	}
	return nil
}

package client

import (
	"context"
	"strconv"

	"parley"
	"parley/client/socket"
	"parley/web/wire"
)

// takeJoined deals with a room that this client is in now, or is shown a part of.
func (w *web) takeJoined(m wire.Joined) {
	if m.ID == idWho {
		w.takeMembers(m)
		w.client.emit(Online{w.named(m.Members)})
		return
	}
	entered := w.membership.entered(m)
	if m.Room == w.home {
		w.takeMembers(m)
		w.enter()
		switch {
		case entered.Anew:
			w.client.emit(Notice{"the room has begun anew"})
		case entered.Forgotten && w.again:
			w.client.emit(Notice{"some of what was missed is not kept any more"})
		}
	}
	if entered.Next != nil {
		w.join(*entered.Next)
	}
	w.checkCaughtUp()
}

// enter tells, once, that there is a connection, and sends what was not acknowledged.
func (w *web) enter() {
	if w.inside {
		return
	}
	w.inside = true
	w.client.emit(Connected{w.client.options.Target.shown(addressOf(w.conn.RemoteAddr()))})
	w.membership.open(w.socket.Load())
	w.ready()
	w.asking.Go(func() { w.askConversations(w.ctx) })
}

// askConversations asks for the conversations with others: what was said in them while this client was away is fetched,
// and what was said before it first came is not shown.
func (w *web) askConversations(ctx context.Context) {
	if !w.again && w.membership.isNew() {
		return
	}
	talks, err := w.membership.api().Conversations(ctx)
	switch {
	case ctx.Err() != nil:
	case err != nil:
		w.client.emit(Problem{parley.Wrap(parley.CodeOf(err), err,
			"cannot see whether there were direct messages meanwhile: "+parley.Sentence(err))})
	default:
		for _, join := range w.membership.catchUp(talks) {
			w.join(join)
		}
	}
}

// takeMembers notes who is in the room.
func (w *web) takeMembers(m wire.Joined) {
	w.people = make(map[parley.SenderID]string, len(m.Members))
	for _, p := range m.Members {
		w.people[p.ID] = p.Name
	}
	w.membership.meet(m.Members...)
}

// named gives people by their names.
func (w *web) named(people []wire.Person) []Person {
	named := make([]Person, len(people))
	for i, p := range people {
		named[i].Name = p.Name
	}
	return named
}

// takePresence tells who came and who went, but nobody of themselves.
func (w *web) takePresence(m wire.Presence) {
	if m.Room != w.home {
		return
	}
	me := w.membership.self()
	for _, p := range m.Left {
		if p.ID != me {
			w.client.emit(Presence{Name: p.Name})
		}
		delete(w.people, p.ID)
	}
	for _, p := range m.Joined {
		if p.ID != me {
			w.client.emit(Presence{Name: p.Name, Here: true})
		}
		w.people[p.ID] = p.Name
		w.membership.meet(p)
	}
	if len(m.Left)+len(m.Joined) == 0 { // too many to be named
		w.client.emit(Notice{strconv.Itoa(m.Count) + " people are here now"})
	}
}

// takeEvent deals with something lasting that has happened, now or while this client was away.
func (w *web) takeEvent(e wire.Entry, m wire.ServerMessage) error {
	verdict, join := w.membership.take(e)
	if join != nil {
		w.join(*join)
	}
	if verdict != socket.Fresh {
		return nil
	}
	if !w.membership.isEcho(e) {
		w.show(e, m)
	}
	w.checkCaughtUp()
	if change, ok := m.(wire.MemberChanged); ok && change.Room == w.home && change.Who.ID == w.membership.self() {
		return sentOut(change)
	}
	return nil
}

// sentOut gives why somebody has to leave the room, nil where they need not.
func sentOut(m wire.MemberChanged) error {
	switch m.Change {
	case parley.MemberKicked:
		return parley.Errorf(parley.CodeForbidden, "you were sent out of %s by %s", m.Room, m.By.Name)
	case parley.MemberBanned:
		return parley.Errorf(parley.CodeBanned, "you were banned from %s by %s", m.Room, m.By.Name)
	}
	return nil
}

// checkCaughtUp tells, once, that everything that was missed has been shown.
func (w *web) checkCaughtUp() {
	if !w.membership.caughtUp(w.home) || !w.behind {
		return
	}
	w.behind = false
	if w.missed > 0 {
		w.client.emit(Notice{"caught up, " + strconv.Itoa(w.missed) + " missed"})
	}
}

// show tells of an event.
func (w *web) show(e wire.Entry, m wire.ServerMessage) {
	switch m := m.(type) {
	case wire.Message:
		w.showContent(e, m.Content)
	case wire.DirectMessage:
		w.showContent(e, m.Content)
	case wire.Edited:
		if m.Text != "" { // else it was deleted later, which is told then
			w.tell(e, "[edit] "+string(m.Text))
		}
	case wire.Deleted:
		w.tell(e, "[deleted a message]")
	case wire.MemberChanged:
		w.client.emit(Notice{memberNotice(m)})
	case wire.RoomChanged:
		w.client.emit(Notice{roomNotice(m)})
	}
}

// showContent tells of a message, but not of one that was deleted since: that is told by its deletion.
func (w *web) showContent(e wire.Entry, c wire.Content) {
	if c.Deleted {
		return
	}
	if w.behind && e.Room == w.home {
		w.missed++
	}
	w.tell(e, contentText(c))
}

// tell tells what somebody said, in the room or to this client alone.
func (w *web) tell(e wire.Entry, text string) {
	w.client.emit(Message{From: nameOf(e.By), Text: text, Direct: e.Room != w.home})
}

// memberNotice says what became of somebody in a room.
func memberNotice(m wire.MemberChanged) string {
	what := ""
	switch m.Change {
	case parley.MemberLeft:
		return m.Who.Name + " gave up this room"
	case parley.MemberInvited:
		what = "invited"
	case parley.MemberKicked:
		what = "sent out"
	case parley.MemberBanned:
		what = "banned"
	case parley.MemberUnbanned:
		what = "let back in"
	case parley.MemberAppointed:
		what = "made " + string(m.Role)
	default: // of a newer server
		what = string(m.Change)
	}
	return m.Who.Name + " was " + what + " by " + m.By.Name
}

// roomNotice says what a room is like now.
func roomNotice(m wire.RoomChanged) string {
	topic := "without a topic"
	if m.Topic != "" {
		topic = "with the topic: " + m.Topic
	}
	return m.By.Name + " made this room " + string(m.Kind) + ", " + topic
}

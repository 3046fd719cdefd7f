package web

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"

	"parley"
	"parley/web/wire"
)

// listMembers answers who is in a room now, and who has a role in it or is banned from it.
func listMembers(ctx context.Context, r *request) (reply, error) {
	room, err := r.enter(ctx, parley.VerbEnter)
	if err != nil {
		return reply{}, err
	}
	listed, err := r.server.State.Members(ctx, room.ID)
	if err != nil {
		return reply{}, err
	}
	members := make(map[parley.SenderID]wire.Member, len(listed))
	for _, m := range listed {
		members[m.Who.ID] = wire.Member{Person: wire.PersonOf(m.Who), InRoom: m.Role, Banned: m.Banned}
	}
	for _, p := range r.server.Hub.Present(room.ID) {
		m := members[p.ID]
		m.Person, m.Present = personOf(&p), true
		members[p.ID] = m
	}
	answer := wire.Members{Items: make([]wire.Member, 0, len(members))}
	for _, m := range members {
		answer.Items = append(answer.Items, m)
	}
	slices.SortFunc(answer.Items, func(a, b wire.Member) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	return reply{status: http.StatusOK, body: answer}, nil
}

// invite lets somebody into a private room.
func invite(ctx context.Context, r *request) (reply, error) {
	b, err := body[wire.Invitation](r)
	if err != nil {
		return reply{}, err
	}
	answer, err := r.member(ctx, b.Name, parley.VerbInvite, parley.MemberInvited, "")
	answer.status = http.StatusCreated
	return answer, err
}

// changeMember gives somebody another role in a room, bans them, or lets them back.
func changeMember(ctx context.Context, r *request) (reply, error) {
	b, err := body[wire.MemberChange](r)
	if err != nil {
		return reply{}, err
	}
	name := r.PathValue("name")
	switch {
	case b.Role != nil:
		return r.member(ctx, name, parley.VerbAppoint, parley.MemberAppointed, *b.Role)
	case *b.Banned:
		return r.member(ctx, name, parley.VerbKick, parley.MemberBanned, "")
	}
	return r.member(ctx, name, parley.VerbKick, parley.MemberUnbanned, "")
}

// removeMember sends somebody out of a room; whoever asks may leave it themselves.
func removeMember(ctx context.Context, r *request) (reply, error) {
	name := r.PathValue("name")
	if name == "me" || r.who.Name != "" && parley.Name(name).Key() == r.who.Name.Key() {
		room, err := r.room(ctx)
		if err != nil {
			return reply{}, err
		}
		return r.memberEvent(ctx, room, parley.Sender{ID: r.who.ID, Name: string(r.who.Name)}, parley.MemberLeft, "")
	}
	return r.member(ctx, name, parley.VerbKick, parley.MemberKicked, "")
}

// member changes what somebody is in a room. Whoever may not do that learns nothing of the name.
func (r *request) member(ctx context.Context, name string, verb parley.Verb, change parley.MemberChange, role parley.Role,
) (reply, error) {
	room, err := r.enter(ctx, verb)
	if err != nil {
		return reply{}, err
	}
	who, err := r.server.named(ctx, room.ID, name)
	if err != nil {
		return reply{}, err
	}
	return r.memberEvent(ctx, room, who, change, role)
}

func (r *request) memberEvent(ctx context.Context, room parley.Room, who parley.Sender, change parley.MemberChange,
	role parley.Role,
) (reply, error) {
	return r.do(ctx, r.place(), room, "", http.StatusOK, func(e parley.Entry) parley.RoomEvent {
		return parley.MemberChanged{Entry: e, Who: who, Change: change, Role: role}
	})
}

// named gives who is meant by a name: an account, somebody connected, or a member of the room who has gone.
func (s *Server) named(ctx context.Context, room parley.RoomID, name string) (parley.Sender, error) {
	account, err := s.State.Account(ctx, parley.Name(name).Key())
	if err == nil {
		return parley.Sender{ID: account.ID, Name: string(account.Name)}, nil
	}
	if !errors.Is(err, &parley.Error{Code: parley.CodeNoSuchAccount}) {
		return parley.Sender{}, err
	}
	for _, p := range s.Hub.Connections() {
		if p.Shown == name || p.Name != "" && p.Name.Key() == parley.Name(name).Key() {
			return parley.Sender{ID: p.ID, Name: p.Shown}, nil
		}
	}
	members, err := s.State.Members(ctx, room)
	if err != nil {
		return parley.Sender{}, err
	}
	for _, m := range members {
		if m.Who.Name == name || string(m.Who.ID) == name {
			return m.Who, nil
		}
	}
	return parley.Sender{}, parley.Errorf(parley.CodeNoSuchUser, "nobody here is called %s", parley.CleanLine(name))
}

package sqlite

import (
	"context"
	"encoding/json"

	"parley"
)

const (
	sqlPutMember = `INSERT INTO members (room, who, name, role, banned, at) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT DO UPDATE SET name = excluded.name, role = excluded.role, banned = excluded.banned, at = excluded.at`
	sqlDropMember = `DELETE FROM members WHERE room = ? AND who = ?`
)

var memberQueries = []string{sqlPutMember, sqlDropMember}

// memberText is what entries.text says of a change of a member, in JSON.
type memberText struct {
	Who    parley.SenderID     `json:"who"`
	Name   string              `json:"name"`
	Change parley.MemberChange `json:"change"`
	Role   parley.Role         `json:"role,omitempty"`
}

// needs gives what somebody must be allowed to do for a change of a member.
func needs(change parley.MemberChange) parley.Verb {
	switch change {
	case parley.MemberInvited:
		return parley.VerbInvite
	case parley.MemberAppointed:
		return parley.VerbAppoint
	case parley.MemberLeft:
		return parley.VerbEnter
	}
	return parley.VerbKick
}

// changeMember applies parley.MemberChanged.
func (l *ledger) changeMember(ctx context.Context, e parley.MemberChanged) (parley.Outcome, error) {
	head := e.Entry
	r, err := l.begun(ctx, head.Room, head.By.ID, needs(e.Change))
	if err != nil {
		return parley.Outcome{}, err
	}
	if err := l.mayChange(r, e); err != nil {
		return parley.Outcome{}, err
	}
	before := r.members[e.Who.ID]
	after, err := before.after(e, r.kind)
	if err != nil {
		return parley.Outcome{}, err
	}
	text, err := json.Marshal(memberText{Who: e.Who.ID, Name: e.Who.Name, Change: e.Change, Role: e.Role})
	if err != nil {
		return parley.Outcome{}, err
	}
	seq, err := l.enter(ctx, r, head, entry{kind: kindMember, text: string(text)})
	if err == nil && after != before {
		err = l.putMember(ctx, r, e.Who, after, head.At.UnixMicro())
	}
	return parley.Outcome{Seq: seq}, err
}

// mayChange says whether somebody may do this to that person, if they may do it at all.
func (l *ledger) mayChange(r *room, e parley.MemberChanged) error {
	by, who := e.Entry.By.ID, e.Who.ID
	sendsOut := e.Change == parley.MemberKicked || e.Change == parley.MemberBanned
	switch {
	case e.Change == parley.MemberLeft && by != who, who == parley.OperatorID:
		return parley.Errorf(parley.CodeForbidden, "you may not do that to somebody else")
	case e.Change == parley.MemberLeft:
		return nil
	case l.accounts.missing(who):
		return parley.Errorf(parley.CodeNoSuchUser, "nobody has that account")
	case by == who && sendsOut:
		return parley.Errorf(parley.CodeInvalid, "nobody sends themselves out; leave the room instead")
	case !r.standing(by, l.accounts.role(by)).Outranks(r.standing(who, l.accounts.role(who))):
		return parley.Errorf(parley.CodeForbidden, "you may do that only to those below you")
	}
	return nil
}

// after gives what somebody is after a change, in a room of that kind. The error is an *parley.Error of CodeInvalid when
// nothing has changed. To be sent out of a room to which one may come back changes nothing that is kept, and is something
// all the same.
func (m member) after(e parley.MemberChanged, kind parley.RoomKind) (member, error) {
	was := m
	switch e.Change {
	case parley.MemberInvited:
		if m.banned {
			return m, parley.Errorf(parley.CodeInvalid, "whoever is banned cannot be invited")
		}
		if m.role == "" {
			m.role = parley.RoleMember
		}
	case parley.MemberLeft:
		m.role = ""
	case parley.MemberKicked:
		m.role = ""
		if kind != parley.RoomPrivate && !m.banned {
			return m, nil
		}
	case parley.MemberBanned:
		m.banned = true
	case parley.MemberUnbanned:
		m.banned = false
	case parley.MemberAppointed:
		m.role = e.Role
	}
	if m == was {
		return m, parley.Errorf(parley.CodeInvalid, "that changes nothing")
	}
	return m, nil
}

// putMember keeps what somebody is in a room from now on. Whoever is nothing is not kept.
func (l *ledger) putMember(ctx context.Context, r *room, who parley.Sender, m member, at int64) error {
	if m == (member{}) {
		delete(r.members, who.ID)
		_, err := l.exec(ctx, sqlDropMember, r.num, string(who.ID))
		return err
	}
	r.members[who.ID] = m
	_, err := l.exec(ctx, sqlPutMember, r.num, string(who.ID), who.Name, string(m.role), m.banned, at)
	return err
}

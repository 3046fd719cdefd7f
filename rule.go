package parley

// Verb is something that can be done to a room or to the server, and that not everybody may.
type Verb string

// The verbs on a room. Somebody who may not VerbEnter a room may do nothing in it, nor learn that it exists.
const (
	VerbEnter     Verb = "enter"      // be there, read it and its history, see its members, get its files
	VerbPost      Verb = "post"       // say something, answer, send a file
	VerbReact     Verb = "react"      // react to a message, be seen typing, keep a read position
	VerbEditOwn   Verb = "edit-own"   // change what one has said oneself
	VerbDeleteOwn Verb = "delete-own" // delete what one has said oneself
	VerbDeleteAny Verb = "delete-any" // delete what others have said
	VerbRevisions Verb = "revisions"  // see what a message said before it was edited
	VerbInvite    Verb = "invite"     // let somebody into a private room
	VerbKick      Verb = "kick"       // send somebody out, ban them, let them back
	VerbAppoint   Verb = "appoint"    // give somebody a role in the room
	VerbSet       Verb = "set"        // change the topic and the kind
)

// The verbs on the server. Making rooms is not among them: who may is a setting.
const (
	VerbAccounts    Verb = "accounts"    // list, add, change and remove accounts; everybody may change their own password
	VerbInvites     Verb = "invites"     // invite people to the server, see and revoke invites
	VerbConnections Verb = "connections" // see who is connected from where
	VerbMetrics     Verb = "metrics"     // read the server's figures
	VerbLogs        Verb = "logs"        // read the log: nobody, by any door. It is on the operator's standard error
)

// RoomVerbs gives the verbs on a room, in the order of their declaration.
func RoomVerbs() []Verb {
	return []Verb{VerbEnter, VerbPost, VerbReact, VerbEditOwn, VerbDeleteOwn, VerbDeleteAny, VerbRevisions, VerbInvite,
		VerbKick, VerbAppoint, VerbSet}
}

// ServerVerbs gives the verbs on the server, in the order of their declaration.
func ServerVerbs() []Verb {
	return []Verb{VerbAccounts, VerbInvites, VerbConnections, VerbMetrics, VerbLogs}
}

// May tells whether somebody of that standing may do verb in a room of that kind: nil, or an *Error of CodeNoSuchRoom for a
// private room that they are not to know of, CodeBanned, or CodeForbidden. Of a conversation only its two people have a
// standing, of RoleMember; whoever asks sees to that, as Participant does.
func May(s Standing, kind RoomKind, verb Verb) error {
	switch {
	case kind == RoomPrivate && !s.InRoom.AtLeast(RoleMember) && s.Role != RoleOwner:
		return Errorf(CodeNoSuchRoom, "there is no such room")
	case s.Banned && s.Role != RoleOwner:
		return Errorf(CodeBanned, "you are banned from this room")
	}
	if need, ok := needed(kind, verb); !ok || !s.rank().AtLeast(need) {
		return Errorf(CodeForbidden, "%s", forbidden(kind, verb))
	}
	return nil
}

// MayServer tells whether somebody of a role may do verb on the server: nil, or an *Error of CodeForbidden.
func MayServer(role Role, verb Verb) error {
	switch {
	case verb == VerbAccounts && role == RoleOwner,
		verb == VerbInvites && role == RoleOwner,
		verb == VerbMetrics && role == RoleOwner,
		verb == VerbConnections && role.AtLeast(RoleModerator):
		return nil
	}
	return Errorf(CodeForbidden, "you may not do that")
}

// needed gives the least role that may do verb in a room of that kind; ok is false where nobody may.
func needed(kind RoomKind, verb Verb) (least Role, ok bool) {
	switch verb {
	case VerbEnter, VerbReact, VerbDeleteOwn:
		return RoleGuest, true
	case VerbPost, VerbEditOwn:
		if kind == RoomAnnounce {
			return RoleModerator, true
		}
		return RoleGuest, true
	case VerbInvite:
		return RoleModerator, kind == RoomPrivate
	case VerbDeleteAny, VerbRevisions, VerbKick:
		return RoleModerator, kind != RoomDirect
	case VerbAppoint, VerbSet:
		return RoleOwner, kind != RoomDirect
	}
	return "", false
}

// forbidden says what somebody may not do.
func forbidden(kind RoomKind, verb Verb) string {
	if kind == RoomAnnounce && verb == VerbPost {
		return "only moderators speak in this room"
	}
	return "you may not do that in this room"
}

// Participant gives what somebody is to a conversation: nil for its two people, else an *Error of CodeNoSuchRoom.
func Participant(id RoomID, who SenderID) error {
	if a, b, ok := id.Pair(); ok && (who == a || who == b) {
		return nil
	}
	return Errorf(CodeNoSuchRoom, "there is no such room")
}

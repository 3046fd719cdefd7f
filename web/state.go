package web

import (
	"context"
	"io"
	"net/netip"
	"time"

	"parley"
)

// State is what is known of rooms, what was said in them, and the people. Errors are an *parley.Error or the context's.
type State interface {
	Rooms
	History
	Standings
	Conversations
	Readiness
}

// Readiness is whether something can be made to last.
type Readiness interface {
	Ready() error // why nothing can, as far as anybody knows; it waits for nothing
}

// Rooms finds rooms; CodeNoSuchRoom.
type Rooms interface {
	Room(ctx context.Context, name parley.RoomName) (parley.Room, error)
	RoomByID(ctx context.Context, id parley.RoomID) (parley.Room, error)
	Rooms(ctx context.Context) ([]parley.Room, error) // all but conversations, by name
}

// History is what has been said.
type History interface {
	Messages(ctx context.Context, room parley.RoomID, p parley.Page) ([]parley.Message, error)
	Message(ctx context.Context, room parley.RoomID, seq parley.Seq) (parley.Message, error) // CodeNoSuchMessage
	Revisions(ctx context.Context, room parley.RoomID, seq parley.Seq) ([]parley.Revision, error)
	Events(ctx context.Context, room parley.RoomID, after parley.Seq, limit int) ([]parley.Applied, error)
}

// Standings is what people are to rooms.
type Standings interface {
	Standing(ctx context.Context, room parley.RoomID, who parley.SenderID) (parley.Standing, error)
	Members(ctx context.Context, room parley.RoomID) ([]parley.Member, error)
	Unread(ctx context.Context, who parley.SenderID, room parley.RoomID) (parley.Unread, error)
}

// Conversations is who has talked to whom, and who they are.
type Conversations interface {
	Conversations(ctx context.Context, who parley.SenderID) ([]parley.Conversation, error) // the newest first
	Account(ctx context.Context, name parley.NameKey) (parley.Account, error)              // CodeNoSuchAccount
	AccountByID(ctx context.Context, id parley.SenderID) (parley.Account, error)
}

// Accounts says who somebody is, and keeps accounts.
type Accounts interface {
	Entrance
	Logins
	Registry
	Invites
}

// Entrance finds out who somebody is.
type Entrance interface {
	ByToken(ctx context.Context, token parley.Token) (parley.Identity, error)
	Login(ctx context.Context, name, password string, from netip.Addr) (parley.Identity, error)
	LoginAnew(ctx context.Context, name, password, another string, from netip.Addr) (parley.Identity, error)
	Guest(ctx context.Context, name parley.Name) (parley.Identity, error)
}

// Logins are what somebody has a token for.
type Logins interface {
	Open(ctx context.Context, who parley.Identity) (parley.Token, parley.Login, parley.Identity, error)
	Logins(ctx context.Context, who parley.SenderID) ([]parley.Login, error)
	End(ctx context.Context, id parley.LoginID) error
}

// Registry keeps accounts.
type Registry interface {
	Register(ctx context.Context, name, password string, from netip.Addr) (parley.Account, error)
	Add(ctx context.Context, name, password string, role parley.Role) (parley.Account, error)
	AddOneTime(ctx context.Context, name, password string, role parley.Role) (parley.Account, error)
	List(ctx context.Context) ([]parley.Account, error)
	SetPassword(ctx context.Context, id parley.SenderID, password string, except parley.LoginID) error
	SetOneTimePassword(ctx context.Context, id parley.SenderID, password string) error
	SetRole(ctx context.Context, id parley.SenderID, role parley.Role) error
	SetDisabled(ctx context.Context, id parley.SenderID, disabled bool) error
	Remove(ctx context.Context, id parley.SenderID) error
}

// Invites keeps invites, and lets in who shows one.
type Invites interface {
	MakeInvite(ctx context.Context, by parley.Sender, kind parley.InviteKind, uses int, lasts time.Duration) (
		parley.InviteCode, parley.Invite, error)
	Invites(ctx context.Context) ([]parley.Invite, error)
	RevokeInvite(ctx context.Context, id parley.InviteID) error
	Invite(ctx context.Context, code parley.InviteCode, from netip.Addr) (parley.Invite, error)
	OpenByInvite(ctx context.Context, t parley.Ticket, name parley.Name, from netip.Addr) (
		parley.Token, parley.Login, parley.Identity, error)
	RegisterByInvite(ctx context.Context, t parley.Ticket, name, password string, from netip.Addr) (parley.Account, error)
	Claim(ctx context.Context, c parley.Claim) (parley.Login, parley.Identity, error)
}

// Files takes and gives the files of a room.
type Files interface {
	// Receive keeps a file of exactly size bytes that r brings, and has post say so; nothing is kept of one that did not arrive
	// whole, or that was not posted.
	Receive(ctx context.Context, name parley.FileName, size int64, r io.Reader, post func(parley.File) error) (parley.File, error)
	// Open gives the newest file of that name in the room, or else one that the server shares; CodeNoSuchFile. The content
	// must be closed.
	Open(ctx context.Context, room parley.RoomID, name parley.FileName) (parley.File, io.ReadSeekCloser, error)
}

// Previews shows pictures small.
type Previews interface {
	// Preview gives the preview of a file, and of which media type it is; CodeNoSuchFile where there is none, and CodeThrottled
	// when too many others are being made. What it gives must not be changed.
	Preview(ctx context.Context, file parley.File) (media string, content []byte, err error)
}

// Uploads keeps files that come in pieces, over many connections, until they are whole or their time is over.
type Uploads interface {
	// Begin keeps room for all of an upload. CodeTooLarge, CodeDiskFull, CodeThrottled.
	Begin(u parley.Upload) error
	// Begun finds the upload that is the same as u but for its id and its time.
	Begun(u parley.Upload) (parley.Upload, bool)
	// Resume gives somebody the turn at an upload of theirs; whoever had it is asked by their yield to end it. CodeNoSuchUpload,
	// CodeExpired.
	Resume(ctx context.Context, id parley.UploadID, by parley.SenderID, yield func()) (Turn, error)
	// Limit is how many bytes a file may have, 0 for no limit.
	Limit() int64
}

// Turn is somebody's turn at an upload. It is ended by End.
type Turn interface {
	Piece
	About() parley.Upload
	Remove() // leaves nothing of it
	End()    // what was not noted does not count
}

// Piece is what comes of an upload on one connection.
type Piece interface {
	Write(b []byte) (int, error)
	Note() error   // makes what was written count, and last
	Offset() int64 // bytes that count
	// Finish has post say, once, that the upload is whole.
	Finish(post func(parley.File) error) error
}

package parley

import "time"

// RoomOpened makes a room, whose owner By is; the zero Sender for a room that the server makes itself and nobody owns. It
// takes no number. It is refused with CodeNameTaken when a room of that name exists. Room.Last is 0.
type RoomOpened struct {
	Room Room
	By   Sender
	At   time.Time
}

// Type is EventRoomOpened.
func (RoomOpened) Type() EventType { return EventRoomOpened }

// Read says that somebody has read a room up to a number. A number that they have read already changes nothing and is a
// repeat. It takes no number in the room, and nobody else is told.
type Read struct {
	Room RoomID
	Who  SenderID
	Seq  Seq
}

// Type is EventRead.
func (Read) Type() EventType { return EventRead }

// AccountAdded makes an account. It is refused with CodeNameTaken when another account has the name, or one that looks like it.
type AccountAdded struct {
	Account   Account
	Key       NameKey      // of Account.Name
	Lookalike LookalikeKey // of Account.Name
	Password  PasswordHash
}

// Type is EventAccountAdded.
func (AccountAdded) Type() EventType { return EventAccountAdded }

// AccountChanged gives an account another password, role or state: those that are not nil. OneTime says whether the
// password is one, as Account has it. It is refused with
// CodeNoSuchAccount, and with CodeForbidden when it would leave a server that has an owner with none who can log in.
type AccountChanged struct {
	ID       SenderID
	Password *PasswordHash
	OneTime  *bool
	Role     *Role
	Disabled *bool
}

// Type is EventAccountChanged.
func (AccountChanged) Type() EventType { return EventAccountChanged }

// AccountRemoved removes an account and ends its logins. What it said stays, under the name shown then; its id is never
// used again. Refused as AccountChanged is.
type AccountRemoved struct{ ID SenderID }

// Type is EventAccountRemoved.
func (AccountRemoved) Type() EventType { return EventAccountRemoved }

// LoginOpened makes a login. It is refused with CodeNoSuchAccount when Who is an account that does not exist or is disabled.
type LoginOpened struct{ Login Login }

// Type is EventLoginOpened.
func (LoginOpened) Type() EventType { return EventLoginOpened }

// LoginEnded ends a login: its token opens nothing any more. One that does not exist is a repeat.
type LoginEnded struct{ ID LoginID }

// Type is EventLoginEnded.
func (LoginEnded) Type() EventType { return EventLoginEnded }

// LoginsEnded ends all logins of somebody but one, Except, which may be "".
type LoginsEnded struct {
	Who    SenderID
	Except LoginID
}

// Type is EventLoginsEnded.
func (LoginsEnded) Type() EventType { return EventLoginsEnded }

// LoginsExpired forgets all logins that expired before a time, and what was kept for guests that had only those.
type LoginsExpired struct{ Before time.Time }

// Type is EventLoginsExpired.
func (LoginsExpired) Type() EventType { return EventLoginsExpired }

package parley

import (
	"crypto/rand"
	"crypto/sha256"
	"strings"
	"time"
)

// Invite lets people in whom the server's settings keep out: so many of them, up to some time.
type Invite struct {
	ID      InviteID
	Code    InviteHash
	Kind    InviteKind
	By      Sender // who made it
	Created time.Time
	Expires time.Time // it lets nobody in any more from then on
	Uses    int       // how often it can be used
	Used    int       // how often it was
	Revoked bool
}

// InviteID names an invite to the people who may list and revoke it. It lets nobody in.
type InviteID string

// InviteKind says what an invite gives.
type InviteKind string

// The kinds of invite.
const (
	InviteGuest   InviteKind = "guest"   // to come in as a guest, where guests are not let in too
	InviteAccount InviteKind = "account" // to make an account, where not everybody may too
)

// InviteCode is the secret of an invite: whoever has it can use it. It is 130 random bits in the alphabet of base32 (RFC
// 4648, section 6), and is told once.
type InviteCode string

// InviteHash is the SHA-256 of an InviteCode, by which the server knows it.
type InviteHash [32]byte

// UseID is made at random by whoever uses an invite, and known to nobody else: 16 to MaxMessageID bytes of visible ASCII.
// The same one again is the same use.
type UseID string

// UseHash is the SHA-256 of a UseID, by which the server knows it.
type UseHash [32]byte

// Ticket is what somebody shows to be let in by an invite.
type Ticket struct {
	Code InviteCode
	Use  UseID // "" for somebody who will not ask twice
}

// The bounds of an invite.
const (
	MaxInviteUses   = 10_000
	MinInviteLasts  = time.Minute
	MaxInviteLasts  = 365 * 24 * time.Hour
	minUseID        = 16
	inviteCodeBytes = 26
)

// NewInviteID makes the id of a new invite: "i-" and 128 random bits.
func NewInviteID() InviteID { return InviteID("i-" + rand.Text()) }

// NewInviteCode makes a code that nobody can guess.
func NewInviteCode() InviteCode { return InviteCode(rand.Text()) }

// NewUseID makes the id of a use.
func NewUseID() UseID { return UseID(rand.Text()) }

// ParseInviteKind reads what a person wrote for a kind of invite. The error is an *Error of CodeInvalid that names the
// choices.
func ParseInviteKind(s string) (InviteKind, error) {
	switch k := InviteKind(s); k {
	case InviteGuest, InviteAccount:
		return k, nil
	}
	return "", Errorf(CodeInvalid, "an invite is for a guest or an account, not %q", CleanLine(s))
}

// Valid reports whether c is of the form that InviteCode promises.
func (c InviteCode) Valid() bool {
	return len(c) == inviteCodeBytes && strings.Trim(string(c), "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") == ""
}

// Hash gives the form in which the server keeps c.
func (c InviteCode) Hash() InviteHash { return sha256.Sum256([]byte(c)) }

// Valid reports whether id is of the form that UseID promises.
func (id UseID) Valid() bool { return len(id) >= minUseID && MessageID(id).Valid() }

// Hash gives the form in which the server keeps id.
func (id UseID) Hash() UseHash { return sha256.Sum256([]byte(id)) }

// Check tells whether an invite can be used at a time: nil, or an *Error of CodeExpired that says why it cannot any more.
func (i Invite) Check(now time.Time) error {
	switch {
	case i.Revoked:
		return Errorf(CodeExpired, "this invite was revoked")
	case !now.Before(i.Expires):
		return Errorf(CodeExpired, "this invite has expired")
	case i.Used >= i.Uses:
		return Errorf(CodeExpired, "this invite has been used up")
	}
	return nil
}

// For tells whether an invite gives what is asked for by it: nil, or an *Error of CodeForbidden.
func (i Invite) For(kind InviteKind) error {
	switch {
	case i.Kind == kind:
		return nil
	case i.Kind == InviteGuest:
		return Errorf(CodeForbidden, "this invite lets in guests, it makes no account")
	}
	return Errorf(CodeForbidden, "this invite is for making an account, not for a guest")
}

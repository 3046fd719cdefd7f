package parley

import (
	"crypto/rand"
	"crypto/sha256"
	"strings"
	"time"
)

// Account is a name that belongs to somebody for good.
type Account struct {
	ID       SenderID // as NewAccountID makes it, or that of the guest who they were
	Name     Name
	Role     Role // RoleMember or more
	Disabled bool // nobody can log in with it
	OneTime  bool // its password is good for nothing but to choose another one with
	Created  time.Time
}

// PasswordHash is a password as it is kept: a string of the PHC format, which names its algorithm and parameters. "" is
// no password, and opens nothing.
type PasswordHash string

// OperatorID is who runs the server: at its console, or through its data directory. The operator has RoleOwner and no account.
const OperatorID SenderID = "operator"

// Identity is who somebody has shown to be. The zero value is nobody in particular: a guest who has not been given an id.
type Identity struct {
	ID    SenderID
	Name  Name // "" for a guest who has picked none
	Role  Role
	Login LoginID // "" where they came without a token
}

// Operator is the identity of OperatorID.
func Operator() Identity { return Identity{ID: OperatorID, Name: ServerName, Role: RoleOwner} }

// LoginID names a login to the people who may list and end it. It opens nothing.
type LoginID string

// Token is the secret that a client shows to be taken for who logged in: "p-" and 128 random bits or more, visible ASCII.
// It is kept by whom it was given to, and nowhere else.
type Token string

// TokenHash is the SHA-256 of a Token, by which the server knows it.
type TokenHash [32]byte

// Login is a session that outlives connections: whoever shows its token is Who, until it expires or is ended. Protocols
// call it a session; here that word is kept for one connection's place in the hub.
type Login struct {
	ID      LoginID
	Token   TokenHash
	Who     Sender // an account, or a guest, whose name need not be theirs any more
	Created time.Time
	Expires time.Time
	Invite  InviteID // by which a guest came in; "" for none
}

// NewAccountID makes the id of a new account: "a-" and 128 random bits.
func NewAccountID() SenderID { return SenderID("a-" + rand.Text()) }

// NewLoginID makes the id of a new login: "l-" and 128 random bits.
func NewLoginID() LoginID { return LoginID("l-" + rand.Text()) }

// NewToken makes a token that nobody can guess.
func NewToken() Token { return Token("p-" + rand.Text()) }

// Hash gives the form in which the server keeps t.
func (t Token) Hash() TokenHash { return sha256.Sum256([]byte(t)) }

// IsAccount reports whether id was made for an account. There are accounts of which it was not: who was a guest before has
// kept their id.
func (id SenderID) IsAccount() bool { return strings.HasPrefix(string(id), "a-") }

// IsGuest reports whether id was made for a guest, who may have an account by now.
func (id SenderID) IsGuest() bool { return strings.HasPrefix(string(id), "g-") }

// HasAccount reports whether somebody comes by an account.
func (who Identity) HasAccount() bool { return who.Role.AtLeast(RoleMember) && who.ID != OperatorID }

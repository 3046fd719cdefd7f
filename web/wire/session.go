package wire

import "parley"

// Login is the body that opens a session: for an account with its password, for a guest without.
type Login struct {
	Name     string `json:"name,omitempty"`     // left out for a guest whom the server names
	Password string `json:"password,omitempty"` // of the account with that name
	// NewPassword is what the account's password is from then on, as a one-time password asks for. It ends the account's
	// other sessions.
	NewPassword string `json:"new_password,omitempty"`
	Ticket             // of an invite for guests; then without a password
}

// LoggedIn is the answer: the token stands in it and nowhere else, ever.
type LoggedIn struct {
	Token   parley.Token `json:"token"`
	Session Session      `json:"session"`
	You     Me           `json:"you"`
}

// Session is what HTTP calls a parley.Login: whoever shows its token is the one who opened it.
type Session struct {
	ID      parley.LoginID `json:"id"`
	Created Time           `json:"created"`
	Expires Time           `json:"expires"`
	Current bool           `json:"current,omitempty"` // it is the one of the token that was shown
}

// Sessions is the list of the reader's own.
type Sessions struct {
	Items List[Session] `json:"items"`
}

func (b Login) check() error {
	switch {
	case b.Password != "" && b.Name == "":
		return parley.Errorf(parley.CodeInvalid, "a password needs the name that it belongs to")
	case b.NewPassword != "" && b.Password == "":
		return parley.Errorf(parley.CodeInvalid, "a new password needs the one before")
	}
	if b.Password != "" && b.Invite != "" {
		return parley.Errorf(parley.CodeInvalid, "an invite for guests and a password do not go together")
	}
	return b.Ticket.check()
}

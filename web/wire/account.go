package wire

import "parley"

// Account is an account, as those see it who may list them, and everybody their own.
type Account struct {
	ID       parley.SenderID `json:"id"`
	Name     parley.Name     `json:"name"`
	Role     parley.Role     `json:"role"`
	Disabled bool            `json:"disabled,omitempty"` // nobody can log in with it
	OneTime  bool            `json:"one_time,omitempty"` // its password is good for nothing but to choose another with
	Created  Time            `json:"created"`
}

// Accounts is a list of accounts, by name.
type Accounts struct {
	Items List[Account] `json:"items"`
}

// NewAccount is the body that makes an account.
type NewAccount struct {
	Name     string      `json:"name"`
	Password string      `json:"password"`
	Role     parley.Role `json:"role,omitempty"`     // "member" where it is left out; another one only from an owner
	OneTime  bool        `json:"one_time,omitempty"` // the password is for choosing another with; only from an owner
	Ticket               // of an invite for an account, for those who may make none otherwise
}

// AccountChange is the body that changes an account: what is there, and nothing else.
type AccountChange struct {
	Password *string      `json:"password,omitempty"` // ends the account's sessions
	OneTime  bool         `json:"one_time,omitempty"` // password is for choosing another with
	Role     *parley.Role `json:"role,omitempty"`
	Disabled *bool        `json:"disabled,omitempty"` // true ends the account's sessions
}

// PasswordChange is the body that changes one's own password. It ends all other sessions of the account.
type PasswordChange struct {
	Old string `json:"old"`
	New string `json:"new"`
}

// AccountOf gives an account as it is told.
func AccountOf(a parley.Account) Account {
	return Account{
		ID: a.ID, Name: a.Name, Role: a.Role, Disabled: a.Disabled, OneTime: a.OneTime, Created: At(a.Created),
	}
}

func (b NewAccount) check() error {
	return firstError(checkThere("name", b.Name), checkThere("password", b.Password), checkAccountRole(b.Role), b.Ticket.check())
}

func (b AccountChange) check() error {
	switch {
	case b.Password == nil && b.Role == nil && b.Disabled == nil:
		return parley.Errorf(parley.CodeInvalid, "this changes nothing")
	case b.OneTime && b.Password == nil:
		return checkThere("password", "")
	case b.Password != nil && *b.Password == "":
		return checkThere("password", "")
	case b.Role != nil:
		return firstError(checkThere("role", string(*b.Role)), checkAccountRole(*b.Role))
	}
	return nil
}

func (b PasswordChange) check() error {
	return firstError(checkThere("old", b.Old), checkThere("new", b.New))
}

// checkAccountRole tells whether role is one that an account, or a person in a room, can have, or "".
func checkAccountRole(role parley.Role) error {
	if role == "" {
		return nil
	}
	if role == parley.RoleGuest {
		return parley.Errorf(parley.CodeInvalid, "this role is member, moderator or owner")
	}
	_, err := parley.ParseRole(string(role))
	return err
}

package admin

import (
	"time"

	"parley"
)

// Account is an account in JSON.
type Account struct {
	ID       parley.SenderID `json:"id"`
	Name     parley.Name     `json:"name"`
	Role     parley.Role     `json:"role"`
	Disabled bool            `json:"disabled"`
	OneTime  bool            `json:"one_time,omitempty"` // its password is one to choose another with
	Created  time.Time       `json:"created"`            // in UTC, to the second
}

// list is the answer that has all accounts.
type list struct {
	Accounts []Account `json:"accounts"`
}

// newAccount asks for an account.
type newAccount struct {
	Name     string      `json:"name"`
	Password string      `json:"password"`
	Role     parley.Role `json:"role"`
	OneTime  bool        `json:"one_time,omitempty"` // the password is
}

// Change is what an account is given: whatever is not nil, at least one thing.
type Change struct {
	Password *string      `json:"password,omitempty"`
	OneTime  bool         `json:"one_time,omitempty"` // Password is one to choose another with
	Role     *parley.Role `json:"role,omitempty"`
	Disabled *bool        `json:"disabled,omitempty"`
}

// shown gives an account as JSON has it.
func shown(a parley.Account) Account {
	created := a.Created.UTC().Truncate(time.Second)
	return Account{
		ID: a.ID, Name: a.Name, Role: a.Role, Disabled: a.Disabled, OneTime: a.OneTime, Created: created,
	}
}

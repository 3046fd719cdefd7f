package classlist

import (
	"cmp"

	"parley"
)

// Row is somebody in a list, and what can become of them.
type Row struct {
	Line     int         // in the file, from 1
	Text     string      // the name as it stands there
	Person   string      // what they are called otherwise; "" where the list does not say
	Role     parley.Role // of the account
	Password string      // "" for one that is made
	// What Check finds out.
	Name   parley.Name // of the account; "" where Err says why
	Exists bool        // there is an account of that name already
	Err    error       // an *parley.Error: why nothing can become of the row
}

// New reports whether the row can become an account.
func (r Row) New() bool { return r.Err == nil && !r.Exists }

// Rules is what rows are checked by.
type Rules struct {
	// FullNames has a login made of a text that is no name but a person's full one.
	FullNames bool
	// Password tells whether a password may be set; an *parley.Error.
	Password func(string) error
	// Accounts are those that exist.
	Accounts []parley.Account
}

// Check says of each row whether it can become an account: it gets a Name and a Role, is marked as one that Exists, or
// gets an Err. Of two rows with the same name, or with names that look alike, the first counts.
func (l *List) Check(rules Rules) {
	seen := newNames(rules.Accounts)
	for i := range l.Rows {
		row := &l.Rows[i]
		if row.Err != nil {
			continue
		}
		if row.Err = row.check(rules); row.Err == nil {
			row.Exists, row.Err = seen.add(*row)
		}
	}
}

// check checks what can be checked of a row alone.
func (r *Row) check(rules Rules) (err error) {
	if r.Name, err = r.parseName(rules.FullNames); err != nil {
		return err
	}
	switch r.Role = cmp.Or(r.Role, parley.RoleMember); r.Role {
	case parley.RoleMember, parley.RoleModerator, parley.RoleOwner:
	default:
		return parley.Errorf(parley.CodeInvalid, "the role of an account is member, moderator or owner, not %q",
			parley.CleanLine(string(r.Role)))
	}
	if r.Password != "" {
		return rules.Password(r.Password)
	}
	return nil
}

// parseName gives the name of the account.
func (r *Row) parseName(fullNames bool) (parley.Name, error) {
	if r.Text == "" {
		return "", parley.Errorf(parley.CodeNameInvalid, "there is no name in this row")
	}
	name, err := parley.ParseName(r.Text)
	if err == nil {
		return name, nil
	}
	proposed, ok := LoginOf(r.Text)
	switch {
	case !ok:
		return "", parley.Errorf(parley.CodeNameInvalid, "%q: %s", parley.CleanLine(r.Text), parley.Sentence(err))
	case !fullNames:
		return "", parley.Errorf(parley.CodeNameInvalid, "%q is no name to log in with; write %s, or let --full-names do so",
			parley.CleanLine(r.Text), proposed)
	}
	r.Person = cmp.Or(r.Person, r.Text)
	return proposed, nil
}

// names are the accounts that exist and the rows before.
type names struct {
	accounts map[parley.NameKey]parley.Account
	lines    map[parley.NameKey]int
	looks    map[parley.LookalikeKey]parley.Name
}

func newNames(accounts []parley.Account) *names {
	n := &names{
		accounts: make(map[parley.NameKey]parley.Account), lines: make(map[parley.NameKey]int),
		looks: make(map[parley.LookalikeKey]parley.Name),
	}
	for _, a := range accounts {
		n.accounts[a.Name.Key()] = a
		n.looks[a.Name.Lookalike()] = a.Name
	}
	return n
}

// add takes the name of a row, unless somebody has it, or one that looks like it. exists is for one that was an account
// before.
func (n *names) add(r Row) (exists bool, err error) {
	key := r.Name.Key()
	if line, twice := n.lines[key]; twice {
		return false, parley.Errorf(parley.CodeNameTaken, "%s stands in line %d already", r.Name, line)
	}
	if _, exists = n.accounts[key]; !exists {
		if other, looks := n.looks[r.Name.Lookalike()]; looks {
			if line, listed := n.lines[other.Key()]; listed {
				return false, parley.Errorf(parley.CodeNameTaken, "the name %s looks like %s in line %d", r.Name, other, line)
			}
			return false, parley.Errorf(parley.CodeNameTaken, "the name %s looks like that of the account %s", r.Name, other)
		}
		n.looks[r.Name.Lookalike()] = r.Name
	}
	n.lines[key] = r.Line
	return exists, nil
}

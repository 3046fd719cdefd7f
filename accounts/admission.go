package accounts

import "parley"

// Admission says who is let in.
type Admission string

// The kinds of admission.
const (
	// Open lets guests in, by any name that belongs to nobody. Anybody may make an account.
	Open Admission = "open"
	// Registered lets nobody in without an account, and anybody make one.
	Registered Admission = "registered"
	// Invited lets nobody in without an account, and only an owner or the operator makes one.
	Invited Admission = "invited"
)

// ParseAdmission reads what a person wrote for an admission. The error is an *parley.Error of CodeInvalid that names
// the choices.
func ParseAdmission(s string) (Admission, error) {
	switch a := Admission(s); a {
	case Open, Registered, Invited:
		return a, nil
	}
	return "", parley.Errorf(parley.CodeInvalid, "admission is open, registered or invited, not %q", parley.CleanLine(s))
}

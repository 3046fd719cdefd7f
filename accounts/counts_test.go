package accounts

import (
	"testing"

	"parley"
)

func TestWhatComesOfPasswordsIsCounted(t *testing.T) {
	o := open(t, Open)
	o.add("alice", "secret", parley.RoleMember)
	try := func(password string) { _, _ = o.Login(t.Context(), "alice", password, here) }
	try("secret")
	for range freeTries {
		try("wrong")
	}
	try("secret")
	try("secret")
	if got, want := o.Counts(), (Counts{Right: 1, Wrong: freeTries, Throttled: 2}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}

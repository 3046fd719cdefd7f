package parley

import "net/netip"

// Claim is a guest's wish to become an account.
type Claim struct {
	Who      Identity // with the login that was shown
	Name     string   // of the account; "" for the guest's own
	Password string
	Ticket   Ticket     // its Code is "" for none
	From     netip.Addr // where the wish comes from
}

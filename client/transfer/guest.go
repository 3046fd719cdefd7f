package transfer

import "parley"

// Guest is the session of somebody without an account, kept from one run to the next: what was sent in part can be finished by
// who began it alone. It belongs to one run at a time.
type Guest struct {
	held  *held
	token struct {
		Token parley.Token `json:"token"`
	}
}

// Guest takes the session that was kept for a name at a server; the name may be "". Where another run has it there is none to be
// had, and the error is an *parley.Error.
func (n Notes) Guest(server, name string) (*Guest, error) {
	h, err := n.hold("sending as this guest", "guest", server, name)
	if err != nil {
		return nil, err
	}
	g := &Guest{held: h}
	read(h, &g.token)
	return g, nil
}

// Token gives the session that was kept, "" where none was.
func (g *Guest) Token() parley.Token { return g.token.Token }

// Keep keeps a session.
func (g *Guest) Keep(token parley.Token) error {
	g.token.Token = token
	return g.held.write(g.token)
}

// Forget forgets the session.
func (g *Guest) Forget() { g.held.done() }

// Release lets other runs have it.
func (g *Guest) Release() { g.held.release() }

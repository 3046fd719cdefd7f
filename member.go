package parley

// Member is somebody whom a room has given a role, or has banned. Everyone else may be in a room without being one.
type Member struct {
	Who    Sender // the name is the one that was shown when they became it
	Role   Role   // in the room; "" for none
	Banned bool   // a ban leaves the role as it is: it counts again when the ban ends
}

package parley

// MaxUnread is where counting what is unread ends: that many, or more.
const MaxUnread = 1000

// Unread is how far somebody has read a room, and what others have said there since.
type Unread struct {
	Read     Seq // 0 for nothing
	Messages int // up to MaxUnread; deleted ones do not count
	Mentions int // messages that mention them, up to MaxUnread
}

package parley

import (
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"time"
)

// SenderID says who sent something: an account, or one guest session. It is never a name, and a guest's is never used
// again, so the next guest of the same name inherits nothing.
type SenderID string

// RoomID names a room for good; unlike its name it never changes and is never used again.
type RoomID string

// MessageID is made by whoever sends a message: the client, or the protocol package for clients that have no ids. The
// same id from the same sender is accepted once. It is 1 to MaxMessageID bytes of visible ASCII.
type MessageID string

// MaxMessageID is the longest MessageID, in bytes.
const MaxMessageID = 64

// Seq is a sequence number in a room. The first event that the room's members can see is 1, every further one is one more,
// without gaps; 0 stands before the first.
type Seq int64

// Valid reports whether id is of the form that MessageID promises.
func (id MessageID) Valid() bool {
	if len(id) == 0 || len(id) > MaxMessageID {
		return false
	}
	for i := range len(id) {
		if id[i] <= ' ' || id[i] > '~' {
			return false
		}
	}
	return true
}

// NewMessageID makes an id that nobody else has, ordered by now to a millisecond so that an index of them grows at its end.
// It is a UUID of version 7 (RFC 9562, section 5.7).
func NewMessageID(now time.Time) MessageID {
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], uint64(now.UnixMilli())<<16)
	_, _ = rand.Read(b[6:]) // crypto/rand.Read never fails: it crashes the program instead
	b[6] = b[6]&0x0f | 0x70
	b[8] = b[8]&0x3f | 0x80
	var text [36]byte
	hex.Encode(text[:8], b[:4])
	hex.Encode(text[9:13], b[4:6])
	hex.Encode(text[14:18], b[6:8])
	hex.Encode(text[19:23], b[8:10])
	hex.Encode(text[24:], b[10:])
	text[8], text[13], text[18], text[23] = '-', '-', '-', '-'
	return MessageID(text[:])
}

// NewGuestID makes the id of a new guest session: "g-" and 128 random bits.
func NewGuestID() SenderID { return SenderID("g-" + rand.Text()) }

// NewRoomID makes the id of a new room: "r-" and 128 random bits.
func NewRoomID() RoomID { return RoomID("r-" + rand.Text()) }

package parley

import (
	"crypto/rand"
	"time"
)

// UploadID names an upload that may be interrupted. Nobody can guess it.
type UploadID string

// NewUploadID makes an id of 26 letters and digits, with 130 random bits.
func NewUploadID() UploadID { return UploadID(rand.Text()) }

// Valid reports whether id is of the form that NewUploadID gives. Such an id can be part of a path.
func (id UploadID) Valid() bool {
	if len(id) != 26 {
		return false
	}
	for i := range len(id) {
		if c := id[i]; (c < 'A' || c > 'Z') && (c < '2' || c > '7') {
			return false
		}
	}
	return true
}

// Upload is a file that somebody is sending in pieces, and what becomes of it when it is whole: a message.
type Upload struct {
	ID       UploadID
	Room     RoomID
	By       SenderID
	Message  MessageID
	Name     FileName
	Size     int64     // bytes, all of them
	Metadata string    // what else its sender has said of it, in their own form
	Expires  time.Time // when what has come is thrown away
}

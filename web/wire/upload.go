package wire

import "parley"

// Upload answers the beginning of an upload in pieces.
type Upload struct {
	ID      parley.UploadID  `json:"id"`
	Message parley.MessageID `json:"message"` // the id of the message that the file becomes
	Size    int64            `json:"size"`    // bytes, all of them
	Expires Time             `json:"expires"` // when what has come is thrown away
}

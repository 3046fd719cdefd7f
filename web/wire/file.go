package wire

import (
	"encoding/hex"
	"strconv"

	"parley"
)

// File is a file that was sent, or is to be: what it is called, and which content it stands for.
type File struct {
	Name   parley.FileName `json:"name"`
	Size   int64           `json:"size"` // bytes
	Digest parley.Digest   `json:"sha256"`
	Width  int             `json:"width,omitempty"` // pixels of a picture, as it is shown; not there for everything else
	Height int             `json:"height,omitempty"`
}

// append writes f as a JSON object.
func (f *File) append(dst []byte) []byte {
	dst = appendString(append(dst, `{"name":`...), string(f.Name))
	dst = strconv.AppendInt(append(dst, `,"size":`...), f.Size, 10)
	dst = append(hex.AppendEncode(append(dst, `,"sha256":"`...), f.Digest[:]), '"')
	if f.Width != 0 {
		dst = strconv.AppendInt(append(dst, `,"width":`...), int64(f.Width), 10)
	}
	if f.Height != 0 {
		dst = strconv.AppendInt(append(dst, `,"height":`...), int64(f.Height), 10)
	}
	return append(dst, '}')
}

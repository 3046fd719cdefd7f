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
}

// append writes f as a JSON object.
func (f *File) append(dst []byte) []byte {
	dst = appendString(append(dst, `{"name":`...), string(f.Name))
	dst = strconv.AppendInt(append(dst, `,"size":`...), f.Size, 10)
	dst = hex.AppendEncode(append(dst, `,"sha256":"`...), f.Digest[:])
	return append(dst, `"}`...)
}

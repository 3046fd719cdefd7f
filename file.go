package parley

import (
	"encoding/hex"
	"strings"
	"unicode/utf8"
)

// Digest is the SHA-256 of a file's content, by which it is kept.
type Digest [32]byte

// String gives the digest as 64 lower-case hexadecimal digits.
func (d Digest) String() string { return hex.EncodeToString(d[:]) }

// MarshalText gives what String gives. It never fails.
func (d Digest) MarshalText() ([]byte, error) { return hex.AppendEncode(nil, d[:]), nil }

// UnmarshalText reads a digest as ParseDigest does.
func (d *Digest) UnmarshalText(text []byte) (err error) {
	*d, err = ParseDigest(string(text))
	return err
}

// ParseDigest reads what String wrote; the error is an *Error of CodeInvalid.
func ParseDigest(s string) (Digest, error) {
	var d Digest
	if len(s) != 2*len(d) {
		return d, Errorf(CodeInvalid, "a SHA-256 has %d hexadecimal digits", 2*len(d))
	}
	if _, err := hex.Decode(d[:], []byte(s)); err != nil {
		return d, Errorf(CodeInvalid, "a SHA-256 has %d hexadecimal digits", 2*len(d))
	}
	return d, nil
}

// FileName is a file's name for people. It is never a path: nothing is opened, made or looked up on a disk by it without
// the care of whoever does so.
type FileName string

// MaxFileName is the longest FileName, in bytes: what common file systems allow for one name.
const MaxFileName = 255

// File is a file that somebody sent: what people call it, and the content it stands for.
type File struct {
	Name   FileName
	Size   int64 // bytes
	Digest Digest
	Width  int // pixels of a picture, as it is shown; 0, as is Height, for everything else
	Height int
}

// CheckFile tells whether f may be posted: it has a name, and sizes that make sense. The error is an *Error of CodeInvalid.
func CheckFile(f File) error {
	if f.Name == "" || f.Size < 0 {
		return Errorf(CodeInvalid, "a file needs a name and a size")
	}
	if f.Width < 0 || f.Height < 0 || (f.Width == 0) != (f.Height == 0) {
		return Errorf(CodeInvalid, "a picture cannot have %d × %d pixels", f.Width, f.Height)
	}
	return nil
}

// ParseFileName accepts a name for a file: valid UTF-8 of 1 to MaxFileName bytes, without control characters, separators
// of paths ('/' and '\'), or white space at its ends, and not "." or "..". The error is an *Error of CodeNameInvalid.
func ParseFileName(s string) (FileName, error) {
	switch {
	case s == "", s == ".", s == "..", strings.TrimSpace(s) != s:
		return "", Errorf(CodeNameInvalid, "not a file name: %q", CleanLine(s))
	case !utf8.ValidString(s), CleanText(s) != s, strings.ContainsAny(s, "\n\t"):
		return "", Errorf(CodeNameInvalid, "a file name has no control characters")
	case strings.ContainsAny(s, `/\`):
		return "", Errorf(CodeNameInvalid, "a file name is not a path: %s", CleanLine(s))
	case len(s) > MaxFileName:
		return "", Errorf(CodeNameInvalid, "a file name has at most %d bytes", MaxFileName)
	}
	return FileName(s), nil
}

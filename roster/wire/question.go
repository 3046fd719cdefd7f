package wire

import "parley"

// AppendPasswordQuestion writes that the next message, whatever it is, is taken for the password of name.
func AppendPasswordQuestion(dst []byte, name parley.Name) []byte {
	return append(append(append(dst, "password for "...), name...), ": "...)
}

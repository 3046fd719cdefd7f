package wire

import "parley"

// AppendNameQuestion writes that the next message is taken for the name of an account.
func AppendNameQuestion(dst []byte) []byte { return append(dst, "name:\n"...) }

// AppendPasswordQuestion writes that the next message, whatever it is, is taken for the password of name.
func AppendPasswordQuestion(dst []byte, name parley.Name) []byte {
	return append(append(append(dst, "password for "...), name...), ":\n"...)
}

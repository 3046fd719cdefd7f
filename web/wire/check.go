package wire

import "parley"

// maxNumber is the highest number that every JSON reader keeps exactly (RFC 8259, section 6).
const maxNumber = 1<<53 - 1

// firstError gives the first of errs that is one.
func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// checkID tells whether id, which has to be there, is one.
func checkID(id parley.MessageID) error {
	if id == "" {
		return parley.Errorf(parley.CodeInvalid, "the field id is missing")
	}
	return checkOptionalID(id)
}

// checkOptionalID tells whether id is one, or not there.
func checkOptionalID(id parley.MessageID) error {
	if id != "" && !id.Valid() {
		return parley.Errorf(parley.CodeInvalid, "an id has 1 to %d visible characters of ASCII", parley.MaxMessageID)
	}
	return nil
}

// checkNumber tells whether the number in a field is least or more.
func checkNumber(field string, n, least parley.Seq) error {
	switch {
	case n == 0 && least > 0:
		return parley.Errorf(parley.CodeInvalid, "the field %s is missing", field)
	case n < least || n > maxNumber:
		return parley.Errorf(parley.CodeInvalid, "the field %s is out of range", field)
	}
	return nil
}

// checkThere tells whether a field has something in it.
func checkThere(field, value string) error {
	if value == "" {
		return parley.Errorf(parley.CodeInvalid, "the field %s is missing", field)
	}
	return nil
}

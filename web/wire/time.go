package wire

import (
	"strings"
	"time"

	"parley"
)

// timeLayout is RFC 3339, section 5.6, with as much of a second as is kept.
const timeLayout = "2006-01-02T15:04:05.000000Z"

// Time is a time as it is written everywhere here: RFC 3339, UTC, always with six digits of a second.
type Time struct{ time.Time }

// At makes a Time.
func At(t time.Time) Time { return Time{t} }

// MarshalJSON writes t. It never fails.
func (t Time) MarshalJSON() ([]byte, error) { return appendTime(nil, t.Time), nil }

// UnmarshalJSON reads any time of RFC 3339 and gives it in UTC. The error is an *parley.Error of CodeInvalid.
func (t *Time) UnmarshalJSON(data []byte) error {
	text, isString := strings.CutPrefix(strings.TrimSuffix(string(data), `"`), `"`)
	at, err := time.Parse(time.RFC3339Nano, text)
	if !isString || err != nil {
		return parley.Errorf(parley.CodeInvalid, "a time is written as in RFC 3339")
	}
	t.Time = at.UTC()
	return nil
}

// appendTime writes a time as a JSON string.
func appendTime(dst []byte, t time.Time) []byte {
	dst = t.UTC().AppendFormat(append(dst, '"'), timeLayout)
	return append(dst, '"')
}

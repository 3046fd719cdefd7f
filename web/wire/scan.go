package wire

import (
	"bytes"
	"encoding/json"
	"slices"
	"unicode/utf8"

	"parley"
)

// maxDepth is how deep objects and arrays stand in each other, at most. No message needs more than three.
const maxDepth = 8

// maxFields is how many fields one object has, at most.
const maxFields = 32

// scanner goes through one JSON value and holds it to what encoding/json lets pass: names of fields that differ in case or
// come twice, null for what is not there, nesting without end.
type scanner struct {
	data []byte
	open []level
	// Where the member "type" of the outermost object starts, its value, and where both end; 0 without one.
	kind, value, end int
}

// level is an object or array that is not closed yet.
type level struct {
	object bool
	named  bool // the name of the current member has been read
	fields [][]byte
}

// scan checks a message as a whole. The error is an *parley.Error that says what is wrong with it.
func (s *scanner) scan() error {
	switch {
	case len(s.data) > MaxFrame:
		return parley.Errorf(parley.CodeTooLong, "this is too long (limit %d bytes)", MaxFrame)
	case !utf8.Valid(s.data):
		return parley.Errorf(parley.CodeInvalid, "this is not UTF-8 text")
	}
	if !json.Valid(s.data) {
		return notJSON(s.data)
	}
	if first := bytes.TrimLeft(s.data, " \t\r\n")[0]; first != '{' {
		return parley.Errorf(parley.CodeInvalid, "this is JSON, but no object")
	}
	for i := 0; i < len(s.data); i++ {
		next, err := s.step(i)
		if err != nil {
			return err
		}
		i = next
	}
	return nil
}

// step takes what starts at i, and gives where it ends.
func (s *scanner) step(i int) (int, error) {
	switch s.data[i] {
	case '{', '[':
		if len(s.open) == maxDepth {
			return i, parley.Errorf(parley.CodeInvalid, "this is nested too deep (limit %d)", maxDepth)
		}
		s.open = append(s.open, level{object: s.data[i] == '{'})
	case '}', ']':
		s.endMember(i)
		s.open = s.open[:len(s.open)-1]
	case ',':
		s.endMember(i)
		s.top().named = false
	case '"':
		end := stringEnd(s.data, i)
		if top := s.top(); top.object && !top.named {
			top.named = true
			return end, s.name(i, end)
		}
		return end, nil
	case 'n':
		return i, parley.Errorf(parley.CodeInvalid, "null stands for nothing here, leave the field out")
	}
	return i, nil
}

// top is the innermost object or array.
func (s *scanner) top() *level { return &s.open[len(s.open)-1] }

// name takes the name of a field, quotes included. Names have only lower-case letters and '_', so none of them can be written
// in two ways, and encoding/json, which ignores case, sees each as the field that it is.
func (s *scanner) name(from, end int) error {
	name := s.data[from+1 : end]
	for _, c := range name {
		if (c < 'a' || c > 'z') && c != '_' && (c < '0' || c > '9') {
			return unknownField(string(name))
		}
	}
	top := s.top()
	for _, earlier := range top.fields {
		if string(earlier) == string(name) {
			return parley.Errorf(parley.CodeInvalid, "the field %s is there twice", name)
		}
	}
	if len(top.fields) == maxFields {
		return parley.Errorf(parley.CodeInvalid, "this has too many fields (limit %d)", maxFields)
	}
	top.fields = append(top.fields, name)
	if len(s.open) == 1 && string(name) == "type" {
		s.kind, s.value = from, end+1
	}
	return nil
}

// endMember notes where the member "type" ends, if it is what ends at i with a comma or a brace.
func (s *scanner) endMember(i int) {
	if len(s.open) == 1 && s.value > 0 && s.end == 0 {
		s.end = i
	}
}

// cut takes the member "type" out of the message: what it says, without quotes, and the message without it. Type is "" where
// there is no such member, or it is no string.
func (s *scanner) cut() (t Type, rest []byte) {
	if s.end == 0 {
		return "", s.data
	}
	value := bytes.TrimSpace(bytes.TrimLeft(s.data[s.value:s.end], ": \t\r\n"))
	before, after := s.data[:s.kind], s.data[s.end:]
	if after[0] == ',' {
		after = after[1:]
	} else {
		before = bytes.TrimRight(before, ", \t\r\n")
	}
	if len(value) < 2 || value[0] != '"' {
		return "", s.data
	}
	return Type(value[1 : len(value)-1]), slices.Concat(before, after)
}

// stringEnd gives where the closing quote of the string is that starts at i.
func stringEnd(data []byte, i int) int {
	for i++; data[i] != '"'; i++ {
		if data[i] == '\\' {
			i++
		}
	}
	return i
}

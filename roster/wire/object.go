package wire

import "strings"

// objectState is where in a JSON object (RFC 8259, section 4) a scan is.
type objectState uint8

const (
	objectStart  objectState = iota // before '{'
	objectFirst                     // behind '{': a key or '}'
	objectKey                       // in a key
	objectColon                     // behind a key
	objectBefore                    // behind ':'
	objectValue                     // in a value that is a string
	objectAfter                     // behind a value: ',' or '}'
	objectNext                      // behind ',': a key
	objectDeep                      // in a value that is no string, or behind one: only brackets and strings are looked at
	objectInDeep                    // in a string there
	objectWhole                     // behind the object's '}'
	objectBroken                    // behind what no JSON object has
)

// object finds the end of a JSON object that comes in pieces. It knows strings, escapes and nesting, and notices early that
// there is no object; whether everything inside is valid it leaves to whoever decodes it. It never looks at a byte twice.
// The zero value is ready to use.
type object struct {
	state  objectState
	escape bool // the last byte was a backslash in a string
	nested bool // there are values that are no strings: JSON, but no roster
	depth  int  // brackets open, while nested
	n      int  // bytes taken, the object's length once it is whole
}

// scan goes on with p, the bytes behind those that were taken, to the end of the object.
func (o *object) scan(p []byte) {
	for _, c := range p {
		if o.over() {
			return
		}
		o.n++
		o.step(c)
	}
}

// over reports whether the object has ended, well or not.
func (o *object) over() bool { return o.state == objectWhole || o.state == objectBroken }

// step takes one byte.
func (o *object) step(c byte) {
	switch o.state {
	case objectKey, objectValue, objectInDeep:
		o.inString(c)
		return
	case objectDeep:
		o.deep(c)
		return
	case objectStart:
		o.expect(c == '{', objectFirst)
		return
	}
	if strings.IndexByte(" \t\r\n", c) >= 0 {
		return
	}
	switch o.state {
	case objectFirst:
		if c == '}' {
			o.state = objectWhole
			return
		}
		o.expect(c == '"', objectKey)
	case objectNext:
		o.expect(c == '"', objectKey)
	case objectColon:
		o.expect(c == ':', objectBefore)
	case objectBefore:
		o.value(c)
	case objectAfter:
		if c == '}' {
			o.state = objectWhole
			return
		}
		o.expect(c == ',', objectNext)
	}
}

// expect goes to the state then, or gives up.
func (o *object) expect(ok bool, then objectState) {
	o.state = objectBroken
	if ok {
		o.state = then
	}
}

// inString takes a byte of a string, which ends at a quotation mark without a backslash. Control characters do not occur in
// one (RFC 8259, section 7).
func (o *object) inString(c byte) {
	switch {
	case c < ' ':
		o.state = objectBroken
	case o.escape:
		o.escape = false
	case c == '\\':
		o.escape = true
	case c != '"':
	case o.state == objectKey:
		o.state = objectColon
	case o.state == objectValue:
		o.state = objectAfter
	default:
		o.state = objectDeep
	}
}

// value takes the first byte of a value.
func (o *object) value(c byte) {
	if c == '"' {
		o.state = objectValue
		return
	}
	o.nested, o.depth = true, 1
	o.expect(strings.IndexByte("{[-0123456789tfn", c) >= 0, objectDeep)
	if c == '{' || c == '[' {
		o.depth++
	}
}

// deep takes a byte outside of strings, among values that are no strings.
func (o *object) deep(c byte) {
	switch c {
	case '"':
		o.state = objectInDeep
	case '{', '[':
		o.depth++
	case '}', ']':
		if o.depth--; o.depth == 0 {
			o.state = objectWhole
		}
	default:
		o.expect(strings.IndexByte(" \t\r\n,:+-.0123456789eEtrufalsn", c) >= 0, objectDeep)
	}
}

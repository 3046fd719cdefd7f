package report

import (
	"fmt"
	"net/netip"
	"path/filepath"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"parley"
	"parley/explain"
)

// narrator tells of a lab in sentences. What they quote is cleaned.
type narrator struct {
	lab   *explain.Lab
	files []string // as they are called before a frame; empty where there is one file
}

// newNarrator makes a narrator.
func newNarrator(l *explain.Lab) *narrator {
	n := &narrator{lab: l}
	if len(l.Files) < 2 {
		return n
	}
	for _, f := range l.Files {
		n.files = append(n.files, parley.CleanLine(filepath.Base(f.Name)))
	}
	return n
}

// number names a packet without the word for it.
func (n *narrator) number(r explain.Ref) string {
	if r.File < len(n.files) {
		return n.files[r.File] + ":" + strconv.FormatInt(r.Frame, 10)
	}
	return strconv.FormatInt(r.Frame, 10)
}

// frame names a packet.
func (n *narrator) frame(r explain.Ref) string { return "frame " + n.number(r) }

// maxNamed is how many packets are named for one thing in a sentence.
const maxNamed = 6

// frames names some of the packets that show something.
func (n *narrator) frames(e explain.Evidence) string {
	if e.Count == 1 && len(e.First) == 1 {
		return n.frame(e.First[0])
	}
	var names []string
	for _, r := range e.First[:min(len(e.First), maxNamed)] {
		names = append(names, n.number(r))
	}
	if more := e.Count - int64(len(names)); more > 0 {
		return "frames " + strings.Join(names, ", ") + fmt.Sprintf(" and %s more", count(more))
	}
	return "frames " + and(names)
}

// sides are the two ends, by direction.
var sides = [2]string{"client", "server"}

// the is an end as the subject or object of a sentence.
func the(d explain.Direction) string { return "the " + sides[d] }

// sentence begins with a capital letter.
func sentence(format string, args ...any) string {
	text := fmt.Sprintf(format, args...)
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:]
}

// count writes a number with commas between thousands.
func count(n int64) string {
	digits := strconv.FormatInt(n, 10)
	for i := len(digits) - 3; i > 0 && digits[i-1] != '-'; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// many writes how many of something there are.
func many(n int64, one string) string {
	switch {
	case n == 1:
		return "1 " + one
	case strings.HasSuffix(one, "y") && !strings.HasSuffix(one, "ay"):
		return count(n) + " " + strings.TrimSuffix(one, "y") + "ies"
	case strings.HasSuffix(one, "ss"):
		return count(n) + " " + one + "es"
	}
	return count(n) + " " + one + "s"
}

// and lists words.
func and(words []string) string {
	switch len(words) {
	case 0:
		return ""
	case 1:
		return words[0]
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}

// span writes a time in nanoseconds with three digits that count.
func span(ns int64) string {
	if ns == 0 {
		return "0 s"
	}
	d := time.Duration(ns)
	for _, unit := range []struct {
		size time.Duration
		name string
	}{{time.Second, "s"}, {time.Millisecond, "ms"}, {time.Microsecond, "µs"}} {
		if d >= unit.size && d < 1000*unit.size {
			return significant(float64(d)/float64(unit.size)) + " " + unit.name
		}
	}
	if d >= time.Second {
		return d.Round(time.Second).String()
	}
	return strconv.FormatInt(ns, 10) + " ns"
}

// significant writes a number between 1 and 1000 with three digits.
func significant(f float64) string {
	switch {
	case f >= 99.95:
		return strconv.FormatFloat(f, 'f', 0, 64)
	case f >= 9.995:
		return strings.TrimSuffix(strconv.FormatFloat(f, 'f', 1, 64), ".0")
	}
	text := strconv.FormatFloat(f, 'f', 2, 64)
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
}

// clock writes when something was captured, in UTC so that it is the same everywhere.
func clock(ns int64) string { return time.Unix(0, ns).UTC().Format("2006-01-02 15:04:05.000 MST") }

// socket writes an address and a port.
func socket(a netip.AddrPort) string { return a.String() }

// tapped reports whether what is told of a connection was made from what a program saw.
func (n *narrator) tapped(r explain.Ref) bool {
	return r.File < len(n.lab.Files) && n.lab.Files[r.File].Tap
}

// declined is why a tap cannot answer what only packets show.
const declined = "acknowledgements were not observed: this is a tap, not a capture"

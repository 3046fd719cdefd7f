package wire

import (
	"bytes"
	"strings"
	"time"
	"unicode/utf8"

	"parley"
)

// How long a client waits for the rest of what a server sends.
const (
	// TextSilence ends a text that ends with a space, as every whole text does.
	TextSilence = 40 * time.Millisecond
	// PartSilence ends a text that does not, and is how long what looks like a roster inside a text is waited for.
	PartSilence = time.Second
	// RosterSilence is how long the rest of a roster is waited for.
	RosterSilence = 10 * time.Second
	// WriteGap is how far apart two reads are at least that can bring two messages: what a server writes at once comes in
	// less, however many reads it takes. Our server leaves Quiet between two people's texts.
	WriteGap = 5 * time.Millisecond
)

// What a Parser keeps at most, in bytes.
const (
	// MaxRoster is the longest roster.
	MaxRoster = 2 << 20
	// MaxPart is the longest text that is kept together.
	MaxPart = parley.MaxText + 1024
)

// maxTries is how many times, in one text, something that looked like the beginning of a roster is looked at in vain; what
// comes after is text. It bounds the work that a text can cause.
const maxTries = 16

// rosterStart is how every roster starts.
const rosterStart = "!{"

// Parser reads what a server sends, however it is glued together and split. Read gives it bytes, Fire the time when
// nothing has come by WakeAt, End the end; all three give what is known by then.
//
// A roster ends where its JSON object ends. Nothing on the wire ends a text; this is what a client can do about it, and
// what the Parser does:
//
//   - A text that ends with a space is whole after TextSilence. A read that starts with a name and a colon, WriteGap or more
//     after what came before, where that ends with a space, is another text, without waiting. So texts that come apart are
//     told apart. A read that comes sooner goes on with what was written at once with it, and may begin anywhere in it, at a
//     name that somebody quotes too.
//   - One person's texts are told apart even when they come glued together, by the name before each.
//   - Texts of different people that come in one piece cannot be told from one text in which somebody quotes the other.
//     They stay one text, of the first of them: nothing is lost, and nobody can put words into another's mouth. Our server
//     leaves Quiet between different people's texts for that reason, see Pacer.
//   - A '!' is text, unless a whole JSON object of strings follows it at once, and behind that neither a space nor another
//     white space, but the next message or silence. A text always has its space there, so a roster that somebody writes in
//     the room is text. Only behind a server that sends texts as they are can somebody forge one, by writing more behind
//     it; our server makes that harmless, see AppendText.
//   - What starts as a roster, at the beginning of a message, and turns out to be none is a text; JSON that is no roster,
//     and a roster that stays incomplete or is too long, is ignored and said so.
//
// What is kept is bounded: MaxPart for a text, MaxRoster for what may be a roster. A longer text comes in pieces.
//
// A Parser is a state machine for one goroutine at a time. The zero value is ready to use.
type Parser struct {
	buf   []byte
	text  bool // buf starts with a text; otherwise it is not known yet, or starts with what may be a roster
	scan  int  // in a text: everything before has been looked at
	mark  int  // in a text: where something starts that may be a roster; 0 for none
	tries int  // in a text: how many times there was none
	skip  bool // a roster was too long: everything is dropped until there is silence

	object object // what may be a roster, at mark, or at the start of buf
	first  time.Time
	last   time.Time
	known  Roster
	items  []Item  // found and not yet given
	starts []int64 // where each of them began
	taken  int64   // bytes before buf
	given  []int64 // starts of the items given last
}

// Read takes what one read brought at the time now, and gives what is whole. It keeps nothing of p.
func (p *Parser) Read(data []byte, now time.Time) []Item {
	if len(data) == 0 {
		return nil // which is still silence
	}
	if p.startsAnew(data, now) {
		p.settle()
	}
	p.last = now
	if p.skip {
		p.taken += int64(len(data))
	} else {
		p.buf = append(p.buf, data...)
		p.parse(now)
	}
	return p.take()
}

// SilentSince says that nobody listened until now, after the last Read: silence counts from here.
func (p *Parser) SilentSince(now time.Time) { p.last = now }

// Fire says that nothing has come by now, and gives what is whole for that reason.
func (p *Parser) Fire(now time.Time) []Item {
	if at := p.WakeAt(); !at.IsZero() && !now.Before(at) {
		p.settle()
	}
	return p.take()
}

// End says that nothing will come any more, and gives what is left.
func (p *Parser) End() []Item {
	p.settle()
	return p.take()
}

// WakeAt gives the time at which Fire has something to do; the zero time when it has nothing.
func (p *Parser) WakeAt() time.Time {
	switch {
	case p.skip:
		return p.last.Add(TextSilence)
	case len(p.buf) == 0:
		return time.Time{}
	case !p.text && len(p.buf) >= len(rosterStart):
		return p.last.Add(RosterSilence)
	case p.mark > 0 && !p.object.over():
		return p.first.Add(PartSilence)
	case p.mark > 0, p.endsWithSpace():
		return p.last.Add(TextSilence)
	}
	return p.last.Add(PartSilence)
}

// Where gives where each item of the last Read, Fire or End began, and where what is kept now begins, which no item has
// told of yet: as numbers of bytes from the first one on. It is for whoever explains which packets brought what, and is
// valid until the next call.
func (p *Parser) Where() (items []int64, kept int64) { return p.given, p.taken }

// take gives the items found, once.
func (p *Parser) take() []Item {
	items := p.items
	p.items = nil
	p.given, p.starts = p.starts, p.given[:0]
	return items
}

// startsAnew reports whether data, which came at the time now, is another message and not the rest of what is kept. The rest
// of a roster can look like one, but for its quotation marks.
func (p *Parser) startsAnew(data []byte, now time.Time) bool {
	if now.Sub(p.last) < WriteGap || !p.endsWithSpace() {
		return false
	}
	n := prefixLength(data, p.known)
	inRoster := !p.text || p.mark > 0 && !p.object.over()
	return n > 0 && !(inRoster && bytes.IndexByte(data[:n], '"') >= 0)
}

// endsWithSpace reports whether what is kept ends as a whole text does, which has more than a name.
func (p *Parser) endsWithSpace() bool {
	return len(p.buf) > 0 && p.buf[len(p.buf)-1] == ' ' && prefixLength(p.buf, p.known) < len(p.buf)
}

// parse finds what is whole without any silence.
func (p *Parser) parse(now time.Time) {
	for len(p.buf) > 0 {
		if !p.text && !p.begin() || p.text && !p.goOn(now) {
			break
		}
	}
	if len(p.buf) == 0 {
		p.buf = nil // no memory is kept between messages
	}
}

// begin looks at the start of a message. It reports whether there is anything left to do now.
func (p *Parser) begin() bool {
	p.drop(len(p.buf) - len(bytes.TrimLeft(p.buf, " \t\r\n")))
	if len(p.buf) < len(rosterStart) && bytes.HasPrefix([]byte(rosterStart), p.buf) {
		return false
	}
	if !bytes.HasPrefix(p.buf, []byte(rosterStart)) {
		p.text = true
		return true
	}
	p.object.scan(p.buf[1+p.object.n:])
	switch length := 1 + p.object.n; {
	case p.object.state == objectBroken:
		p.text, p.scan, p.tries = true, len(rosterStart), 1
	case p.object.state == objectWhole:
		if roster, ok := p.roster(p.buf[1:length]); ok {
			p.add(Item{Kind: ItemRoster, Roster: roster})
		} else {
			p.ignore("a roster that makes no sense")
		}
		p.drop(length)
	case length > MaxRoster:
		p.ignore("a roster that is too long")
		p.drop(len(p.buf))
		p.skip = true
	default:
		return false
	}
	return true
}

// goOn looks for the end of a text. It reports whether there is anything left to do now.
func (p *Parser) goOn(now time.Time) bool {
	if p.mark > 0 {
		return p.goOnInside()
	}
	again := p.sameAgain()
	start := -1
	if p.tries < maxTries {
		start = index(p.buf, rosterStart, p.scan)
	}
	switch {
	case start > 0 && (again < 0 || start < again):
		p.mark, p.first, p.object = start, now, object{}
		return true
	case again > 0:
		p.endText(again)
		return true
	case len(p.buf) > MaxPart:
		p.cutText()
		return true
	}
	p.scan = max(p.scan, len(p.buf)-maxPrefix-len(" : ")) // the next text's name may have come in part
	return false
}

// goOnInside looks at what may be a roster inside a text. It reports whether there is anything left to do now.
func (p *Parser) goOnInside() bool {
	p.object.scan(p.buf[p.mark+1+p.object.n:])
	end := p.mark + 1 + p.object.n
	switch {
	case p.object.state == objectBroken, end-p.mark > MaxRoster:
		p.giveUp()
	case p.object.state != objectWhole:
		return false
	case end == len(p.buf):
		return false // what comes next, or that nothing comes, will tell
	case bytes.IndexByte([]byte(" \t\r\n"), p.buf[end]) >= 0:
		p.giveUp()
	default:
		p.endBoth()
	}
	return true
}

// giveUp takes what may have been a roster inside a text for text.
func (p *Parser) giveUp() {
	if p.object.n > 2 {
		p.tries++
	}
	p.scan, p.mark = p.mark+len(rosterStart), 0
}

// endBoth ends a text at mark and takes the roster that starts there. Where that is none, it is text.
func (p *Parser) endBoth() {
	end := p.mark + 1 + p.object.n
	roster, ok := p.roster(p.buf[p.mark+1 : end])
	if !ok {
		p.giveUp()
		return
	}
	length := end - p.mark
	p.endText(p.mark)
	p.add(Item{Kind: ItemRoster, Roster: roster})
	p.drop(length)
}

// sameAgain gives where, in a text, another text of the same person starts; -1 for nowhere yet.
func (p *Parser) sameAgain() int {
	n := prefixLength(p.buf, p.known)
	if n == 0 {
		return -1
	}
	at := index(p.buf, " "+string(p.buf[:n]), max(p.scan-1, n))
	if at < 0 {
		return -1
	}
	return at + 1
}

// settle takes everything kept for whole, as it is.
func (p *Parser) settle() {
	p.skip = false
	for len(p.buf) > 0 {
		switch {
		case !p.text && len(p.buf) >= len(rosterStart):
			p.ignore("a roster that is not complete")
			p.drop(len(p.buf))
		case p.mark > 0 && p.object.state == objectWhole:
			p.endBoth()
		case p.mark > 0:
			p.giveUp()
		default:
			p.endText(len(p.buf))
		}
		p.parse(p.last)
	}
}

// endText makes an item of the first n bytes, a text.
func (p *Parser) endText(n int) {
	from, private, words := splitText(p.buf[:n], p.known)
	item := Item{Kind: ItemText, From: parley.CleanLine(from), Private: private, Text: trimText(words)}
	if item.Text == "" { // nobody says nothing: these are the server's own words
		item = Item{Kind: ItemText, Text: trimText(string(p.buf[:n]))}
	}
	if item.Text != "" {
		p.add(item)
	}
	p.drop(n)
}

// cutText makes an item of what has come of a text that is too long, and goes on with the rest as a text of the same person.
func (p *Parser) cutText() {
	name := bytes.Clone(p.buf[:prefixLength(p.buf, p.known)])
	p.endText(wholeRunes(p.buf[:MaxPart]))
	p.taken -= int64(len(name))
	p.buf, p.text = append(name, p.buf...), true
}

// drop forgets the first n bytes, and what was known about them. A message starts behind them.
func (p *Parser) drop(n int) {
	p.buf = p.buf[n:]
	p.taken += int64(n)
	if n > 0 {
		p.text, p.scan, p.mark, p.tries, p.object = false, 0, 0, 0, object{}
	}
}

// roster reads an object that has been found, and remembers who is in it.
func (p *Parser) roster(object []byte) (Roster, bool) {
	if p.object.nested {
		return nil, false
	}
	roster, ok := parseRoster(object)
	if ok {
		p.known = roster
	}
	return roster, ok
}

// ignore adds the item that says that what was ignored.
func (p *Parser) ignore(what string) { p.add(Item{Kind: ItemIgnored, Text: "ignored " + what}) }

// add adds an item to those found.
func (p *Parser) add(item Item) {
	p.items, p.starts = append(p.items, item), append(p.starts, p.taken)
}

// trimText gives what was said as it can be shown, "" where that is nothing.
func trimText(words string) string {
	words = parley.CleanText(strings.TrimRight(words, " \r\n"))
	if strings.TrimSpace(words) == "" {
		return ""
	}
	return words
}

// index is bytes.Index from the offset from on.
func index(p []byte, sep string, from int) int {
	i := bytes.Index(p[min(from, len(p)):], []byte(sep))
	if i < 0 {
		return -1
	}
	return from + i
}

// wholeRunes gives the length of p without the beginning of a UTF-8 character at its end.
func wholeRunes(p []byte) int {
	for i := len(p) - 1; i >= 0 && i >= len(p)-utf8.UTFMax; i-- {
		if utf8.RuneStart(p[i]) {
			if !utf8.FullRune(p[i:]) {
				return i
			}
			break
		}
	}
	return len(p)
}

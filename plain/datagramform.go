package plain

import (
	"encoding/binary"
	"strings"
	"unicode/utf8"

	"parley"
	"parley/hub"
	"parley/plain/wire"
)

// maxDatagramText is how much of a text goes into one datagram, in bytes. With what stands before it, and the headers of IP
// and UDP, that stays under the 1,280 bytes which every IPv6 link carries in one packet (RFC 8200, section 5).
const maxDatagramText = 1000

// datagramHeader is how many bytes stand before each datagram in a block: its length.
const datagramHeader = 2

// datagramForm is how the participants of a UDP listener read what happens: as datagrams, each with its length before it,
// so that their outboxes can take a block apart again.
type datagramForm struct {
	silent bool // they get answers to what they ask and private messages, and nothing else
}

// Echo is false: nobody gets their own messages.
func (*datagramForm) Echo() bool { return false }

// AppendItem writes a message, and what becomes of one later, as datagrams, and nothing for anything else.
func (f *datagramForm) AppendItem(dst []byte, item *hub.Item) []byte {
	private := item.Room.Kind == parley.RoomDirect
	if f.silent && !private || item.Kind != hub.ItemEvent {
		return dst
	}
	switch e := item.Event.(type) {
	case parley.MessagePosted:
		return appendMessageDatagrams(dst, &e.Message, private)
	case parley.MessageEdited:
		if e.Text != "" { // else it was deleted since
			return appendTextDatagrams(dst, e.Entry.By.Name, wire.EditText(e.Text), private)
		}
	case parley.MessageDeleted:
		return appendTextDatagrams(dst, e.Entry.By.Name, wire.DeletedText, private)
	}
	return dst
}

// appendMessageDatagrams writes a message as it was posted, and nothing for one that was deleted since.
func appendMessageDatagrams(dst []byte, m *parley.Message, private bool) []byte {
	switch {
	case m.File != nil:
		return appendDatagram(dst, func(dst []byte) []byte { return wire.Brackets.AppendFile(dst, m.By.Name, m.File) })
	case m.Deleted:
		return dst
	}
	return appendTextDatagrams(dst, m.By.Name, m.Text, private)
}

// appendTextDatagrams writes a text, to the room or to one person.
func appendTextDatagrams(dst []byte, name, text string, private bool) []byte {
	for piece := range pieces(text) {
		dst = appendDatagram(dst, func(dst []byte) []byte {
			if private {
				return wire.AppendPrivate(dst, name, piece)
			}
			return wire.Brackets.AppendMessage(dst, name, piece)
		})
	}
	return dst
}

// appendDatagram writes a datagram with its length: the line that line appends, without its newline.
func appendDatagram(dst []byte, line func(dst []byte) []byte) []byte {
	start := len(dst)
	dst = line(append(dst, 0, 0))
	dst = dst[:len(dst)-1]
	binary.BigEndian.PutUint16(dst[start:], uint16(len(dst)-start-datagramHeader))
	return dst
}

// cutDatagram takes the first datagram off a block.
func cutDatagram(block []byte) (datagram, rest []byte) {
	end := datagramHeader + int(binary.BigEndian.Uint16(block))
	return block[datagramHeader:end], block[end:]
}

// pieces cuts a clean text into what goes into one datagram each: its lines, and those that are too long at a character.
func pieces(text string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for line := range parley.Lines(text) {
			for len(line) > maxDatagramText {
				end := maxDatagramText
				for !utf8.RuneStart(line[end]) {
					end--
				}
				if !yield(line[:end]) {
					return
				}
				line = line[end:]
			}
			if !yield(line) {
				return
			}
		}
	}
}

// trimNewline removes the line break at the end of a datagram, which netcat sends and nobody means.
func trimNewline(text string) string { return strings.TrimRight(text, "\r\n") }

package roster

import (
	"encoding/binary"
	"strconv"

	"parley"
	"parley/hub"
	"parley/roster/wire"
)

// form is how people on roster read what happens: as chunks, which their outboxes take apart again to see whose text is
// whose. Who comes and goes they read from the roster. There are no options that change it, so all listeners share it.
type form struct{}

// Echo is false: nobody gets their own messages.
func (form) Echo() bool { return false }

// AppendItem writes a message as one chunk.
func (form) AppendItem(dst []byte, item *hub.Item) []byte {
	if item.Kind != hub.ItemMessage {
		return dst
	}
	m := &item.Message
	start := len(dst)
	dst = append(dst, make([]byte, chunkHeader)...)
	prefix := len(m.By.Name)
	switch {
	case m.File != nil:
		dst = wire.AppendText(dst, m.By.Name, fileWords(m.File))
	case item.Room.Kind == parley.RoomDirect:
		dst = wire.AppendPrivate(dst, m.By.Name, m.Text)
		prefix += len(wire.PrivateMark)
	default:
		dst = wire.AppendText(dst, m.By.Name, m.Text)
	}
	if len(dst) == start+chunkHeader {
		return dst[:start]
	}
	binary.BigEndian.PutUint16(dst[start:], uint16(prefix))
	binary.BigEndian.PutUint32(dst[start+2:], uint32(len(dst)-start-chunkHeader))
	return dst
}

// fileWords tells of a file where files cannot be sent.
func fileWords(file *parley.File) string {
	return "[file " + string(file.Name) + " " + strconv.FormatInt(file.Size, 10) + " bytes]"
}

// chunkHeader is how many bytes stand before a text in a block: the length of what says whose it is, at its start, and the
// length of all of it.
const chunkHeader = 2 + 4

// cutChunk takes the first chunk off a block. Who is the part of text that says whose it is.
func cutChunk(block []byte) (who, text, rest []byte) {
	prefix := int(binary.BigEndian.Uint16(block))
	length := int(binary.BigEndian.Uint32(block[2:]))
	text, rest = block[chunkHeader:chunkHeader+length], block[chunkHeader+length:]
	return text[:prefix], text, rest
}

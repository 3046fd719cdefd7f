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

// AppendItem writes a message, and what becomes of one later, as one chunk, and nothing for anything else.
func (form) AppendItem(dst []byte, item *hub.Item) []byte {
	private := item.Room.Kind == parley.RoomDirect
	switch e := item.Event.(type) {
	case parley.MessagePosted:
		if e.Message.File != nil {
			return appendChunk(dst, e.Message.By.Name, fileWords(e.Message.File), false)
		}
		return appendChunk(dst, e.Message.By.Name, e.Message.Text, private)
	case parley.MessageEdited:
		return appendChunk(dst, e.Entry.By.Name, wire.EditText(e.Text), private)
	case parley.MessageDeleted:
		return appendChunk(dst, e.Entry.By.Name, wire.DeletedText, private)
	}
	return dst
}

// appendChunk writes a text, to the room or to one person. Where nothing of it is to be seen, as of a message that was
// deleted since, there is no chunk.
func appendChunk(dst []byte, name, text string, private bool) []byte {
	start := len(dst)
	dst = append(dst, make([]byte, chunkHeader)...)
	prefix := len(name)
	if private {
		dst = wire.AppendPrivate(dst, name, text)
		prefix += len(wire.PrivateMark)
	} else {
		dst = wire.AppendText(dst, name, text)
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

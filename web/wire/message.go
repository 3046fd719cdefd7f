package wire

import "parley"

// Text is what a message says: any number of lines, clean as parley.CleanText makes it once a server has taken it.
type Text string

// Entry is what every lasting event of a room begins with. Its number is one more than that of the event before it.
type Entry struct {
	Room   Place            `json:"room"`
	Number parley.Seq       `json:"number"`
	ID     parley.MessageID `json:"id"` // as its sender's client made it
	By     Person           `json:"by"`
	At     Time             `json:"at"` // when the server took it
}

// Content is what was posted, as it is now.
type Content struct {
	Text    Text       `json:"text,omitempty"`
	File    *File      `json:"file,omitempty"`    // instead of a text
	Reply   parley.Seq `json:"reply,omitempty"`   // the number of the message that this one answers
	Edited  bool       `json:"edited,omitempty"`  // the text is not what was posted first
	Deleted bool       `json:"deleted,omitempty"` // text and file are gone
}

// Message is a message in a room. Seen live it is what was posted; seen later it is what has become of it.
type Message struct {
	Entry
	Content
}

// DirectMessage is a message in a conversation of two.
type DirectMessage struct {
	Entry
	To Person `json:"to"` // the other one of the two; who sent it is By
	Content
}

// Type is TypeMessage.
func (Message) Type() Type { return TypeMessage }

// Append writes the message. It allocates nothing but the growth of dst.
func (m Message) Append(dst []byte) []byte {
	dst = m.Entry.append(append(dst, `{"type":"message"`...))
	return append(m.Content.append(dst), '}')
}

func (Message) fromServer() {}

// Type is TypeDirect.
func (DirectMessage) Type() Type { return TypeDirect }

// Append writes the message. It allocates nothing but the growth of dst.
func (m DirectMessage) Append(dst []byte) []byte {
	dst = m.Entry.append(append(dst, `{"type":"direct"`...))
	dst = m.To.append(append(dst, `,"to":`...))
	return append(m.Content.append(dst), '}')
}

func (DirectMessage) fromServer() {}

// append writes the members of e, each with a comma before it.
func (e Entry) append(dst []byte) []byte {
	dst = appendString(append(dst, `,"room":`...), string(e.Room))
	dst = appendInt(append(dst, `,"number":`...), e.Number)
	dst = appendString(append(dst, `,"id":`...), string(e.ID))
	dst = e.By.append(append(dst, `,"by":`...))
	return appendTime(append(dst, `,"at":`...), e.At.Time)
}

// append writes the members of c that are there, each with a comma before it.
func (c Content) append(dst []byte) []byte {
	if c.Text != "" {
		dst = appendString(append(dst, `,"text":`...), string(c.Text))
	}
	if c.File != nil {
		dst = c.File.append(append(dst, `,"file":`...))
	}
	dst = appendNumber(dst, `,"reply":`, c.Reply)
	dst = appendTrue(dst, `,"edited":true`, c.Edited)
	return appendTrue(dst, `,"deleted":true`, c.Deleted)
}

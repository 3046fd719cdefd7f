package chat

import "fmt"

// Protocols are those that a Conversation can be told to read, see New.
func Protocols() []string { return []string{plain, roster, irc, http, websocket, encrypted} }

// The names of the protocols.
const (
	plain     = "plain"
	roster    = "roster"
	irc       = "irc"
	http      = "http"
	websocket = "websocket"
	encrypted = "tls"
)

// Conversation reads what both sides of a connection say. It is for one goroutine.
type Conversation struct {
	// Quiet says that nobody looks at what is told any more.
	Quiet bool

	tell     func(Message)
	whole    bool // it is seen from its first byte
	protocol string
	reader   reader    // nil until the protocol is known
	opening  opening   // what came before
	places   [2]*place // where in the stream each side is, once there is a reader
}

// reader reads one protocol.
type reader interface {
	feed(from Side, data []byte, at int64)
	lost(from Side, n int64) // n bytes will not come
	tick(at int64)           // it is that time now
	end()                    // nothing comes any more
}

// passer is a reader that can count messages without reading them.
type passer interface {
	pass(from Side, data []byte) (messages int64, ok bool)
}

// place is where in its bytes a side is.
type place struct {
	at    int64 // how many have come
	start int64 // of the message under way; at, where there is none
	most  int64 // how many bytes of it are kept
}

// New makes a Conversation that tells each message. As is the protocol, one of Protocols, or "" for finding out; whole
// says that the connection is seen from its first byte.
func New(as string, whole bool, tell func(Message)) *Conversation {
	c := &Conversation{tell: tell, whole: whole}
	if as != "" {
		c.speak(as)
	}
	return c
}

// Protocol gives the protocol, "" while it is not known.
func (c *Conversation) Protocol() string { return c.protocol }

// Feed takes the next bytes of one side, those of one segment, that came at a time in nanoseconds since 1970. It keeps
// nothing of data, and changes nothing of it.
func (c *Conversation) Feed(from Side, data []byte, at int64) {
	if len(data) == 0 {
		return
	}
	if c.reader == nil {
		c.opening.add(from, data, at)
		if as := c.opening.protocol(); as != "" {
			c.open(as)
		}
		return
	}
	c.reader.tick(at)
	c.reader.feed(from, data, at)
}

// Pass takes what Feed takes, where nobody looks at what is told (Quiet) and all of it is whole messages, and gives how
// many they are without telling them. It reports false, and has taken nothing, where Feed is needed.
func (c *Conversation) Pass(from Side, data []byte) (messages int64, ok bool) {
	if p, ok := c.reader.(passer); ok && c.Quiet {
		return p.pass(from, data)
	}
	return 0, false
}

// Lost says that the next n bytes of one side are missing in the capture. What was under way ends there.
func (c *Conversation) Lost(from Side, n int64) {
	if c.reader == nil {
		if c.opening.empty() {
			c.opening.lose(from, n)
			return
		}
		c.open(c.opening.guess())
	}
	c.reader.lost(from, n)
}

// Forget drops what is kept of messages under way.
func (c *Conversation) Forget() {
	if c.reader == nil {
		c.open(c.opening.guess())
	}
	c.reader.lost(Client, 0)
	c.reader.lost(Server, 0)
}

// End says that nothing comes any more.
func (c *Conversation) End() {
	if c.reader == nil {
		if c.opening.empty() {
			return
		}
		c.open(c.opening.guess())
	}
	c.reader.end()
}

// Pending gives where the oldest byte of a side stands that is part of no message that has been told, and may become one.
func (c *Conversation) Pending(from Side) int64 {
	if c.reader == nil {
		return c.opening.start[from]
	}
	return c.places[from].start
}

// Held gives how many bytes are kept, about.
func (c *Conversation) Held() int {
	if c.reader == nil {
		return c.opening.held
	}
	n := 0
	for _, p := range c.places {
		n += int(min(p.at-p.start, p.most))
	}
	return n
}

// open begins to read, with what has come so far.
func (c *Conversation) open(as string) {
	o := c.opening
	c.opening = opening{}
	c.speak(as)
	for from, p := range c.places {
		p.at, p.start = o.start[from], o.start[from]
	}
	for _, p := range o.pieces {
		c.reader.tick(p.at)
		c.reader.feed(p.from, p.data, p.at)
	}
}

// speak chooses the reader.
func (c *Conversation) speak(as string) {
	c.protocol = as
	switch as {
	case roster:
		c.reader = newRosterReader(c)
	case irc:
		c.reader = newIRCReader(c)
	case http, websocket:
		c.reader = newHTTPReader(c, as == websocket)
	case encrypted:
		c.reader = newEncryptedReader(c)
	case plain:
		c.reader = newPlainReader(c)
	default:
		panic(fmt.Sprintf("chat: no protocol %q", as))
	}
}

// say tells a message of the bytes from the start of what is under way to a place, and begins the next one there.
func (c *Conversation) say(from Side, m Message, to int64) {
	p := c.places[from]
	m.From, m.Start, m.End = from, p.start, to
	p.start = to
	c.tell(m)
}

// missing tells that bytes are missing, where any are, and goes on behind them.
func (c *Conversation) missing(from Side, n int64) {
	p := c.places[from]
	p.at += n
	p.start = p.at
	if n > 0 {
		m := said(Notice, "", fmt.Sprintf("%d bytes are missing in the capture", n))
		m.From, m.Start, m.End = from, p.at, p.at
		c.tell(m)
	}
}

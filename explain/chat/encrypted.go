package chat

// encryptedReader reads nothing: TLS keeps what is said to those who say it.
type encryptedReader struct {
	*Conversation
	sides [2]place
	told  bool
}

func newEncryptedReader(c *Conversation) *encryptedReader {
	r := &encryptedReader{Conversation: c}
	c.places = [2]*place{&r.sides[Client], &r.sides[Server]}
	return r
}

func (r *encryptedReader) feed(from Side, data []byte, _ int64) {
	p := &r.sides[from]
	p.at += int64(len(data))
	if !r.told {
		r.told = true
		r.say(from, said(Notice, "", "encrypted: the bytes cannot be read"), p.at)
	}
	p.start = p.at
}

func (r *encryptedReader) lost(from Side, n int64) {
	r.sides[from].at += n
	r.sides[from].start = r.sides[from].at
}

func (*encryptedReader) tick(int64) {}

func (*encryptedReader) end() {}

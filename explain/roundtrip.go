package explain

// outstanding are segments that have not been acknowledged.
type outstanding struct {
	sent []sentAt
}

// sentAt is where a segment ends, and when it was sent.
type sentAt struct {
	end  uint32
	time int64
}

// maxOutstanding is how many segments are waited for; of more, the later ones give no round-trip time.
const maxOutstanding = 64

// send notes a segment that was sent for the first time.
func (o *outstanding) send(end uint32, at int64) {
	if len(o.sent) < maxOutstanding {
		o.sent = append(o.sent, sentAt{end, at})
	}
}

// forget drops all of them: of what was sent twice nobody knows what was acknowledged (RFC 6298, section 3).
func (o *outstanding) forget() { o.sent = o.sent[:0] }

// acknowledge gives the time of the last segment that an acknowledgement covers, 0 for none.
func (o *outstanding) acknowledge(ack uint32) (sent int64) {
	n := 0
	for n < len(o.sent) && int32(o.sent[n].end-ack) <= 0 {
		sent = o.sent[n].time
		n++
	}
	o.sent = append(o.sent[:0], o.sent[n:]...)
	return sent
}

package discovery

import "golang.org/x/net/dns/dnsmessage"

// maxMessage is the largest message that is read, in bytes (RFC 6762, section 17).
const maxMessage = 9000

// maxParts bounds what is read of each section of a message.
const maxParts = 256

// message is what is understood of a message: all of it up to the first part that is broken or has a name that this
// package cannot write, one with a dot inside a label.
type message struct {
	header      dnsmessage.Header
	questions   []dnsmessage.Question
	answers     []dnsmessage.Resource
	authorities []dnsmessage.Resource
	additionals []dnsmessage.Resource
}

// parseMessage reads a message. It reports false where not even its beginning can be read, and where it is of a kind
// that is to be ignored (RFC 6762, sections 18.3 and 18.11).
func parseMessage(packet []byte) (m message, ok bool) {
	var p dnsmessage.Parser
	var err error
	if m.header, err = p.Start(packet); err != nil || m.header.OpCode != 0 || m.header.RCode != 0 {
		return m, false
	}
	for range maxParts {
		q, err := p.Question()
		if err == dnsmessage.ErrSectionDone {
			m.parseRecords(&p)
			return m, true
		}
		if err != nil {
			return m, true
		}
		m.questions = append(m.questions, q)
	}
	return m, true
}

// parseRecords reads what follows the questions.
func (m *message) parseRecords(p *dnsmessage.Parser) {
	for _, section := range []struct {
		next func() (dnsmessage.Resource, error)
		into *[]dnsmessage.Resource
	}{{p.Answer, &m.answers}, {p.Authority, &m.authorities}, {p.Additional, &m.additionals}} {
		for {
			r, err := section.next()
			if err == dnsmessage.ErrSectionDone {
				break
			}
			if err != nil || len(*section.into) == maxParts {
				return
			}
			*section.into = append(*section.into, r)
		}
	}
}

// pack writes a message. What this package makes is always short enough and well formed.
func (m message) pack() []byte {
	whole := dnsmessage.Message{Header: m.header, Questions: m.questions, Answers: m.answers, Authorities: m.authorities,
		Additionals: m.additionals}
	packet, err := whole.Pack()
	if err != nil {
		return nil
	}
	return packet
}

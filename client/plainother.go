package client

import (
	"strconv"
	"strings"

	"parley"
	"parley/plain/wire"
)

// takeOther deals with a line in no format of Parley's. It may still be an answer, of a server of another make: those
// know no digests, and one that sends everything back in upper case does so with the request for a name.
func (p *plain) takeOther(line wire.ServerLine) {
	if p.takeEcho(line.Text) {
		return
	}
	if name, ok := passwordWanted(line.Text); ok {
		p.takeQuestion(name)
		return
	}
	if rest, ok := strings.CutPrefix(line.Text, "stored "); ok {
		if q := p.asked.find(bareFits(askedStore, rest)); q != nil {
			p.asked.remove(q)
			file := parley.File{Name: q.file.Name, Size: q.file.Size, Digest: q.digest.sum()}
			p.emit(Sent{File: file, Unverified: true})
			return
		}
	}
	if rest, ok := strings.CutPrefix(line.Text, "file:"); ok {
		if q := p.asked.find(bareFits(askedFile, rest)); q != nil {
			_, size, _ := bareFile(rest)
			p.receive(q, parley.File{Name: q.file.Name, Size: size}, true)
			return
		}
	}
	p.emit(Line{line.Text})
}

// takeEcho reports whether a text is the request for a name, sent back.
func (p *plain) takeEcho(text string) bool {
	name := p.asked.find(func(q *question) bool { return q.kind == askedName })
	if name == nil || !strings.EqualFold(text, "/name "+p.client.ownName()) {
		return false
	}
	p.asked.remove(name)
	p.opening.open()
	return true
}

// bareFits gives what finds the question that "NAME SIZE" answers.
func bareFits(kind questionKind, s string) func(*question) bool {
	name, size, ok := bareFile(s)
	return func(q *question) bool {
		return ok && q.kind == kind && string(q.file.Name) == name &&
			(kind == askedStore && q.file.Size == size || kind == askedFile && !q.written)
	}
}

// bareFile reads "NAME SIZE".
func bareFile(s string) (name string, size int64, ok bool) {
	i := strings.LastIndexByte(s, ' ')
	if i < 0 || strings.Trim(s[i+1:], "0123456789") != "" {
		return "", 0, false
	}
	size, err := strconv.ParseInt(s[i+1:], 10, 64)
	return s[:i], size, err == nil
}

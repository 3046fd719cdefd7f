package client

import (
	"context"
	"time"

	"parley"
	"parley/plain/wire"
)

// gap gives the time that must lie between two messages.
func (p *plain) gap() time.Duration {
	if p.ours.Load() {
		return 0
	}
	return apart
}

// say sends a text to the room.
func (p *plain) say(ctx context.Context, text string) error {
	return p.out.say(ctx, p.gap(), wire.Command{Verb: wire.Say, Arg: text}.Append(nil), text)
}

// direct sends to one person, through the server.
func (p *plain) direct(ctx context.Context, rest string) error {
	return p.out.say(ctx, p.gap(), wire.Command{Verb: wire.Private, Arg: rest}.Append(nil), "@"+rest)
}

// online asks who is here.
func (p *plain) online(ctx context.Context) error {
	return p.ask(ctx, &question{kind: askedWho}, wire.Command{Verb: wire.Who})
}

// askFile asks for a file.
func (p *plain) askFile(ctx context.Context, name parley.FileName) error {
	q := &question{kind: askedFile, file: parley.File{Name: name}}
	return p.ask(ctx, q, wire.Command{Verb: wire.AskFile, Arg: string(name)})
}

// ask waits for its turn and writes a question.
func (p *plain) ask(ctx context.Context, q *question, command wire.Command) error {
	if err := p.out.take(ctx, p.gap()); err != nil {
		return err
	}
	defer p.out.giveBack()
	return p.write(ctx, q, command)
}

// write writes a question in one's turn. When that fails, the reader tells it; an error says that nothing was written.
func (p *plain) write(ctx context.Context, q *question, command wire.Command) error {
	q.mark = p.out.mark()
	if !p.asked.add(q) {
		return errAway
	}
	p.life.Store(time.Now().UnixNano())
	p.out.write(ctx, command.Append(nil))
	return nil
}

// sendFile sends a file of the client's folder. Nothing else can be sent meanwhile.
func (p *plain) sendFile(ctx context.Context, path string) error {
	content, file, err := p.client.options.Files.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = content.Close() }()
	if err := p.out.take(ctx, p.gap()); err != nil {
		return err
	}
	defer p.out.giveBack()
	q := &question{kind: askedStore, file: file, digest: newDigester()}
	command := wire.Command{Verb: wire.SendFile, Arg: string(file.Name), Size: file.Size}
	if err := p.write(ctx, q, command); err != nil {
		return err
	}
	meter := p.client.meter(string(file.Name), file.Size)
	defer func() { _ = meter.Close() }()
	upload := outgoing{ctx: ctx, out: p.out, digest: q.digest, meter: meter, life: &p.life}
	if upload.send(content, file.Size) == file.Size {
		p.asked.written(q)
		return nil
	}
	// The server waits for the rest. Where the connection still stands, the file has become shorter or cannot be read.
	p.out.fail(parley.Errorf(parley.CodeInvalid, "%s has changed while it was sent", file.Name))
	return nil
}

// markName is the name of no file, so that asking for it costs the server nothing.
const markName parley.FileName = "/"

// mark asks for nothing, where a server of ours may be behind by a second or more: its pace keeps it from reading what
// was pasted or piped in at once, and who leaves meanwhile has not said it all.
func (p *plain) mark(ctx context.Context) {
	if p.ours.Load() && p.out.behind() >= time.Second {
		q := &question{kind: askedMark, file: parley.File{Name: markName}}
		_ = p.ask(ctx, q, wire.Command{Verb: wire.AskFile, Arg: string(markName)}) // else there is nobody to wait for
	}
}

// settle waits until every file that was sent or asked for is answered for and the server is not far behind, or nothing
// has moved for answerTime more than its pace explains.
func (p *plain) settle(ctx context.Context) {
	patience := answerTime + p.out.behind()
	p.mark(ctx)
	for ctx.Err() == nil {
		changed := p.asked.settled()
		left := patience - time.Since(time.Unix(0, p.life.Load()))
		switch {
		case changed == nil:
			return
		case left <= 0 && p.asked.find(isMark) != nil:
			p.client.emit(Notice{"not known whether everything arrived: the server has not read it yet"})
			return
		case left <= 0:
			return
		}
		timer := time.NewTimer(left)
		select {
		case <-changed:
		case <-timer.C:
		case <-ctx.Done():
		}
		timer.Stop()
	}
}

// isMark reports whether a question is one of mark.
func isMark(q *question) bool { return q.kind == askedMark }

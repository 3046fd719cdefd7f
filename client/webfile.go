package client

import (
	"context"
	"errors"
	"io"
	"os"
	"time"

	"parley"
)

// sendFile sends a file of the client's folder. It is sent again when the connection breaks, and is there once.
func (w *web) sendFile(ctx context.Context, path string) error {
	content, file, err := w.client.options.Files.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = content.Close() }()
	w.membership.transfer(1)
	defer w.membership.transfer(-1)
	id := parley.NewMessageID(time.Now())
	w.membership.expectEcho(id, true)
	sent := &sentFile{
		membership: w.membership, file: content, size: file.Size, digest: newDigester(),
		meter: w.client.meter(string(file.Name), file.Size),
	}
	stored, err := w.membership.api().SendFile(ctx, w.home, id, file.Name, file.Size, sent, sent.moved)
	_ = sent.meter.Close()
	if err != nil {
		w.membership.expectEcho(id, false)
		return parley.Wrap(parley.CodeOf(err), err, string(file.Name)+" was not sent: "+parley.Sentence(err))
	}
	file.Digest = sent.digest.sum()
	if stored.File != nil && stored.File.Digest != file.Digest { // there is none where it was deleted at once
		return parley.Errorf(parley.CodeInvalid, "%s has arrived damaged: the server has sha256:%s, here it is sha256:%s",
			file.Name, stored.File.Digest, file.Digest)
	}
	w.client.emit(Sent{File: file})
	return nil
}

// sentFile is the content of a file on its way.
type sentFile struct {
	membership *membership
	file       *os.File
	size       int64 // as the server was told
	digest     *digester
	digested   int64
	meter      io.WriteCloser
	shown      int64
}

// ReadAt gives the bytes at an offset. They are read in order, some of them again.
func (s *sentFile) ReadAt(p []byte, offset int64) (int, error) {
	n, err := s.file.ReadAt(p, offset)
	if err == io.EOF && offset+int64(n) < s.size {
		err = parley.Errorf(parley.CodeInvalid, "it has changed while it was sent")
	}
	if fresh := offset + int64(n) - s.digested; fresh > 0 {
		_, _ = s.digest.Write(p[int64(n)-fresh : n])
		s.digested += fresh
	}
	return n, err
}

// moved shows how far the file has come. What has to be sent again is not shown again.
func (s *sentFile) moved(offset int64) {
	s.membership.transfer(0)
	nothing := make([]byte, readSize)
	for ; s.shown < offset; s.shown += int64(len(nothing)) {
		nothing = nothing[:min(int64(len(nothing)), offset-s.shown)]
		_, _ = s.meter.Write(nothing)
	}
}

// askFile fetches a file, while other things go on.
func (w *web) askFile(_ context.Context, name parley.FileName) error {
	w.membership.transfer(1)
	w.client.done.Go(func() {
		defer w.membership.transfer(-1)
		if err := w.fetch(name); err != nil && w.client.ctx.Err() == nil {
			w.client.emit(problemOf(err))
		}
	})
	return nil
}

// problemOf gives the event that tells of a file that has not come. That there is none is an answer.
func problemOf(err error) Event {
	if errors.Is(err, &parley.Error{Code: parley.CodeNoSuchFile}) {
		return Notice{parley.Sentence(err)}
	}
	return Problem{err}
}

// fetch fetches a file into the client's folder.
func (w *web) fetch(name parley.FileName) error {
	content, err := w.membership.api().File(w.client.ctx, w.home, name, parley.Digest{}, 0)
	if err != nil {
		return err
	}
	defer func() { _ = content.Body.Close() }()
	d := newDownload(w.client, nil, content.File, false)
	buffer := make([]byte, readSize)
	for d.left > 0 {
		n, err := content.Body.Read(buffer[:min(int64(len(buffer)), d.left)])
		w.membership.transfer(0)
		if stop := d.write(buffer[:n]); stop != nil {
			d.abort()
			return nil // why it cannot be kept has been told
		}
		if err != nil && d.left > 0 {
			d.abort()
			return nil
		}
	}
	d.finish()
	return nil
}

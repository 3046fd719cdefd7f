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
	var sent *sentFile
	begin := func() (io.Reader, error) {
		sent.end()
		sent = &sentFile{
			membership: w.membership, file: content, left: file.Size, digest: newDigester(),
			meter: w.client.meter(string(file.Name), file.Size),
		}
		_, err := content.Seek(0, io.SeekStart)
		return sent, err
	}
	stored, err := w.membership.api().SendFile(ctx, w.home, id, file.Name, file.Size, begin)
	sent.end()
	if err != nil {
		w.membership.expectEcho(id, false)
		return parley.Wrap(parley.CodeOf(err), err, string(file.Name)+" was not sent: "+parley.Sentence(err))
	}
	if digest := sent.digest.sum(); digest != stored.File.Digest {
		return parley.Errorf(parley.CodeInvalid, "%s has arrived damaged: the server has sha256:%s, here it is sha256:%s",
			file.Name, stored.File.Digest, digest)
	}
	w.client.emit(Sent{File: parley.File(stored.File)})
	return nil
}

// sentFile is the content of a file on its way.
type sentFile struct {
	membership *membership
	file       *os.File
	left       int64
	digest     *digester
	meter      io.WriteCloser
}

// Read gives the next bytes, until as many have come as the server was told of.
func (s *sentFile) Read(p []byte) (int, error) {
	n, err := s.file.Read(p[:min(int64(len(p)), s.left)])
	s.left -= int64(n)
	if err == io.EOF && s.left > 0 {
		err = parley.Errorf(parley.CodeInvalid, "it has changed while it was sent")
	}
	_, _ = s.digest.Write(p[:n])
	_, _ = s.meter.Write(p[:n])
	s.membership.transfer(0)
	return n, err
}

// end takes the meter away.
func (s *sentFile) end() {
	if s != nil {
		_ = s.meter.Close()
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
	file, content, err := w.membership.api().File(w.client.ctx, w.home, name)
	if err != nil {
		return err
	}
	defer func() { _ = content.Close() }()
	d := newDownload(w.client, nil, file, false)
	buffer := make([]byte, readSize)
	for d.left > 0 {
		n, err := content.Read(buffer[:min(int64(len(buffer)), d.left)])
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

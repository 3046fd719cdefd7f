package transfer

import (
	"context"
	"time"

	"parley"
	"parley/client/api"
	"parley/web/wire"
)

// Sender sends to one room, or to one person. Its methods may be called from any goroutine.
type Sender struct {
	API   *api.Client // with patience, for who goes on after a cut
	Room  wire.Place
	Notes Notes
	Limit int64 // bytes in one file, as the server has told; 0 for none
}

// Sent is a file that the room has been told of.
type Sent struct {
	File    parley.File
	Room    wire.Place
	Number  parley.Seq // of the message; 0 where it could not be found
	Already int64      // bytes of it that another run had sent
}

// Send sends a source, or what an earlier run has left of it. Moved is told how many bytes of it are there; it may go back, by one
// piece. When Send returns an error that trying again can help, or ctx has ended, another Send goes on; else nothing is left at
// the server.
func (s *Sender) Send(ctx context.Context, source *Source, moved func(offset int64)) (Sent, error) {
	if s.Limit > 0 && source.Size > s.Limit {
		return Sent{}, parley.Errorf(parley.CodeTooLarge, "%s has %d bytes, and the server takes files of at most %d bytes",
			source.Name, source.Size, s.Limit)
	}
	h, err := s.Notes.hold(string(source.Name), s.API.Base, string(s.API.Token), string(s.Room), source.absolute)
	if err != nil {
		return Sent{}, err
	}
	defer h.release()
	var n note
	read(h, &n)
	if n.Mark == source.mark && n.Message.Valid() {
		if sent, err := s.sent(ctx, source, n); err == nil { // and only the answer was lost
			sent.Already = source.Size
			h.done()
			return sent, nil
		}
	} else if n, err = s.begin(ctx, h, n, source); err != nil {
		return Sent{}, err
	}
	sent, err := s.send(ctx, h, n, source, moved)
	if err == nil || ctx.Err() == nil && !goesOn(err) {
		h.done()
	}
	return sent, err
}

// goesOn reports whether what has failed with err is remembered, so that a later Send can go on with it.
func goesOn(err error) bool {
	code := parley.CodeOf(err)
	return code.Retry() || code == parley.CodeUnauthorized
}

// begin notes that a source is going to be sent. What is left of an earlier state of it is given up.
func (s *Sender) begin(ctx context.Context, h *held, old note, source *Source) (note, error) {
	if old.Upload != "" {
		s.drop(ctx, old.Upload)
	}
	n := note{Mark: source.mark, Message: parley.NewMessageID(time.Now())}
	return n, h.write(n)
}

// send goes on with what was noted.
func (s *Sender) send(ctx context.Context, h *held, n note, source *Source, moved func(int64)) (Sent, error) {
	upload, err := s.API.BeginUpload(ctx, s.Room, n.Message, source.Name, source.Size) // the same one by the same id
	if err != nil {
		return Sent{}, err
	}
	if n.Upload = upload.ID; n.Upload != "" {
		if err := h.write(n); err != nil {
			return Sent{}, err
		}
	}
	already := int64(-1)
	err = s.API.ContinueUpload(ctx, upload.ID, source, source.Size, func(offset int64) {
		if already < 0 {
			already = offset
		}
		moved(offset)
	})
	if err != nil {
		if ctx.Err() == nil && !goesOn(err) {
			s.drop(ctx, upload.ID)
		}
		return Sent{}, err
	}
	sent, err := s.sent(ctx, source, n)
	if parley.CodeOf(err) == parley.CodeNoSuchMessage { // so much is said there that it is far back already
		digest, _ := source.Digest() // of what has been read
		sent, err = Sent{File: parley.File{Name: source.Name, Size: source.Size, Digest: digest}, Room: s.Room}, nil
	}
	sent.Already = max(already, 0)
	return sent, err
}

// sent tells of a source that was posted.
func (s *Sender) sent(ctx context.Context, source *Source, n note) (Sent, error) {
	m, err := s.API.FileMessage(ctx, s.Room, n.Message, source.Name)
	if err != nil {
		return Sent{}, err
	}
	digest, err := source.Digest()
	if err != nil {
		return Sent{}, err
	}
	if m.File != nil && m.File.Digest != digest { // there is none where it was deleted at once
		return Sent{}, parley.Errorf(parley.CodeInvalid, "%s has arrived damaged, as message %d: the server has sha256:%s, here it is sha256:%s",
			source.Name, m.Number, m.File.Digest, digest)
	}
	return Sent{File: parley.File{Name: source.Name, Size: source.Size, Digest: digest}, Room: m.Room, Number: m.Number}, nil
}

// drop gives an upload up. Where that fails it is gone after its time.
func (s *Sender) drop(ctx context.Context, id parley.UploadID) {
	asked := *s.API
	asked.Patience = 0
	_ = asked.EndUpload(ctx, id)
}

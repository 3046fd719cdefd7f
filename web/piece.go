package web

import (
	"bytes"
	"context"
	"crypto/sha1" // as a checksum that the protocol asks for
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"hash"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"parley"
)

const (
	noteEvery = 8 << 20     // bytes of a piece; what comes after the last note is lost in a crash
	noteAfter = time.Second // the same, for those to whom so many bytes take long
	readPiece = 64 << 10    // bytes at a time
)

// continueUpload takes a piece of an upload.
func continueUpload(ctx context.Context, r *request) (reply, error) {
	turn, content, err := r.resume(ctx)
	if err != nil {
		return reply{}, err
	}
	defer turn.End()
	if r.Header.Get("Content-Type") != "application/offset+octet-stream" {
		return reply{other: unsupportedPiece}, nil
	}
	offset, err := tusNumber(r, "Upload-Offset")
	if err != nil {
		return reply{}, err
	}
	sum, err := checksumOf(r.Header.Values("Upload-Checksum"))
	if err != nil {
		return reply{}, err
	}
	if offset != turn.Offset() {
		return reply{}, parley.Errorf(parley.CodeWrongOffset, "the upload goes on at %d, not at %d", turn.Offset(), offset)
	}
	if left := turn.About().Size - offset; r.ContentLength > left {
		return reply{}, parley.Errorf(parley.CodeTooLarge, "%d bytes are missing of the upload, not %d", left, r.ContentLength)
	}
	if err := takePiece(turn, content, sum); err != nil {
		return reply{}, err
	}
	if err := r.finish(ctx, turn); err != nil {
		return reply{}, err
	}
	return continued(turn), nil
}

// unsupportedPiece answers a piece that does not say that it is one.
var unsupportedPiece = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
	refuseAs(w, http.StatusUnsupportedMediaType, parley.Errorf(parley.CodeInvalid,
		"a piece has the Content-Type application/offset+octet-stream"))
})

// takePiece takes what content brings. With a checksum all of it counts or nothing does; else what has come, whatever comes after.
func takePiece(turn Piece, content io.Reader, sum *checksum) error {
	buffer := make([]byte, readPiece)
	pending, noted := 0, time.Now()
	for {
		n, err := content.Read(buffer)
		if sum != nil {
			_, _ = sum.Write(buffer[:n]) // a hash never fails
		}
		if _, err := turn.Write(buffer[:n]); err != nil {
			return err
		}
		if err != nil {
			return endPiece(turn, sum, err)
		}
		if pending += n; sum == nil && (pending >= noteEvery || time.Since(noted) >= noteAfter) {
			if err := turn.NoteSoon(); err != nil {
				return err
			}
			pending, noted = 0, time.Now()
		}
	}
}

// endPiece has what came of a piece count, which ended with an error: io.EOF where it is whole.
func endPiece(turn Piece, sum *checksum, ended error) error {
	if ended == io.EOF && sum != nil && !sum.matches() {
		return parley.Errorf(parley.CodeWrongChecksum, "the piece has arrived damaged")
	}
	if ended == io.EOF || sum == nil {
		if err := turn.Note(); err != nil {
			return err
		}
	}
	switch {
	case ended == io.EOF:
		return nil
	case errors.Is(ended, errYielded):
		return parley.Wrap(parley.CodeWrongOffset, ended, "the upload goes on by another request")
	}
	return parley.Wrap(parley.CodeInvalid, ended, "the piece did not arrive whole")
}

// checksum is what a piece has to sum up to.
type checksum struct {
	hash.Hash
	want []byte
}

// checksumOf reads Upload-Checksum; nil where there is none.
func checksumOf(values []string) (*checksum, error) {
	if len(values) == 0 {
		return nil, nil
	}
	algorithm, text, _ := strings.Cut(values[0], " ")
	want, err := base64.StdEncoding.DecodeString(text)
	sum := &checksum{want: want}
	switch algorithm {
	case "sha1":
		sum.Hash = sha1.New()
	case "sha256":
		sum.Hash = sha256.New()
	}
	if err != nil || len(values) > 1 || sum.Hash == nil || len(want) != sum.Size() {
		return nil, parley.Errorf(parley.CodeInvalid, "Upload-Checksum is sha1 or sha256, a space, and the sum in base64")
	}
	return sum, nil
}

// matches reports whether what has come is what was meant.
func (c *checksum) matches() bool { return bytes.Equal(c.Sum(nil), c.want) }

// finishEmpty finishes an upload of nothing.
func (r *request) finishEmpty(ctx context.Context, id parley.UploadID) error {
	turn, err := r.server.Uploads.Resume(ctx, id, r.who.ID, func() {})
	if err != nil {
		return err
	}
	defer turn.End()
	return r.finish(ctx, turn)
}

// finish has the room told of an upload that is whole, by whoever may still do so; once, however often it is called.
func (r *request) finish(ctx context.Context, turn Turn) error {
	about := turn.About()
	if turn.Offset() < about.Size {
		return nil
	}
	return turn.Finish(func(file parley.File) (err error) {
		if r.who, err = r.server.whoAsks(r.Request); err != nil {
			return err // it took long, and the token was ended meanwhile
		}
		_, err = r.server.Hub.Do(ctx, r.who, parley.MessagePosted{
			Message: parley.Message{Room: about.Room, ID: about.Message, File: &file},
		})
		return err
	})
}

// yielding is a body that is read until somebody else wants to go on with the upload.
type yielding struct {
	patient

	mu      sync.Mutex
	yielded bool
}

var errYielded = errors.New("the upload goes on by another request")

// Read reads what comes next, as patient does.
func (y *yielding) Read(b []byte) (int, error) {
	y.mu.Lock()
	if y.yielded {
		y.mu.Unlock()
		return 0, errYielded
	}
	_ = y.control.SetReadDeadline(time.Now().Add(stallTimeout)) // fails on a connection that has ended, and so does the read
	y.mu.Unlock()
	n, err := y.Reader.Read(b)
	y.mu.Lock()
	defer y.mu.Unlock()
	if y.yielded && err != nil && err != io.EOF {
		err = errYielded
	}
	return n, err
}

// yield ends reading, also that which waits.
func (y *yielding) yield() {
	y.mu.Lock()
	defer y.mu.Unlock()
	if !y.yielded {
		y.yielded = true
		_ = y.control.SetReadDeadline(time.Unix(1, 0)) // fails on a connection that has ended, and so does the read
	}
}

package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"parley"
	"parley/web/wire"
)

// PieceSize is how large the pieces are in which a file is sent, in bytes. After a cut one is sent again at most.
const PieceSize = 4 << 20

// tus is the version of the protocol for uploads that can be interrupted (https://tus.io/protocols/resumable-upload).
const tus = "1.0.0"

// UploadLimit tells how many bytes a file may have that is sent to a room; 0 where there is no limit.
func (c *Client) UploadLimit(ctx context.Context, room wire.Place) (limit int64, err error) {
	err = c.patiently(ctx, true, func() error {
		header, err := c.askTus(ctx, request{method: http.MethodOptions, path: uploadsPath(room)}, nil)
		if err != nil || header.Get("Tus-Max-Size") == "" {
			return err
		}
		limit, err = numberIn(header, "Tus-Max-Size")
		return err
	})
	return limit, err
}

// BeginUpload announces a file that is sent by ContinueUpload. Whatever has become of it is thrown away after a time that
// the answer tells. With the id of a message that is there already, the room is not told again.
func (c *Client) BeginUpload(ctx context.Context, room wire.Place, id parley.MessageID, name parley.FileName, size int64,
) (begun wire.Upload, err error) {
	r := request{method: http.MethodPost, path: uploadsPath(room)}
	if id != "" {
		r.query = url.Values{"id": {string(id)}}
	}
	err = c.patiently(ctx, true, func() error { // one that nobody goes on with is gone after a day
		request, err := c.newRequest(ctx, r, nil)
		if err != nil {
			return err
		}
		request.Header.Set("Tus-Resumable", tus)
		request.Header.Set("Upload-Length", strconv.FormatInt(size, 10))
		request.Header.Set("Upload-Metadata", "filename "+base64.StdEncoding.EncodeToString([]byte(name)))
		response, err := c.do(request)
		if err != nil {
			return err
		}
		defer drop(response)
		text, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
		if err != nil {
			return unreachable(err)
		}
		begun, err = wire.DecodeAnswer[wire.Upload](text)
		return err
	})
	return begun, err
}

// UploadOffset tells how many bytes of an upload the server has for good. The error is CodeNoSuchUpload or CodeExpired
// where it has to begin anew.
func (c *Client) UploadOffset(ctx context.Context, id parley.UploadID) (offset int64, err error) {
	err = c.patiently(ctx, true, func() error {
		offset, err = c.uploadOffset(ctx, id)
		return err
	})
	return offset, err
}

func (c *Client) uploadOffset(ctx context.Context, id parley.UploadID) (int64, error) {
	header, err := c.askTus(ctx, request{method: http.MethodHead, path: uploadPath(id)}, nil)
	if err != nil {
		return 0, err
	}
	return numberIn(header, "Upload-Offset")
}

// EndUpload gives an upload up. What was posted stays.
func (c *Client) EndUpload(ctx context.Context, id parley.UploadID) error {
	return c.patiently(ctx, true, func() error {
		_, err := c.askTus(ctx, request{method: http.MethodDelete, path: uploadPath(id)}, nil)
		return err
	})
}

// dropUpload gives an upload up that nobody will go on with. Where that fails it is gone after its time.
func (c *Client) dropUpload(ctx context.Context, id parley.UploadID) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	_, _ = c.askTus(ctx, request{method: http.MethodDelete, path: uploadPath(id)}, nil)
}

// ContinueUpload sends what the server does not have yet of content, which has size bytes, until it has all of it and the
// room has been told. It goes on after failures as long as Patience lasts, which begins anew with every piece that has
// arrived. Moved, where it is not nil, is told how far it has come, as bytes leave and when some have to be sent again; it
// is called by one goroutine at a time. When ContinueUpload returns, content is read no more.
func (c *Client) ContinueUpload(ctx context.Context, id parley.UploadID, content io.ReaderAt, size int64,
	moved func(offset int64),
) error {
	if moved == nil {
		moved = func(int64) {}
	}
	offset, err := c.UploadOffset(ctx, id)
	if err != nil {
		return err
	}
	buffer := make([]byte, min(PieceSize, size))
	for p := c.newPatience(); offset < size; {
		moved(offset)
		piece := buffer[:min(PieceSize, size-offset)]
		if _, err := io.ReadFull(io.NewSectionReader(content, offset, int64(len(piece))), piece); err != nil {
			return err
		}
		next, err := c.sendPiece(ctx, id, offset, piece, moved)
		if err == nil {
			offset = next
			p.renew()
			continue
		}
		if parley.CodeOf(err) == parley.CodeWrongOffset { // an earlier request has done more than could be known
			err = parley.Wrap(parley.CodeClosed, err, parley.Sentence(err))
		}
		if !p.again(ctx, err, true) {
			return err
		}
		before := offset
		if offset, err = c.UploadOffset(ctx, id); err != nil {
			return err
		}
		if offset > before {
			p.renew()
		}
	}
	moved(size)
	return nil
}

// sendPiece sends a piece once, and gives where the upload goes on. When it returns, the piece is read no more.
func (c *Client) sendPiece(ctx context.Context, id parley.UploadID, offset int64, piece []byte, moved func(int64)) (int64, error) {
	ctx, w := c.watched(ctx)
	defer w.end()
	at := offset
	body := &uploading{closed: make(chan struct{}), Reader: &watchedReader{
		Reader: bytes.NewReader(piece), watch: w,
		moved: func(n int) {
			at += int64(n)
			moved(at)
		},
	}}
	request, err := c.newRequest(ctx, request{method: http.MethodPatch, path: uploadPath(id)}, body)
	if err != nil {
		return 0, err
	}
	sum := sha256.Sum256(piece)
	request.ContentLength = int64(len(piece))
	request.Header.Set("Tus-Resumable", tus)
	request.Header.Set("Content-Type", "application/offset+octet-stream")
	request.Header.Set("Upload-Offset", strconv.FormatInt(offset, 10))
	request.Header.Set("Upload-Checksum", "sha256 "+base64.StdEncoding.EncodeToString(sum[:]))
	response, err := c.do(request)
	if err != nil {
		err = w.reason(err)
		w.end()
		<-body.closed
		return 0, err
	}
	<-body.closed
	defer drop(response)
	next, err := numberIn(response.Header, "Upload-Offset")
	if err == nil && next != offset+int64(len(piece)) {
		err = parley.Errorf(parley.CodeWrongProtocol, "the server goes on at byte %d after one that ends at %d",
			next, offset+int64(len(piece)))
	}
	return next, err
}

// askTus asks once for something that is answered in headers.
func (c *Client) askTus(ctx context.Context, r request, body io.Reader) (http.Header, error) {
	request, err := c.newRequest(ctx, r, body)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Tus-Resumable", tus)
	response, err := c.do(request)
	if err != nil {
		return nil, err
	}
	drop(response)
	return response.Header, nil
}

// numberIn reads a number of bytes in a header.
func numberIn(header http.Header, name string) (int64, error) {
	n, err := strconv.ParseInt(header.Get(name), 10, 64)
	if err != nil || n < 0 {
		return 0, parley.Errorf(parley.CodeWrongProtocol, "no Parley server answers there: its %s is %q",
			name, parley.CleanLine(header.Get(name)))
	}
	return n, nil
}

// uploadsPath gives the path where uploads to a room begin; to a conversation, whose id or "@NAME" the place is, too.
func uploadsPath(room wire.Place) string { return "/v1/rooms/" + segment(string(room)) + "/uploads" }

func uploadPath(id parley.UploadID) string { return "/v1/uploads/" + segment(string(id)) }

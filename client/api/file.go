package api

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"parley"
	"parley/web/wire"
)

// SendFile sends a file to a room, and goes on after failures as ContinueUpload does. It gives the message that tells the
// room of it; with the same id again that is the same one. Whether the server's digest is that of the content is for whoever
// sends to check.
func (c *Client) SendFile(ctx context.Context, room wire.Place, id parley.MessageID, name parley.FileName, size int64,
	content io.ReaderAt, moved func(offset int64),
) (wire.KeptMessage, error) {
	upload, err := c.BeginUpload(ctx, room, id, name, size)
	if err != nil {
		return wire.KeptMessage{}, err
	}
	if err := c.ContinueUpload(ctx, upload.ID, content, size, moved); err != nil {
		c.dropUpload(ctx, upload.ID)
		return wire.KeptMessage{}, err
	}
	return c.FileMessage(ctx, room, id, name)
}

// FileMessage finds the message that somebody has sent a file by, under the id that it was given. The error is
// CodeNoSuchMessage where there is none among the newest.
func (c *Client) FileMessage(ctx context.Context, room wire.Place, id parley.MessageID, name parley.FileName) (wire.KeptMessage, error) {
	return c.FindMessage(ctx, room, func(m wire.KeptMessage) bool {
		return m.ID == id && (m.Deleted || m.File != nil && m.File.Name == name) // others may have given theirs the same id
	})
}

// uploading is the content of a file while a request carries it.
type uploading struct {
	io.Reader
	closed chan struct{}
	once   sync.Once
}

// Close says that it is read no more.
func (u *uploading) Close() error {
	u.once.Do(func() { close(u.closed) })
	return nil
}

// Content is a file that comes from a server, from some byte on. Whoever has got it reads Body to its end or not, and
// closes it; whether the whole has the digest is theirs to check.
type Content struct {
	File   parley.File
	Offset int64         // how many bytes of the file are not in Body, at its beginning
	Body   io.ReadCloser // ends with an error where the connection does, or nothing moves any more
}

// File asks once for the newest file of a name in a room. From an offset on it comes where the newest still has the digest,
// else from its beginning.
func (c *Client) File(ctx context.Context, room wire.Place, name parley.FileName, digest parley.Digest, offset int64) (Content, error) {
	ctx, w := c.watched(ctx)
	content, err := c.fileFrom(ctx, w, request{method: http.MethodGet, path: filePath(room, name)}, digest, offset)
	if err != nil {
		w.end()
		return Content{}, err
	}
	content.File.Name = name
	return content, nil
}

func (c *Client) fileFrom(ctx context.Context, w *watch, r request, digest parley.Digest, offset int64) (Content, error) {
	request, err := c.newRequest(ctx, r, nil)
	if err != nil {
		return Content{}, err
	}
	if offset > 0 { // RFC 9110, sections 13.1.5 and 14.2
		request.Header.Set("Range", "bytes="+strconv.FormatInt(offset, 10)+"-")
		request.Header.Set("If-Range", `"`+digest.String()+`"`)
	}
	response, err := c.do(request)
	if err != nil {
		return Content{}, err
	}
	content := Content{Body: &body{watchedReader{Reader: response.Body, watch: w}, response.Body}}
	content.File.Digest, err = parley.ParseDigest(strings.Trim(response.Header.Get("ETag"), `"`))
	if err == nil && response.StatusCode == http.StatusPartialContent {
		content.Offset = offset
		var last int64
		_, err = fmt.Sscanf(response.Header.Get("Content-Range"), fmt.Sprintf("bytes %d-%%d/%%d", offset), &last, &content.File.Size)
	} else {
		content.File.Size = response.ContentLength
	}
	if err != nil || response.ContentLength < 0 || content.Offset+response.ContentLength != content.File.Size {
		_ = response.Body.Close()
		return Content{}, parley.Errorf(parley.CodeWrongProtocol, "the server does not say which file that is")
	}
	return content, nil
}

// body is what comes of a file.
type body struct {
	watchedReader
	closer io.Closer
}

// Read reads the next bytes. What ends too early is told as what it is.
func (b *body) Read(p []byte) (int, error) {
	n, err := b.watchedReader.Read(p)
	if err != nil && err != io.EOF {
		err = unreachable(b.watch.reason(err))
	}
	return n, err
}

// Close ends it.
func (b *body) Close() error {
	b.watch.end()
	return b.closer.Close()
}

// filePath gives the path of a file in a room; in a conversation, whose id or "@NAME" the place is, too.
func filePath(room wire.Place, name parley.FileName) string {
	return "/v1/rooms/" + segment(string(room)) + "/files/" + segment(string(name))
}

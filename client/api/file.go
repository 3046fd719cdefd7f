package api

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"parley"
	"parley/web/wire"
)

// SendFile sends a file of a known size to a room. Content gives its bytes from the beginning, each time that it is
// called. With the same id again the room is told of it once.
func (c *Client) SendFile(ctx context.Context, room wire.Place, id parley.MessageID, name parley.FileName, size int64,
	content func() (io.Reader, error),
) (receipt wire.FileReceipt, err error) {
	r := request{method: http.MethodPost, path: filePath(room, name)}
	if id != "" {
		r.query = url.Values{"id": {string(id)}}
	}
	err = c.patiently(ctx, id != "", func() error {
		body, err := content()
		if err != nil {
			return err
		}
		receipt, err = c.upload(ctx, r, body, size)
		return err
	})
	return receipt, err
}

// upload sends a file once. When it returns, nothing of content is read any more.
func (c *Client) upload(ctx context.Context, r request, content io.Reader, size int64) (stored wire.FileReceipt, err error) {
	body := &uploading{Reader: io.LimitReader(content, size), closed: make(chan struct{})}
	request, err := c.newRequest(ctx, r, body)
	if err != nil {
		return stored, err
	}
	request.ContentLength = size
	if size == 0 { // which net/http would take for a size that is not known
		request.Body = http.NoBody
		_ = body.Close()
	}
	request.Header.Set("Content-Type", "application/octet-stream")
	response, err := c.do(request)
	<-body.closed // net/http may close it later, and read it until then
	if err != nil {
		return stored, err
	}
	defer drop(response)
	text, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	if err != nil {
		return stored, unreachable(err)
	}
	return wire.DecodeAnswer[wire.FileReceipt](text)
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

// File asks for the newest file of a name in a room. Whoever gets it reads the content to its end or not, and closes
// it; whether it has the digest is theirs to check.
func (c *Client) File(ctx context.Context, room wire.Place, name parley.FileName) (parley.File, io.ReadCloser, error) {
	request, err := c.newRequest(ctx, request{method: http.MethodGet, path: filePath(room, name)}, nil)
	if err != nil {
		return parley.File{}, nil, err
	}
	response, err := c.do(request)
	if err != nil {
		return parley.File{}, nil, err
	}
	digest, err := parley.ParseDigest(strings.Trim(response.Header.Get("ETag"), `"`))
	if err != nil || response.ContentLength < 0 {
		_ = response.Body.Close()
		return parley.File{}, nil, parley.Errorf(parley.CodeWrongProtocol, "the server does not say which file that is")
	}
	return parley.File{Name: name, Size: response.ContentLength, Digest: digest}, response.Body, nil
}

// filePath gives the path of a file in a room; in a conversation, whose id or "@NAME" the place is, too.
func filePath(room wire.Place, name parley.FileName) string {
	return "/v1/rooms/" + segment(string(room)) + "/files/" + segment(string(name))
}

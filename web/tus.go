package web

import (
	"context"
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"time"

	"parley"
	"parley/web/wire"
)

// The tus protocol for uploads that can be interrupted (https://tus.io/protocols/resumable-upload), as it is spoken here.
const (
	tusVersion    = "1.0.0"
	tusExtensions = "creation,expiration,checksum,termination"
	uploadTime    = 24 * time.Hour // for an upload, from its beginning to its end
)

// overriding has X-HTTP-Method-Override count for uploads, for clients that can say nothing but GET and POST (tus 1.0.0,
// X-HTTP-Method-Override).
func overriding(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		method := r.Header.Get("X-HTTP-Method-Override")
		isUpload := r.Method == http.MethodPost && strings.HasPrefix(r.URL.Path, "/v1/uploads/")
		if isUpload && (method == http.MethodPatch || method == http.MethodDelete) {
			r.Method = method
		}
		next.ServeHTTP(w, r)
	})
}

// uploadAbilities tells what of the protocol is spoken.
func uploadAbilities(_ context.Context, r *request) (reply, error) {
	header := http.Header{
		"Tus-Version": {tusVersion}, "Tus-Extension": {tusExtensions}, "Tus-Checksum-Algorithm": {"sha1,sha256"},
	}
	if limit := r.server.Uploads.Limit(); limit > 0 {
		header.Set("Tus-Max-Size", strconv.FormatInt(limit, 10))
	}
	return reply{status: http.StatusNoContent, header: header}, nil
}

// speaksTus tells why a request is not one of this version of the protocol.
func (r *request) speaksTus() error {
	if r.Header.Get("Tus-Resumable") == tusVersion {
		return nil
	}
	r.writer.Header().Set("Tus-Version", tusVersion)
	return parley.Errorf(parley.CodeWrongProtocol, "say Tus-Resumable: %s", tusVersion)
}

// beginUpload begins an upload, or finds the one that has begun under the same id. One of nothing is whole at once.
func beginUpload(ctx context.Context, r *request) (reply, error) {
	room, err := r.enter(ctx, parley.VerbPost)
	if err != nil {
		return reply{}, err
	}
	if err := r.speaksTus(); err != nil {
		return reply{}, err
	}
	u, err := r.newUpload(room.ID)
	if err != nil {
		return reply{}, err
	}
	if begun, ok := r.server.Uploads.Begun(u); ok {
		return begunUpload(begun), nil
	}
	if err := r.server.Uploads.Begin(u); err != nil {
		return reply{}, err
	}
	if u.Size == 0 {
		if err := r.finishEmpty(ctx, u.ID); err != nil {
			return reply{}, err
		}
	}
	answer := begunUpload(u)
	answer.header.Set("Upload-Offset", "0")
	return answer, nil
}

// begunUpload answers where an upload goes on.
func begunUpload(u parley.Upload) reply {
	return reply{
		status: http.StatusCreated,
		body:   wire.Upload{ID: u.ID, Message: u.Message, Size: u.Size, Expires: wire.At(u.Expires)},
		header: http.Header{"Location": {"/v1/uploads/" + string(u.ID)}, "Upload-Expires": {expires(u)}},
	}
}

// newUpload reads what is to be sent to a room.
func (r *request) newUpload(room parley.RoomID) (parley.Upload, error) {
	size, err := tusNumber(r, "Upload-Length")
	if err != nil {
		return parley.Upload{}, err
	}
	metadata := r.Header.Get("Upload-Metadata")
	name, err := fileNameIn(metadata)
	if err != nil {
		return parley.Upload{}, err
	}
	id, err := r.requestID()
	if id == "" {
		id = parley.NewMessageID(r.server.now())
	}
	expires := r.server.now().Add(uploadTime).Truncate(time.Second) // which is all that a header can say
	return parley.Upload{
		ID: parley.NewUploadID(), Room: room, By: r.who.ID, Message: id, Name: name, Size: size,
		Metadata: metadata, Expires: expires,
	}, err
}

// tusNumber reads a header that is a number.
func tusNumber(r *request, header string) (int64, error) {
	values := r.Header.Values(header)
	if len(values) != 1 || strings.HasPrefix(values[0], "+") {
		return 0, parley.Errorf(parley.CodeInvalid, "%s has to be there once, and be a number of bytes", header)
	}
	n, err := strconv.ParseInt(values[0], 10, 64)
	if err != nil || n < 0 {
		return 0, parley.Errorf(parley.CodeInvalid, "%s is a number of bytes, not %q", header, parley.CleanLine(values[0]))
	}
	return n, nil
}

// fileNameIn gives the name of a file out of what Upload-Metadata says: pairs of a key and its value in base64.
func fileNameIn(metadata string) (parley.FileName, error) {
	for pair := range strings.SplitSeq(metadata, ",") {
		key, value, _ := strings.Cut(strings.TrimSpace(pair), " ")
		if key != "filename" {
			continue
		}
		name, err := base64.StdEncoding.DecodeString(value)
		if err != nil {
			return "", parley.Errorf(parley.CodeInvalid, "the filename in Upload-Metadata is not in base64")
		}
		return parley.ParseFileName(string(name))
	}
	return "", parley.Errorf(parley.CodeInvalid, "Upload-Metadata has to give a filename")
}

// getUpload tells how much of an upload has come. Where all of it has and the room could not be told, it is tried again: a client
// that hears of the last byte asks no more.
func getUpload(ctx context.Context, r *request) (reply, error) {
	turn, _, err := r.resume(ctx)
	if err != nil {
		return reply{}, err
	}
	defer turn.End()
	if err := r.finish(ctx, turn); err != nil {
		return reply{}, err
	}
	answer := continued(turn)
	answer.header.Set("Upload-Length", strconv.FormatInt(turn.About().Size, 10))
	answer.header.Set("Upload-Metadata", turn.About().Metadata)
	return answer, nil
}

// endUpload gives an upload up.
func endUpload(ctx context.Context, r *request) (reply, error) {
	turn, _, err := r.resume(ctx)
	if err != nil {
		return reply{}, err
	}
	defer turn.End()
	turn.Remove()
	return reply{status: http.StatusNoContent}, nil
}

// resume gives the turn at the upload in the path, and what its bytes are read by.
func (r *request) resume(ctx context.Context) (Turn, *yielding, error) {
	if err := r.speaksTus(); err != nil {
		return nil, nil, err
	}
	y := &yielding{patient: patient{r.raw, http.NewResponseController(r.writer)}}
	turn, err := r.server.Uploads.Resume(ctx, parley.UploadID(r.PathValue("upload")), r.who.ID, y.yield)
	return turn, y, err
}

// continued answers how far an upload has come.
func continued(turn Turn) reply {
	return reply{status: http.StatusNoContent, header: http.Header{
		"Upload-Offset": {strconv.FormatInt(turn.Offset(), 10)}, "Upload-Expires": {expires(turn.About())},
	}}
}

// expires is when an upload does, as HTTP writes it (RFC 9110, section 5.6.7).
func expires(u parley.Upload) string { return u.Expires.UTC().Format(http.TimeFormat) }

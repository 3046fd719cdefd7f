package web

import (
	"context"
	"encoding/base64"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"parley"
)

// getFile answers the content of the newest file of that name in a room, or of the one that the server shares.
func getFile(ctx context.Context, r *request) (reply, error) {
	name, err := parley.ParseFileName(r.PathValue("file"))
	if err != nil {
		return reply{}, err
	}
	room, err := r.enter(ctx, parley.VerbEnter)
	if err != nil {
		return reply{}, err
	}
	file, content, err := r.server.Files.Open(ctx, room.ID, name)
	if err != nil {
		return reply{}, err
	}
	return reply{other: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer content.Close()
		serveFile(w, r, file, content)
	})}, nil
}

// serveFile writes a file, or the ranges of it that are asked for (RFC 9110, section 14), so that no browser takes it for a page,
// whatever is in it. Its tag is the digest, so a download goes on with If-Range only where the content is still the same. What
// cannot be read to its end ends the connection, or the client would take it for whole.
func serveFile(w http.ResponseWriter, r *http.Request, file parley.File, content io.ReadSeeker) {
	header := w.Header()
	header.Set("Content-Type", "application/octet-stream")
	header.Set("Content-Disposition", disposition(file.Name))
	header.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	header.Set("ETag", `"`+file.Digest.String()+`"`)
	header.Set("Repr-Digest", "sha-256=:"+base64.StdEncoding.EncodeToString(file.Digest[:])+":") // RFC 9530, section 3
	http.ServeContent(&rangeWriter{ResponseWriter: w}, r, "", time.Time{}, content)
}

// rangeWriter is the writer of an answer that tells of a range that is not there, or that makes no sense, as other failures are
// told of.
type rangeWriter struct {
	http.ResponseWriter
	refused bool
}

// WriteHeader writes the status; where it is a refusal, the whole answer.
func (w *rangeWriter) WriteHeader(status int) {
	if status != http.StatusRequestedRangeNotSatisfiable {
		w.ResponseWriter.WriteHeader(status)
		return
	}
	w.refused = true
	for _, name := range []string{"Content-Disposition", "Repr-Digest", "Accept-Ranges"} {
		w.Header().Del(name) // they are about the file
	}
	refuseAs(w.ResponseWriter, status, parley.Errorf(parley.CodeInvalid, "the file has no such range"))
}

// Write writes content.
func (w *rangeWriter) Write(p []byte) (int, error) {
	if w.refused {
		return len(p), nil
	}
	return w.ResponseWriter.Write(p)
}

// ReadFrom writes content, as directly as net/http can.
func (w *rangeWriter) ReadFrom(src io.Reader) (int64, error) {
	if w.refused {
		return io.Copy(io.Discard, src)
	}
	return io.Copy(innermost(w.ResponseWriter), src)
}

// disposition has a browser save a file under its name (RFC 6266, section 4.3; RFC 8187): the name once for all clients, without
// what they could misread, and once in full.
func disposition(name parley.FileName) string {
	plain := strings.Map(func(r rune) rune {
		if r >= utf8.RuneSelf || r < ' ' || r == '"' || r == '\\' || r == '%' {
			return '_'
		}
		return r
	}, string(name))
	full := strings.ReplaceAll(url.QueryEscape(string(name)), "+", "%20")
	return `attachment; filename="` + plain + `"; filename*=UTF-8''` + full
}

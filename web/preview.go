package web

import (
	"bytes"
	"context"
	"net/http"
	"strings"
	"time"

	"parley"
)

// getPreview answers the picture that a message has as a small one. A browser may keep it, and has to ask each time whether
// it may still show it; the tag is made of the digest alone, so the answer to that takes no decoding.
func getPreview(ctx context.Context, r *request) (reply, error) {
	room, seq, err := r.message(ctx, parley.VerbEnter)
	if err != nil {
		return reply{}, err
	}
	m, err := r.server.State.Message(ctx, room.ID, seq)
	if err != nil {
		return reply{}, err
	}
	if m.File == nil {
		return reply{}, parley.Errorf(parley.CodeNoSuchFile, "this message has no file")
	}
	header := http.Header{"Cache-Control": {"private, no-cache"}, "Etag": {`"` + m.File.Digest.String() + `-320"`}}
	if has(r.Header.Values("If-None-Match"), header.Get("ETag")) {
		return reply{status: http.StatusNotModified, header: header}, nil
	}
	media, content, err := r.server.Previews.Preview(ctx, *m.File)
	if err != nil {
		return reply{}, err
	}
	header.Set("Content-Type", media)
	return reply{other: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		servePreview(w, r, header, content)
	})}, nil
}

// has reports whether a list of entity tags has one, be it as a weak one (RFC 9110, section 13.1.2). The tag has no comma.
func has(lists []string, tag string) bool {
	for _, list := range lists {
		for one := range strings.SplitSeq(list, ",") {
			if strings.TrimPrefix(strings.TrimSpace(one), "W/") == tag {
				return true
			}
		}
	}
	return false
}

// servePreview writes a preview, which is shown as a picture and as nothing else.
func servePreview(w http.ResponseWriter, r *http.Request, header http.Header, content []byte) {
	for name, values := range header {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Security-Policy", "default-src 'none'; sandbox")
	http.ServeContent(&rangeWriter{ResponseWriter: w}, r, "", time.Time{}, bytes.NewReader(content))
}

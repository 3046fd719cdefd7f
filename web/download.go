package web

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
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

// serveFile writes a file so that no browser takes it for a page, whatever is in it.
func serveFile(w http.ResponseWriter, r *http.Request, file parley.File, content io.Reader) {
	header := w.Header()
	header.Set("Content-Type", "application/octet-stream")
	header.Set("Content-Disposition", disposition(file.Name))
	header.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	header.Set("ETag", `"`+file.Digest.String()+`"`)
	if namesTag(r.Header.Values("If-None-Match"), header.Get("ETag")) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	header.Set("Content-Length", strconv.FormatInt(file.Size, 10))
	if r.Method == http.MethodHead {
		w.WriteHeader(http.StatusOK)
		return
	}
	n, err := io.CopyN(w, content, file.Size)
	if err != nil || n != file.Size {
		panic(http.ErrAbortHandler) // what was announced cannot be sent: the connection must end, or the client takes it for whole
	}
}

// namesTag reports whether one of several lists of tags has tag in it (RFC 9110, section 13.1.2).
func namesTag(lists []string, tag string) bool {
	for _, list := range lists {
		for have := range strings.SplitSeq(list, ",") {
			if have = strings.TrimSpace(have); have == "*" || strings.TrimPrefix(have, "W/") == tag {
				return true
			}
		}
	}
	return false
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

package client

import (
	"bytes"
	"crypto/sha256"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"parley"
	"parley/web/wire"
)

func fileOfText(name parley.FileName, text string) parley.File {
	return parley.File{Name: name, Size: int64(len(text)), Digest: sha256.Sum256([]byte(text))}
}

// uploads is the side of a server that takes a file in pieces, as far as one upload needs it.
type uploads struct {
	t       *testing.T
	stored  parley.File // as the room is told
	cuts    int         // pieces whose connection is lost when they have come
	begun   []string    // the ids of the messages
	content []byte
}

// on answers at a server.
func (u *uploads) on(server *webServer) {
	server.handle("POST /v1/rooms/lobby/uploads", func(w http.ResponseWriter, r *http.Request) {
		u.begun = append(u.begun, r.URL.Query().Get("id"))
		if r.Header.Get("Authorization") != "Bearer "+string(aliceToken) {
			u.t.Errorf("it came with %v", r.Header)
		}
		answerJSON(w, http.StatusCreated, wire.Upload{ID: "U", Size: u.stored.Size})
	})
	server.handle("HEAD /v1/uploads/U", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Upload-Offset", strconv.Itoa(len(u.content)))
		w.WriteHeader(http.StatusNoContent)
	})
	server.handle("PATCH /v1/uploads/U", func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Upload-Offset") != strconv.Itoa(len(u.content)) {
			u.t.Errorf("after %d bytes it goes on with %v", len(u.content), r.Header)
		}
		piece, _ := io.ReadAll(r.Body)
		u.content = append(u.content, piece...)
		if u.cuts--; u.cuts >= 0 {
			panic(http.ErrAbortHandler)
		}
		w.Header().Set("Upload-Offset", strconv.Itoa(len(u.content)))
		w.WriteHeader(http.StatusNoContent)
	})
	server.handle("DELETE /v1/uploads/U", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	server.handle("GET /v1/rooms/lobby/messages", func(w http.ResponseWriter, _ *http.Request) {
		m := wire.KeptMessage{Entry: entry("lobby", 8), Content: wire.Content{File: (*wire.File)(&u.stored)}}
		m.ID = parley.MessageID(u.begun[0])
		answerJSON(w, http.StatusOK, wire.MessagePage{Items: wire.List[wire.KeptMessage]{m}})
	})
}

// A file is sent in pieces, and goes on after a cut where the server says; the room is told of it once.
func TestAFileIsSentOverHTTP(t *testing.T) {
	files := NewFolder(t.TempDir())
	text := strings.Repeat("出师表 ", 500_000)
	writeFile(t, filepath.Join(files.Path(), "a b?.txt"), text)
	want := fileOfText("a b?.txt", text)
	j, c, server := joinWeb(t, func(o *Options) { o.Files = files })
	u := &uploads{t: t, stored: want, cuts: 1}
	u.on(server)
	sent := make(chan error, 1)
	go func() { sent <- j.SendFile(t.Context(), "a b?.txt") }()
	j.expect(Sent{File: want})
	j.do(<-sent)
	if len(u.begun) != 1 || !parley.MessageID(u.begun[0]).Valid() || string(u.content) != text {
		t.Errorf("it was begun with the ids %q, and %d bytes have arrived", u.begun, len(u.content))
	}
	own := wire.Message{Entry: entry("lobby", 8), Content: wire.Content{File: (*wire.File)(&want)}}
	own.ID, own.By = parley.MessageID(u.begun[0]), wire.Person{ID: alice.ID, Name: "alice"}
	c.says(own, said(9, "thanks"))
	j.expect(Message{From: "bob", Text: "thanks"})
}

func TestAFileThatCannotBeSentOverHTTP(t *testing.T) {
	files := NewFolder(t.TempDir())
	writeFile(t, filepath.Join(files.Path(), "x"), "content")
	j, _, server := joinWeb(t, func(o *Options) { o.Files = files })
	if err := j.SendFile(t.Context(), "y"); parley.CodeOf(err) != parley.CodeNoSuchFile {
		t.Errorf("a file that is not there: %v", err)
	}
	(&uploads{t: t, stored: fileOfText("x", "contend")}).on(server)
	if err := j.SendFile(t.Context(), "x"); !strings.Contains(parley.Sentence(err), "x has arrived damaged") {
		t.Errorf("other content: %v", err)
	}
	server.handle("POST /v1/rooms/lobby/uploads", func(w http.ResponseWriter, r *http.Request) {
		answerError(w, parley.Errorf(parley.CodeTooLarge, "the file is too large"))
	})
	if err := j.SendFile(t.Context(), "x"); parley.Sentence(err) != "x was not sent: the file is too large" {
		t.Errorf("what is refused: %v", err)
	}
}

func TestAFileIsFetchedOverHTTP(t *testing.T) {
	files := NewFolder(t.TempDir())
	text := strings.Repeat("x", 200_000)
	shore := fileOfText("shore.jpg", text)
	j, _, server := joinWeb(t, func(o *Options) { o.Files = files })
	serve := func(content string, size int, digest parley.Digest) {
		server.handle("GET /v1/rooms/lobby/files/shore.jpg", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("ETag", `"`+digest.String()+`"`)
			w.Header().Set("Content-Length", strconv.Itoa(size))
			_, _ = io.WriteString(w, content)
		})
	}
	serve(text, len(text), shore.Digest)
	j.do(j.AskFile(t.Context(), "shore.jpg"))
	j.expect(Received{File: shore, SavedAs: "shore.jpg", Folder: files.Path()})
	got, err := os.ReadFile(filepath.Join(files.Path(), "shore.jpg"))
	if err != nil || !bytes.Equal(got, []byte(text)) {
		t.Errorf("%d bytes were kept, %v", len(got), err)
	}
	serve(text[1:]+"y", len(text), shore.Digest)
	j.do(j.AskFile(t.Context(), "shore.jpg"))
	j.expectProblem("shore.jpg has arrived damaged")
	serve(text[1000:], len(text), shore.Digest)
	j.do(j.AskFile(t.Context(), "shore.jpg"))
	j.expectProblem("shore.jpg was cut off and is not kept")
	server.handle("GET /v1/rooms/lobby/files/shore.jpg", func(w http.ResponseWriter, _ *http.Request) {
		answerError(w, parley.Errorf(parley.CodeNoSuchFile, "no such file: shore.jpg"))
	})
	j.do(j.AskFile(t.Context(), "shore.jpg"))
	j.expect(Notice{"no such file: shore.jpg"})
	j.Settle(t.Context())
	if left, _ := os.ReadDir(files.Path()); len(left) != 1 {
		t.Errorf("there are %d files", len(left))
	}
}

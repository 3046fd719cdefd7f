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

// A file is sent by the same id until the server has it, so the room is told of it once.
func TestAFileIsSentOverHTTP(t *testing.T) {
	files := NewFolder(t.TempDir())
	text := strings.Repeat("出师表 ", 100_000)
	writeFile(t, filepath.Join(files.Path(), "a b?.txt"), text)
	want := fileOfText("a b?.txt", text)
	var ids []string
	j, c, server := joinWeb(t, func(o *Options) { o.Files = files })
	server.handle("POST /v1/rooms/lobby/files/a%20b%3F.txt", func(w http.ResponseWriter, r *http.Request) {
		ids = append(ids, r.URL.Query().Get("id"))
		if r.Header.Get("Authorization") != "Bearer "+string(aliceToken) || r.ContentLength != want.Size {
			t.Errorf("%v, %d bytes", r.Header, r.ContentLength)
		}
		if len(ids) == 1 { // the connection is lost in the middle
			_, _ = io.CopyN(io.Discard, r.Body, 1000)
			panic(http.ErrAbortHandler)
		}
		got, _ := io.ReadAll(r.Body)
		if string(got) != text {
			t.Errorf("%d bytes have arrived", len(got))
		}
		answerJSON(w, http.StatusCreated, map[string]any{
			"id": ids[1], "room": "lobby", "number": 8, "file": wire.File(want),
		})
	})
	sent := make(chan error, 1)
	go func() { sent <- j.SendFile(t.Context(), "a b?.txt") }()
	j.expect(Sent{File: want})
	j.do(<-sent)
	if len(ids) != 2 || ids[0] != ids[1] || !parley.MessageID(ids[0]).Valid() {
		t.Errorf("it was sent with the ids %q", ids)
	}
	own := wire.Message{Entry: entry("lobby", 8), Content: wire.Content{File: (*wire.File)(&want)}}
	own.ID, own.By = parley.MessageID(ids[0]), wire.Person{ID: alice.ID, Name: "alice"}
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
	for problem, answer := range map[string]http.HandlerFunc{
		"x was not sent: the file is too large": func(w http.ResponseWriter, r *http.Request) {
			answerError(w, parley.Errorf(parley.CodeTooLarge, "the file is too large"))
		},
		"x has arrived damaged": func(w http.ResponseWriter, r *http.Request) {
			answerJSON(w, http.StatusCreated, map[string]any{"file": wire.File(fileOfText("x", "contend"))})
		},
	} {
		server.handle("POST /v1/rooms/lobby/files/x", answer)
		if err := j.SendFile(t.Context(), "x"); !strings.Contains(parley.Sentence(err), problem) {
			t.Errorf("%v, want %q", err, problem)
		}
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

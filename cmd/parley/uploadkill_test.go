//go:build unix

package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"parley/web/wire"
)

// TestAnUploadGoesOnAfterKill sends part of a file, kills the server with SIGKILL while it is coming, starts it again on the same
// data, and goes on where the server says. The file arrives whole, and the room is told of it once.
func TestAnUploadGoesOnAfterKill(t *testing.T) {
	const size, sent = 32 << 20, 24 << 20
	content := make([]byte, size)
	random := rand.NewChaCha8([32]byte{1})
	_, _ = random.Read(content) // it never fails
	data := filepath.Join(t.TempDir(), "data")
	u := uploader{t: t, base: "http://" + freeAddress() + ":7275"}
	server := runServer(t, data, u.base+"?flood=off")
	u.token = u.logIn()
	begun := u.ask("POST", "/v1/rooms/lobby/uploads", nil, "Upload-Length", fmt.Sprint(size), "Upload-Metadata", "filename YS5iaW4=")
	upload := begun.Header.Get("Location")

	body, pipe := io.Pipe()
	cut := make(chan struct{})
	go func() {
		defer close(cut)
		_, _ = u.send("PATCH", upload, body, size, "Upload-Offset", "0", "Content-Type", "application/offset+octet-stream")
	}()
	if _, err := pipe.Write(content[:sent]); err != nil { // most of which the server has, since the kernel does not keep that much
		t.Fatal(err)
	}
	server.kill()
	_ = pipe.CloseWithError(io.ErrUnexpectedEOF)
	<-cut

	server = runServer(t, data, u.base+"?flood=off")
	defer server.kill()
	offset, err := strconv.Atoi(u.ask("HEAD", upload, nil).Header.Get("Upload-Offset"))
	if err != nil || offset <= 0 || offset > sent {
		t.Fatalf("it goes on at %d of %d bytes sent, %v", offset, sent, err)
	}
	rest := content[offset:]
	for range 2 { // the answer may have been lost, and a client that asks again is told the same
		u.ask("PATCH", upload, rest, "Upload-Offset", fmt.Sprint(offset), "Content-Type", "application/offset+octet-stream")
		offset, rest = size, nil
	}
	if got := u.ask("GET", "/v1/rooms/lobby/files/a.bin", nil); sha256.Sum256(got.body) != sha256.Sum256(content) {
		t.Errorf("%d bytes came back, and they are others", len(got.body))
	}
	if n := strings.Count(string(u.ask("GET", "/v1/rooms/lobby/messages", nil).body), `"sha256"`); n != 1 {
		t.Errorf("the room was told %d times", n)
	}
}

// uploader is somebody who sends a file by HTTP.
type uploader struct {
	t     *testing.T
	base  string
	token string
}

// heard is an answer, and all of its body.
type heard struct {
	*http.Response
	body []byte
}

// logIn comes as a guest who comes back.
func (u *uploader) logIn() string {
	u.t.Helper()
	var opened wire.LoggedIn
	answer := u.ask("POST", "/v1/sessions", []byte(`{"name":"ann"}`), "Content-Type", "application/json")
	if err := json.Unmarshal(answer.body, &opened); err != nil {
		u.t.Fatal(err)
	}
	return string(opened.Token)
}

// ask asks for something that must succeed.
func (u *uploader) ask(method, path string, body []byte, header ...string) heard {
	u.t.Helper()
	answer, err := u.send(method, path, bytes.NewReader(body), int64(len(body)), header...)
	if err != nil || answer.StatusCode >= 300 {
		u.t.Fatalf("%s %s: %v %v", method, path, answer, err)
	}
	return answer
}

// send sends a request of size bytes.
func (u *uploader) send(method, path string, body io.Reader, size int64, header ...string) (heard, error) {
	r, err := http.NewRequest(method, u.base+path, body)
	if err != nil {
		return heard{}, err
	}
	r.ContentLength = size
	r.Header.Set("Tus-Resumable", "1.0.0")
	if u.token != "" {
		r.Header.Set("Authorization", "Bearer "+u.token)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	response, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(r)
	if err != nil {
		return heard{}, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	return heard{response, text}, err
}

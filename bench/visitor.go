//go:build linux

package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"os"
)

// fileName is what the file is called that goes to the server and back.
const fileName = "large.bin"

// visitor is somebody who sends and gets files by HTTP, one after the other.
type visitor struct {
	http  http.Client
	base  string
	token string
}

// newVisitor comes to a server as a guest.
func newVisitor(ctx context.Context, address netip.AddrPort) (*visitor, error) {
	v := &visitor{base: "http://" + address.String()}
	answer, err := v.ask(ctx, http.MethodPost, "/v1/sessions", bytes.NewReader([]byte(`{"name":"bench"}`)), "Content-Type", "application/json")
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	var session struct{ Token string }
	err = json.NewDecoder(answer.Body).Decode(&session)
	v.token = session.Token
	return v, err
}

// ask sends a request, and takes any answer but success for an error.
func (v *visitor) ask(ctx context.Context, method, path string, body io.Reader, header ...string) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, method, v.base+path, body)
	if err != nil {
		return nil, err
	}
	if f, ok := body.(*os.File); ok {
		info, err := f.Stat()
		if err != nil {
			return nil, err
		}
		r.ContentLength = info.Size()
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	if v.token != "" {
		r.Header.Set("Authorization", "Bearer "+v.token)
	}
	answer, err := v.http.Do(r)
	if err != nil {
		return nil, err
	}
	if answer.StatusCode >= http.StatusMultipleChoices {
		text, _ := io.ReadAll(io.LimitReader(answer.Body, 1<<10)) // without it the error is still one
		return nil, errors.Join(fmt.Errorf("%s %s: %s: %s", method, path, answer.Status, text), answer.Body.Close())
	}
	return answer, nil
}

// done asks for something whose answer's body does not matter, and gives the answer.
func (v *visitor) done(ctx context.Context, method, path string, body io.Reader, header ...string) (*http.Response, error) {
	answer, err := v.ask(ctx, method, path, body, header...)
	if err != nil {
		return nil, err
	}
	_, err = io.Copy(io.Discard, answer.Body)
	return answer, errors.Join(err, answer.Body.Close())
}

// upload sends a file by tus, until the server says that it has all of it.
func (v *visitor) upload(ctx context.Context, path string, size int64) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	begun, err := v.done(ctx, http.MethodPost, "/v1/rooms/lobby/uploads", nil, "Tus-Resumable", "1.0.0",
		"Upload-Length", fmt.Sprint(size), "Upload-Metadata", "filename "+base64.StdEncoding.EncodeToString([]byte(fileName)))
	if err != nil {
		return err
	}
	_, err = v.done(ctx, http.MethodPatch, begun.Header.Get("Location"), f, "Tus-Resumable", "1.0.0", "Upload-Offset", "0",
		"Content-Type", "application/offset+octet-stream")
	return err
}

// download reads what is at path, and looks at none of it.
func (v *visitor) download(ctx context.Context, path string, size int64) error {
	answer, err := v.ask(ctx, http.MethodGet, path, nil)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	buffer := make([]byte, 256<<10)
	n, err := io.CopyBuffer(struct{ io.Writer }{io.Discard}, answer.Body, buffer)
	if err == nil && n != size {
		err = fmt.Errorf("%d of %d bytes came", n, size)
	}
	return err
}

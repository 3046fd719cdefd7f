package web

import (
	"context"
	"io"
	"net/http"
	"time"

	"parley"
	"parley/web/wire"
)

// stallTimeout is how long nothing may come of a file that is being sent.
const stallTimeout = 60 * time.Second

// sendFile takes a file for a room: the body of the request, byte by byte, whose length is known beforehand.
func sendFile(ctx context.Context, r *request) (reply, error) {
	name, err := parley.ParseFileName(r.PathValue("file"))
	if err != nil {
		return reply{}, err
	}
	if r.ContentLength < 0 {
		return reply{}, parley.Errorf(parley.CodeInvalid, "the size of the file must be known: send a Content-Length")
	}
	id, err := r.requestID()
	if err != nil {
		return reply{}, err
	}
	room, err := r.enter(ctx, parley.VerbPost)
	if err != nil {
		return reply{}, err
	}
	var answer reply
	file, err := r.server.Files.Receive(ctx, name, r.ContentLength, r.patiently(r.raw), func(file parley.File) (err error) {
		if r.who, err = r.server.whoAsks(r.Request); err != nil {
			return err // it took long, and the token was ended meanwhile
		}
		answer, err = r.do(ctx, r.place(), room, id, http.StatusCreated, func(e parley.Entry) parley.RoomEvent {
			return parley.MessagePosted{Message: parley.Message{Room: e.Room, ID: e.ID, File: &file}}
		})
		return err
	})
	if receipt, ok := answer.body.(wire.Receipt); ok {
		answer.body = wire.FileReceipt{Receipt: receipt, File: wire.File(file)}
	}
	return answer, err
}

// patiently reads a body that may take long, as long as it goes on.
func (r *request) patiently(body io.Reader) io.Reader {
	return patient{body, http.NewResponseController(r.writer)}
}

// patient gives each read its own deadline.
type patient struct {
	io.Reader
	control *http.ResponseController
}

// Read reads what comes next, for at most stallTimeout.
func (p patient) Read(b []byte) (int, error) {
	_ = p.control.SetReadDeadline(time.Now().Add(stallTimeout)) // fails on a connection that has ended, and so does the read
	return p.Reader.Read(b)
}

package server

import (
	"context"
	"time"

	"parley"
	"parley/files"
	"parley/web"
)

// expireEvery is how often unfinished uploads are looked at.
const expireEvery = 10 * time.Minute

// uploads keeps what comes in pieces by the HTTP door.
type uploads struct {
	*files.Store
	limit int64
}

// Resume gives somebody the turn at an upload of theirs.
func (u uploads) Resume(ctx context.Context, id parley.UploadID, by parley.SenderID, yield func()) (web.Turn, error) {
	turn, err := u.Store.Resume(ctx, id, by, yield)
	if err != nil {
		return nil, err
	}
	return measured{turn, u.Store}, nil
}

// Limit is how many bytes a file may have.
func (u uploads) Limit() int64 { return u.limit }

// tendUploads throws away what was not finished in time, until ctx ends.
func (s *Server) tendUploads(ctx context.Context) {
	ticker := time.NewTicker(expireEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			s.blobs.Expire()
		case <-ctx.Done():
			return
		}
	}
}

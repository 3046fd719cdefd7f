package server

import (
	"context"
	"errors"
	"io"

	"parley"
	"parley/files"
	"parley/sqlite"
)

// exchange is where files that people send are kept and found: the blobs by content, the state by name, and the folder that
// the operator shares.
type exchange struct {
	store *sqlite.Store
	blobs *files.Store
	share *files.Share // nil for none
}

// Receive keeps exactly size bytes of r as a file, and has post say so. When it may not be kept, it says so before it reads
// anything. The file is durable when post is called; nothing is left of one that did not arrive whole or was not posted.
func (x *exchange) Receive(
	ctx context.Context, name parley.FileName, size int64, r io.Reader, post func(parley.File) error,
) (parley.File, error) {
	upload, err := x.blobs.Create(size)
	if err != nil {
		return parley.File{}, err
	}
	defer upload.Abort() // does nothing after Commit
	if _, err := io.CopyN(upload, r, size); err != nil {
		return parley.File{}, err
	}
	held, err := upload.Commit()
	if err != nil {
		return parley.File{}, err
	}
	defer held.Drop(func() (bool, error) { return x.store.Named(ctx, held.Digest()) }) // does nothing after Keep
	file := measure(x.blobs, parley.File{Name: name, Size: size, Digest: held.Digest()})
	if err := post(file); err != nil {
		return parley.File{}, err
	}
	held.Keep()
	return file, nil
}

// Open gives the newest file of that name that was sent to room, or else the shared one. The error is an *parley.Error,
// CodeNoSuchFile when there is neither, CodeStore for one that is damaged. The caller closes what it gets.
func (x *exchange) Open(ctx context.Context, room parley.RoomID, name parley.FileName) (parley.File, io.ReadSeekCloser, error) {
	file, err := x.store.NewestFile(ctx, room, name)
	if err == nil {
		content, err := x.whole(file)
		return file, content, err
	}
	if !errors.Is(err, &parley.Error{Code: parley.CodeNoSuchFile}) || x.share == nil {
		return parley.File{}, nil, err
	}
	content, file, err := x.share.Open(ctx, name)
	if err != nil {
		return parley.File{}, nil, err
	}
	return file, content, nil
}

// whole opens a file that was sent, of which all has to be there.
func (x *exchange) whole(file parley.File) (io.ReadSeekCloser, error) {
	content, err := x.blobs.Open(file.Digest)
	if err != nil {
		return nil, err
	}
	if info, err := content.Stat(); err != nil || info.Size() != file.Size {
		_ = content.Close() // nothing was written
		return nil, parley.Wrap(parley.CodeStore, err, "this file is damaged on the server")
	}
	return content, nil
}

package server

import (
	"context"
	"io"

	"parley"
	"parley/files"
	"parley/picture"
	"parley/web"
)

// measure notes how large a picture is in the file that is going to be posted, before it is. Whatever cannot be measured is
// posted all the same, as a file.
func measure(blobs *files.Store, file parley.File) parley.File {
	content, err := blobs.Open(file.Digest)
	if err != nil {
		return file
	}
	defer content.Close()
	file.Width, file.Height = picture.Measure(content)
	return file
}

// measured is a turn at an upload of which the pixels are counted when it is whole.
type measured struct {
	*files.Turn
	blobs *files.Store
}

// Finish has post say that the upload is whole.
func (m measured) Finish(post func(parley.File) error) error {
	return m.Turn.Finish(func(file parley.File) error { return post(measure(m.blobs, file)) })
}

var _ web.Turn = measured{}

// previews makes previews of contents that are kept.
type previews struct {
	made  *picture.Previews
	blobs *files.Store
}

// Preview gives the preview of a file.
func (p previews) Preview(ctx context.Context, file parley.File) (media string, content []byte, err error) {
	small, err := p.made.Of(ctx, file, func(d parley.Digest) (io.ReadSeekCloser, error) { return p.blobs.Open(d) })
	return small.Media, small.Content, err
}

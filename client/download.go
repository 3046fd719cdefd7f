package client

import (
	"io"

	"parley"
)

// discardLimit is how many bytes of a file that cannot be kept are read and dropped. Where more are to come, the
// connection is closed instead, to come back without them.
const discardLimit = 1 << 20

// download is a file that is arriving.
type download struct {
	client *Client
	asked  *question   // open until all of the file is here
	file   parley.File // as the server has announced it
	blind  bool        // the server has not told its digest
	left   int64
	into   *Incoming // nil once it has failed
	digest *digester
	meter  io.WriteCloser
}

// newDownload begins to receive a file, unverified if its digest is not known. Where it cannot be kept, that is told,
// and its bytes are dropped.
func newDownload(c *Client, asked *question, file parley.File, unverified bool) *download {
	d := &download{
		client: c, asked: asked, file: file, blind: unverified, left: file.Size, digest: newDigester(),
		meter: c.meter(string(file.Name), file.Size),
	}
	into, err := c.options.Files.Receive(file.Name)
	if err != nil {
		d.fail(err)
	}
	d.into = into
	return d
}

// write takes the next bytes, no more than are left. An error means that the connection has to end.
func (d *download) write(p []byte) error {
	d.left -= int64(len(p))
	_, _ = d.digest.Write(p)
	_, _ = d.meter.Write(p)
	if d.into != nil {
		if _, err := d.into.Write(p); err != nil {
			d.fail(notKept(d.file.Name, err))
		}
	}
	if d.into == nil && d.left > discardLimit {
		return parley.Errorf(parley.CodeStore, "%s is not wanted any more", d.file.Name)
	}
	return nil
}

// finish checks and keeps the file that has arrived.
func (d *download) finish() {
	_ = d.meter.Close()
	if d.into == nil {
		return
	}
	got := d.digest.sum()
	if d.blind {
		d.file.Digest = got
	}
	if got != d.file.Digest {
		d.fail(parley.Errorf(parley.CodeInvalid, "%s has arrived damaged and is not kept: it has sha256:%s, not sha256:%s",
			d.file.Name, got, d.file.Digest))
		return
	}
	savedAs, err := d.into.Keep()
	if err != nil {
		d.client.emit(Problem{err})
		return
	}
	d.client.emit(Received{File: d.file, SavedAs: savedAs, Folder: d.client.options.Files.Path(), Unverified: d.blind})
}

// abort drops the file because the connection has ended.
func (d *download) abort() {
	_ = d.meter.Close()
	if d.into != nil {
		d.fail(parley.Errorf(parley.CodeClosed, "%s was cut off and is not kept: %d of %d bytes are missing",
			d.file.Name, d.left, d.file.Size))
	}
}

// fail drops what has arrived and says why.
func (d *download) fail(err error) {
	if d.into != nil {
		d.into.Drop()
		d.into = nil
	}
	d.client.emit(Problem{err})
}

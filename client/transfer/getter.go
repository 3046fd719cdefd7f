package transfer

import (
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"io/fs"
	"path/filepath"

	"parley"
	"parley/client"
	"parley/client/api"
	"parley/web/wire"
)

// Getter gets files that were sent to one room, or by one person, into a folder. Its methods may be called from any goroutine.
type Getter struct {
	API    *api.Client // what it cannot do it tries again for as long as this has patience, which every byte renews
	Room   wire.Place
	Folder *client.Folder
	Notes  Notes // in which it is seen to that nobody else is at the same file
}

// Got is a file or a folder that is there now.
type Got struct {
	File    parley.File // as it was sent; of a folder, its archive
	SavedAs string      // in the folder: the name, or with a number the first that was free
	Already int64       // bytes of it that another run had got
}

// coming is a file on its way.
type coming struct {
	getter *Getter
	file   parley.File
	into   *client.Incoming
	sum    io.Writer
	digest func() parley.Digest
	here   int64
	moved  func(size, offset int64)
}

// Get gets the newest file of a name; with unpack it is the archive of a folder, and the folder is what is kept. Moved is told
// how many bytes of how many are there. What has come of a file that cannot be had whole stays, and another Get goes on; but not
// what has arrived damaged.
func (g *Getter) Get(ctx context.Context, name parley.FileName, unpack bool, moved func(size, offset int64)) (Got, error) {
	var got Got
	err := g.API.Patiently(ctx, func() (further bool, err error) {
		got, further, err = g.get(ctx, name, unpack, moved)
		return further, err
	})
	return got, err
}

// errNewer is what a get ends with when meanwhile another file of that name was sent.
var errNewer = parley.Errorf(parley.CodeClosed, "a newer file of that name has been sent meanwhile")

// get asks once. More reports that something has come.
func (g *Getter) get(ctx context.Context, name parley.FileName, unpack bool, moved func(size, offset int64)) (got Got, more bool, err error) {
	content, err := g.API.File(ctx, g.Room, name, parley.Digest{}, 0)
	if err != nil {
		return Got{}, false, err
	}
	defer func() { _ = content.Body.Close() }()
	place, err := filepath.Abs(filepath.Join(g.Folder.Path(), client.PartOf(content.File)))
	if err != nil {
		return Got{}, false, err
	}
	h, err := g.Notes.hold(string(name), place)
	if err != nil {
		return Got{}, false, err
	}
	defer h.release()
	c := &coming{getter: g, file: content.File, moved: moved}
	if c.into, err = g.Folder.Continue(content.File); err != nil {
		return Got{}, false, final(err)
	}
	already, err := c.rest(ctx, content)
	if err == errNewer { // nobody can have the rest any more
		c.into.Drop()
		return Got{}, true, err
	}
	if err != nil {
		_ = c.into.Close()
		return Got{}, c.here > already, err
	}
	if c.digest() != c.file.Digest {
		c.into.Drop()
		return Got{}, false, parley.Errorf(parley.CodeInvalid, "%s has arrived damaged and is not kept: it has sha256:%s, not sha256:%s",
			name, c.digest(), c.file.Digest)
	}
	got, err = c.keep(unpack)
	got.Already = already
	return got, true, err
}

// keep gives what has come whole its place.
func (c *coming) keep(unpack bool) (Got, error) {
	got := Got{File: c.file}
	var err error
	if !unpack {
		got.SavedAs, err = c.into.Keep()
		return got, final(err)
	}
	if got.SavedAs, err = unpackInto(c.getter.Folder.Path(), c.into.File, c.file); err == nil {
		c.into.Drop()
		return got, nil
	}
	reason := parley.Sentence(err)
	if got.SavedAs, err = c.into.Keep(); err != nil {
		return got, final(err)
	}
	return got, parley.Errorf(parley.CodeInvalid, "%s is kept as it came, since it is not unpacked: %s", got.SavedAs, reason)
}

// rest gets what is missing. It gives how much was there before.
func (c *coming) rest(ctx context.Context, content api.Content) (already int64, err error) {
	if err := c.hashHere(ctx); err != nil {
		return 0, err
	}
	already = c.here
	c.moved(c.file.Size, c.here)
	if c.here == c.file.Size {
		return already, nil
	}
	body := content.Body
	if c.here > 0 {
		_ = content.Body.Close() // which began at the beginning
		further, err := c.getter.API.File(ctx, c.getter.Room, c.file.Name, c.file.Digest, c.here)
		if err != nil {
			return already, err
		}
		defer func() { _ = further.Body.Close() }()
		if further.File.Digest != c.file.Digest {
			return already, errNewer
		}
		if further.Offset != c.here {
			return already, parley.Errorf(parley.CodeWrongProtocol, "the server does not go on in the middle of a file")
		}
		body = further.Body
	}
	return already, c.copy(body)
}

// hashHere reads what is there already.
func (c *coming) hashHere(ctx context.Context) error {
	sum := sha256.New()
	c.sum, c.digest = sum, func() parley.Digest { return parley.Digest(sum.Sum(nil)) }
	info, err := c.into.Stat()
	if err == nil && info.Size() > c.file.Size {
		err = c.into.Truncate(0)
	}
	buffer := make([]byte, 256<<10)
	for err == nil && ctx.Err() == nil {
		var n int
		n, err = c.into.Read(buffer)
		_, _ = sum.Write(buffer[:n])
		c.here += int64(n)
	}
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != io.EOF:
		return notKept(c.file.Name, err)
	}
	return nil
}

// copy takes what comes.
func (c *coming) copy(body io.Reader) error {
	buffer := make([]byte, 256<<10)
	for c.here < c.file.Size {
		n, err := body.Read(buffer[:min(int64(len(buffer)), c.file.Size-c.here)])
		if _, failed := c.into.Write(buffer[:n]); failed != nil {
			return notKept(c.file.Name, failed)
		}
		_, _ = c.sum.Write(buffer[:n])
		c.here += int64(n)
		c.moved(c.file.Size, c.here)
		switch {
		case err == io.EOF && c.here < c.file.Size:
			return parley.Errorf(parley.CodeClosed, "%s was cut off: %d of %d bytes are missing", c.file.Name, c.file.Size-c.here, c.file.Size)
		case err != nil && err != io.EOF:
			return err
		}
	}
	return nil
}

// final gives an error of this side, which trying again does not help.
func final(err error) error {
	if err == nil {
		return nil
	}
	return parley.Wrap(parley.CodeInvalid, err, parley.Sentence(err))
}

// notKept makes the error about a disk on this side, which trying again does not help.
func notKept(name parley.FileName, err error) error {
	reason := err
	if inner, ok := errors.AsType[*fs.PathError](err); ok {
		reason = inner.Err
	}
	return parley.Wrap(parley.CodeInvalid, err, string(name)+" cannot be kept: "+reason.Error())
}

// looksBack is how many messages are looked at for those that carry a file.
const looksBack = 1000

// Message gives the number of the message that tells of a file, and how many of the newest messages carry one of its name. Both
// are 0 where that cannot be found out.
func (g *Getter) Message(ctx context.Context, file parley.File) (number parley.Seq, several int) {
	page, err := g.API.Messages(ctx, g.Room, api.Page{Limit: looksBack, Newest: true})
	if err != nil {
		return 0, 0
	}
	for _, m := range page.Items {
		if m.File == nil || m.File.Name != file.Name {
			continue
		}
		several++
		if number == 0 && m.File.Digest == file.Digest {
			number = m.Number
		}
	}
	return number, several
}

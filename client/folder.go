package client

import (
	"crypto/rand"
	"errors"
	"io/fs"
	"net/netip"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"parley"
)

// Folder is where a client's files come from and go to. Nothing outside of it is ever opened, whatever a name says, not
// even by a symbolic link. It is made when the first file arrives. Its methods may be called from any goroutine.
type Folder struct {
	mu   sync.Mutex
	path string
}

// NewFolder gives the folder at a path. With "" it gets its path by NameAfter.
func NewFolder(path string) *Folder { return &Folder{path: path} }

// NameAfter gives a folder that has no path yet one in the working directory: the name of the client, or else its
// address.
func (f *Folder) NameAfter(name string, address netip.Addr) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.path != "" {
		return
	}
	if name == "" {
		name = address.Unmap().WithZone("").String()
	}
	f.path = strings.ReplaceAll(name, ":", "-") // which is in IPv6 addresses and in no name of a file on Windows
}

// Path gives the path of the folder.
func (f *Folder) Path() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.path
}

// Open opens a file in the folder, or in one below it, for sending. The File has no Digest yet. The error is an
// *parley.Error: CodeNoSuchFile, or CodeNameInvalid for what lies outside and for names that cannot be sent.
func (f *Folder) Open(path string) (*os.File, parley.File, error) {
	if path == "" {
		return nil, parley.File{}, parley.Errorf(parley.CodeNameInvalid, "which file? write send file:PATH")
	}
	name, err := parley.ParseFileName(filepath.Base(filepath.FromSlash(path)))
	if err != nil {
		return nil, parley.File{}, err
	}
	if !filepath.IsLocal(filepath.FromSlash(path)) {
		return nil, parley.File{}, parley.Errorf(parley.CodeNameInvalid,
			"%s is outside of the folder %s: only files in it are sent", parley.CleanLine(path), f.Path())
	}
	root, err := os.OpenRoot(f.Path())
	if err != nil {
		return nil, parley.File{}, f.notSent(path, err)
	}
	defer func() { _ = root.Close() }()
	if info, err := root.Stat(filepath.FromSlash(path)); err == nil && !info.Mode().IsRegular() {
		return nil, parley.File{}, f.notSent(path, errors.New("not a file")) // opening a pipe would wait for its other end
	}
	file, err := root.Open(filepath.FromSlash(path))
	if err != nil {
		return nil, parley.File{}, f.notSent(path, err)
	}
	info, err := file.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = errors.New("not a file")
	}
	if err != nil {
		_ = file.Close()
		return nil, parley.File{}, f.notSent(path, err)
	}
	return file, parley.File{Name: name, Size: info.Size()}, nil
}

// notSent makes the error about a file that cannot be opened.
func (f *Folder) notSent(path string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		sentence := "there is no file " + parley.CleanLine(path) + " in the folder " + f.Path()
		return parley.Wrap(parley.CodeNoSuchFile, err, sentence)
	}
	return parley.Wrap(parley.CodeInvalid, err, parley.CleanLine(path)+" cannot be sent: "+innermost(err))
}

// Receive makes a temporary file in the folder for content to come. One of its Keep and Drop must be called.
func (f *Folder) Receive(name parley.FileName) (*Incoming, error) {
	if err := os.MkdirAll(f.Path(), 0o777); err != nil {
		return nil, notKept(name, err)
	}
	root, err := os.OpenRoot(f.Path())
	if err != nil {
		return nil, notKept(name, err)
	}
	temporary := ".parley-" + rand.Text() + ".part"
	file, err := root.OpenFile(temporary, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		_ = root.Close()
		return nil, notKept(name, err)
	}
	return &Incoming{File: file, root: root, name: name, temporary: temporary}, nil
}

// PartOf gives the name under which the content of a file lies in a folder while it arrives over more than one run: that of
// the file, and some of its digest, so that what belongs to another content is never taken for a part of this one.
func PartOf(file parley.File) string {
	end := "." + file.Digest.String()[:16] + ".part"
	name := string(file.Name)
	for len(name)+len(end) > parley.MaxFileName {
		_, size := utf8.DecodeLastRuneInString(name)
		name = name[:len(name)-size]
	}
	return name + end
}

// Continue opens what has arrived of a file in an earlier run, or makes the file for it. It can be read as well, and begins at
// its beginning. One of its Keep, Drop and Close must be called; after Close, Continue can be called again.
func (f *Folder) Continue(announced parley.File) (*Incoming, error) {
	if err := os.MkdirAll(f.Path(), 0o777); err != nil {
		return nil, notKept(announced.Name, err)
	}
	root, err := os.OpenRoot(f.Path())
	if err != nil {
		return nil, notKept(announced.Name, err)
	}
	name := PartOf(announced)
	info, err := root.Lstat(name)
	if err == nil && !info.Mode().IsRegular() { // somebody else's link or pipe would be written to
		err = errors.New(name + " is in the way, and no file")
	} else {
		err = nil
	}
	var file *os.File
	if err == nil {
		file, err = root.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o666)
	}
	if err != nil {
		_ = root.Close()
		return nil, notKept(announced.Name, err)
	}
	return &Incoming{File: file, root: root, name: announced.Name, temporary: name}, nil
}

// Incoming is a file that is arriving. It is written to; no other method of os.File is of use, but for those to read one that
// Continue gave.
type Incoming struct {
	*os.File
	root      *os.Root
	name      parley.FileName
	temporary string
}

// Keep makes the file durable under its name, or under the next free one of NAME-1, NAME-2 and so on, where the number
// stands before the extension (shore-1.jpg). A file that is there is never replaced.
func (i *Incoming) Keep() (savedAs string, err error) {
	if err := errors.Join(i.Sync(), i.Close()); err != nil {
		i.Drop()
		return "", notKept(i.name, err)
	}
	savedAs, err = i.reserve()
	if err == nil {
		err = i.root.Rename(i.temporary, savedAs)
	}
	if err != nil {
		i.Drop()
		return "", notKept(i.name, err)
	}
	return savedAs, errors.Join(syncRoot(i.root), i.root.Close())
}

// Drop removes what has arrived.
func (i *Incoming) Drop() {
	_ = i.Close()
	_ = i.root.Remove(i.temporary)
	_ = i.root.Close()
}

// reserve makes an empty file of the first name that is free, so that nobody else takes it before the rename.
func (i *Incoming) reserve() (string, error) {
	for n := 0; ; n++ {
		name := numbered(string(i.name), n)
		file, err := i.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if err == nil {
			return name, file.Close()
		}
		if !errors.Is(err, fs.ErrExist) {
			return "", err
		}
	}
}

// numbered gives the n-th name to try for a file: shore.jpg, shore-1.jpg, shore-2.jpg. A name that becomes too long
// loses characters before its number.
func numbered(name string, n int) string {
	if n == 0 {
		return name
	}
	extension := filepath.Ext(name)
	stem := strings.TrimSuffix(name, extension)
	if stem == "" || len(extension) > 32 { // .profile, and what is no extension but text behind a full stop
		stem, extension = name, ""
	}
	end := "-" + strconv.Itoa(n) + extension
	for len(stem)+len(end) > parley.MaxFileName {
		_, size := utf8.DecodeLastRuneInString(stem)
		stem = stem[:len(stem)-size]
	}
	return stem + end
}

// syncRoot makes a rename in a folder durable. Windows does that by itself and cannot sync a folder.
func syncRoot(root *os.Root) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	folder, err := root.Open(".")
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

// notKept makes the error about a file that arrives and cannot be written.
func notKept(name parley.FileName, err error) error {
	return parley.Wrap(parley.CodeStore, err, string(name)+" cannot be kept: "+innermost(err))
}

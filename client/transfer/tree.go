package transfer

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"parley"
)

// block is what everything in an archive is a multiple of, in bytes (POSIX.1-2017, pax, "ustar Interchange Format").
const block = 512

// archiveEnd is how the name of a folder's archive ends.
const archiveEnd = ".tar"

// addFolder makes an archive of a folder the whole: its entries in the order of their names, so the same folder always gives
// the same bytes.
func (s *Source) addFolder() error {
	name, err := parley.ParseFileName(filepath.Base(s.absolute))
	if err != nil {
		return err
	}
	if s.Name, err = parley.ParseFileName(string(name) + archiveEnd); err != nil {
		return err
	}
	if s.root, err = os.OpenRoot(s.Path); err != nil {
		return err
	}
	s.open = s.root.Open
	marks := sha256.New()
	err = fs.WalkDir(s.root.FS(), ".", func(at string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		fmt.Fprintln(marks, at, info.Mode(), info.Size(), info.ModTime().UnixNano())
		return s.addEntry(path.Join(string(name), at), at, info)
	})
	s.mark = fmt.Sprintf("%x", marks.Sum(nil))
	s.add(part{size: 2 * block, bytes: make([]byte, 2*block)})
	return err
}

// addEntry adds what is at a place in the folder, under a name.
func (s *Source) addEntry(name, at string, info fs.FileInfo) error {
	if at != "." {
		if _, err := parley.ParseFileName(path.Base(at)); err != nil {
			return parley.Wrap(parley.CodeNameInvalid, err, parley.CleanLine(name)+" cannot be sent: "+parley.Sentence(err))
		}
	}
	header := &tar.Header{Name: name, ModTime: info.ModTime(), Mode: 0o644}
	switch {
	case info.IsDir():
		header.Typeflag, header.Name, header.Mode = tar.TypeDir, name+"/", 0o755
	case info.Mode().IsRegular():
		header.Typeflag, header.Size = tar.TypeReg, info.Size()
		if info.Mode()&0o100 != 0 {
			header.Mode = 0o755
		}
	default:
		s.Skipped = append(s.Skipped, name)
		return nil
	}
	var b bytes.Buffer
	if err := tar.NewWriter(&b).WriteHeader(header); err != nil {
		return parley.Wrap(parley.CodeNameInvalid, err, parley.CleanLine(name)+" cannot be sent: its name is too long")
	}
	s.add(part{size: int64(b.Len()), bytes: b.Bytes()})
	if header.Size == 0 {
		return nil
	}
	file, err := s.root.Open(at)
	if err != nil {
		return notSent(name, err)
	}
	s.add(part{size: header.Size, path: filepath.FromSlash(at), changed: info.ModTime()})
	fill := -header.Size & (block - 1)
	s.add(part{size: fill, bytes: make([]byte, fill)})
	return file.Close()
}

// FolderName reports whether a name as it is typed means a folder: it ends with a slash. It gives the name of the archive.
func FolderName(typed string) (archive string, ok bool) {
	name := strings.TrimRight(typed, `/\`)
	return name + archiveEnd, name != typed
}

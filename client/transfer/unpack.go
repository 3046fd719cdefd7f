package transfer

import (
	"archive/tar"
	"crypto/rand"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"parley"
)

// unpackInto unpacks the archive of a folder into another folder, as the first name that is free there: project, project-1.
// An archive comes from somebody: all of it is looked at before anything of it is made, and nothing is made outside of the new
// folder. It has folders and files, with names that parley.ParseFileName accepts; what has links, or a name twice, is refused as
// a whole.
func unpackInto(folder string, archive *os.File, file parley.File) (savedAs string, err error) {
	top := strings.TrimSuffix(string(file.Name), archiveEnd)
	if err := eachEntry(archive, file.Size, top, func(string, *tar.Header, io.Reader) error { return nil }); err != nil {
		return "", err
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		return "", err
	}
	defer func() { _ = root.Close() }()
	temporary := ".parley-" + rand.Text() + ".part"
	if err := root.Mkdir(temporary, 0o777); err != nil {
		return "", err
	}
	if err = fill(root, temporary, archive, file.Size, top); err == nil {
		savedAs, err = settle(root, temporary, top)
	}
	if err != nil {
		_ = root.RemoveAll(temporary)
		return "", notUnpacked(err)
	}
	return savedAs, nil
}

// eachEntry gives the entries of an archive: their places below the folder at its top, which is "" for that itself.
func eachEntry(archive *os.File, size int64, top string, do func(place string, h *tar.Header, content io.Reader) error) error {
	if _, err := archive.Seek(0, io.SeekStart); err != nil {
		return err
	}
	entries, all := tar.NewReader(archive), int64(0)
	for first := true; ; first = false {
		h, err := entries.Next()
		if err == io.EOF && !first {
			return nil
		}
		if err != nil {
			return parley.Errorf(parley.CodeInvalid, "it is no archive")
		}
		place, err := placeOf(h, top)
		if err != nil {
			return err
		}
		if all += h.Size; h.Size < 0 || all > size { // one with holes, which could be of any size
			return parley.Errorf(parley.CodeInvalid, "it would be larger than it is")
		}
		if err := do(place, h, entries); err != nil {
			return err
		}
	}
}

// placeOf gives where an entry belongs.
func placeOf(h *tar.Header, top string) (string, error) {
	odd := parley.Errorf(parley.CodeInvalid, "it has an entry that no folder has: %s", parley.CleanLine(h.Name))
	if h.Typeflag != tar.TypeDir && h.Typeflag != tar.TypeReg {
		return "", odd
	}
	name := h.Name
	if h.Typeflag == tar.TypeDir {
		name = strings.TrimSuffix(name, "/")
	}
	names := strings.Split(name, "/")
	for _, n := range names {
		if _, err := parley.ParseFileName(n); err != nil || !filepath.IsLocal(n) {
			return "", odd
		}
	}
	if names[0] != top || len(names) == 1 && h.Typeflag != tar.TypeDir {
		return "", odd
	}
	return filepath.Join(names[1:]...), nil
}

// fill makes what is in an archive in a new folder.
func fill(root *os.Root, name string, archive *os.File, size int64, top string) error {
	into, err := root.OpenRoot(name)
	if err != nil {
		return err
	}
	defer func() { _ = into.Close() }()
	return eachEntry(archive, size, top, func(place string, h *tar.Header, content io.Reader) error {
		switch {
		case place == "":
			return nil
		case h.Typeflag == tar.TypeDir:
			return into.MkdirAll(place, 0o777)
		}
		if err := into.MkdirAll(filepath.Dir(place), 0o777); err != nil {
			return err
		}
		mode := fs.FileMode(0o666)
		if h.Mode&0o100 != 0 {
			mode = 0o777
		}
		file, err := into.OpenFile(place, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
		if err != nil {
			return err
		}
		_, err = io.Copy(file, content)
		if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
			return err
		}
		return into.Chtimes(place, h.ModTime, h.ModTime)
	})
}

// settle gives a folder the first name that is free.
func settle(root *os.Root, temporary, name string) (string, error) {
	free := name
	for n := 1; ; n++ {
		_, err := root.Lstat(free)
		if errors.Is(err, fs.ErrNotExist) {
			return free, root.Rename(temporary, free)
		}
		if err != nil {
			return "", err
		}
		free = name + "-" + strconv.Itoa(n)
	}
}

// notUnpacked makes the error about an archive that cannot be unpacked.
func notUnpacked(err error) error {
	if coded, ok := errors.AsType[*parley.Error](err); ok {
		return coded
	}
	reason := err
	if inner, ok := errors.AsType[*fs.PathError](err); ok {
		reason = inner.Err
	}
	return parley.Wrap(parley.CodeInvalid, err, parley.CleanLine(reason.Error()))
}

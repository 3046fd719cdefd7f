package classlist

import (
	_ "embed"
	"errors"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"os"

	"parley"
)

// page has the parts of a page of slips.
//
//go:embed slips.html
var page string

// Slip is what somebody has to know to log in for the first time.
type Slip struct {
	Person   string // what they are called otherwise; may be ""
	Name     parley.Name
	Password string
}

// Slips is a page to be printed and cut: a slip for each new account. It is a file that its owner alone may read, without
// scripts and without anything from elsewhere. What Add has written is on the disk, and is a page that can be printed
// even if nothing more is written.
type Slips struct {
	file   *os.File
	parts  *template.Template
	server string
	before int64 // where the last slip begins
	count  int
}

// CreateSlips begins a page for a server by its URL. A file that is there already is replaced only if replace is set, and
// never something else of that name. The error is an *parley.Error of CodeInvalid, or that of the disk.
func CreateSlips(path, server string, replace bool) (*Slips, error) {
	parts, err := template.New("slips").Parse(page)
	if err != nil {
		return nil, err
	}
	if err := makeWay(path, replace); err != nil {
		return nil, err
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, fmt.Errorf("the slips cannot be written: %w", err)
	}
	s := &Slips{file: file, parts: parts, server: server}
	if err := s.write("head", struct{ Title string }{"Logins for " + server}); err != nil {
		return nil, errors.Join(err, file.Close(), os.Remove(path))
	}
	return s, nil
}

// makeWay removes the file of a page before, if that is what is there and wanted.
func makeWay(path string, replace bool) error {
	switch info, err := os.Lstat(path); {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("the slips cannot be written: %w", err)
	case !replace:
		return parley.Errorf(parley.CodeInvalid, "there is a file %s already; name another one for the slips, or say --replace",
			parley.CleanLine(path))
	case !info.Mode().IsRegular():
		return parley.Errorf(parley.CodeInvalid, "%s is no file that slips could replace", parley.CleanLine(path))
	}
	return os.Remove(path)
}

// Add writes a slip. It is on the disk when Add returns without an error.
func (s *Slips) Add(slip Slip) error {
	end, err := s.file.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	heading := slip.Person
	if heading == "" {
		heading = string(slip.Name)
	}
	err = s.write("slip", struct {
		Heading, Server, Password string
		Name                      parley.Name
	}{heading, s.server, slip.Password, slip.Name})
	s.before = end
	if err != nil {
		return errors.Join(err, s.cut())
	}
	s.count++
	return nil
}

// TakeBack removes the slip that was added last: nothing came of it. It may be called once after an Add.
func (s *Slips) TakeBack() error {
	s.count--
	return s.cut()
}

// Close ends the page. One without a slip is removed.
func (s *Slips) Close() error {
	if s.count == 0 {
		return errors.Join(s.file.Close(), os.Remove(s.file.Name()))
	}
	_, err := s.file.Seek(0, io.SeekEnd)
	return errors.Join(err, s.write("end", nil), s.file.Close())
}

// cut removes everything from the last slip on.
func (s *Slips) cut() error {
	err := s.file.Truncate(s.before)
	if err == nil {
		_, err = s.file.Seek(s.before, io.SeekStart)
	}
	return err
}

// write writes a part of the page, and sees to it that it is on the disk.
func (s *Slips) write(part string, values any) error {
	if err := s.parts.ExecuteTemplate(s.file, part, values); err != nil {
		return fmt.Errorf("the slips cannot be written: %w", err)
	}
	if err := s.file.Sync(); err != nil {
		return fmt.Errorf("the slips cannot be written: %w", err)
	}
	return nil
}

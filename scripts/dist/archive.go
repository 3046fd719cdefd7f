package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"path/filepath"
	"time"
)

// archive writes the archive for a system into the folder out: zip for Windows, else tar.gz. Everything in it is in a
// folder of the archive's name.
func (b builder) archive(out string, s system, content []entry) (string, error) {
	name := "parley-" + b.release.version + "-" + s.os + "-" + s.arch
	if s.os == "linux" {
		for _, file := range []string{"parley.service", "parley.yaml"} {
			e, err := entryOf("systemd/"+file, filepath.Join("packaging", file), 0o644)
			if err != nil {
				return "", err
			}
			content = append(content, e)
		}
	}
	var inside []entry
	for _, e := range content {
		inside = append(inside, entry{name + "/" + e.name, e.mode, e.content})
	}
	var packed bytes.Buffer
	var err error
	if s.os == "windows" {
		name += ".zip"
		err = writeZip(&packed, inside, b.release.at)
	} else {
		name += ".tar.gz"
		err = writeTarGz(&packed, "", inside, b.release.at)
	}
	file := filepath.Join(out, name)
	return file, errors.Join(err, os.WriteFile(file, packed.Bytes(), 0o644))
}

// writeTarGz writes entries, and the folders that they are in, each name with the prefix before it: all of root's, all of
// the same time. The header of gzip has neither time nor name.
func writeTarGz(out io.Writer, prefix string, entries []entry, at time.Time) error {
	packed, err := gzip.NewWriterLevel(out, gzip.BestCompression)
	if err != nil {
		return err
	}
	archive := tar.NewWriter(packed)
	header := tar.Header{Uname: "root", Gname: "root", ModTime: at, Format: tar.FormatGNU}
	for _, dir := range folders(entries) {
		h := header
		h.Typeflag, h.Name, h.Mode = tar.TypeDir, prefix+dir+"/", 0o755
		if err := archive.WriteHeader(&h); err != nil {
			return err
		}
	}
	for _, e := range sorted(entries) {
		h := header
		h.Typeflag, h.Name, h.Mode, h.Size = tar.TypeReg, prefix+e.name, int64(e.mode), int64(len(e.content))
		if err := archive.WriteHeader(&h); err != nil {
			return err
		}
		if _, err := archive.Write(e.content); err != nil {
			return err
		}
	}
	return errors.Join(archive.Close(), packed.Close())
}

// writeZip writes entries, all of the same time.
func writeZip(out io.Writer, entries []entry, at time.Time) error {
	archive := zip.NewWriter(out)
	for _, e := range sorted(entries) {
		h := &zip.FileHeader{Name: e.name, Method: zip.Deflate, Modified: at}
		h.SetMode(e.mode)
		file, err := archive.CreateHeader(h)
		if err != nil {
			return err
		}
		if _, err := file.Write(e.content); err != nil {
			return err
		}
	}
	return archive.Close()
}

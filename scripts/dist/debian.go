package main

import (
	"bytes"
	"compress/gzip"
	"crypto/md5"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// debianPackage writes the package for a system into the folder out, as deb(5) describes it. No program of Debian is
// needed for that, and no rights.
func (b builder) debianPackage(out string, s system, content []entry) (string, error) {
	data, err := b.installed(content)
	if err != nil {
		return "", err
	}
	control, err := b.control(s, data)
	if err != nil {
		return "", err
	}
	var controlTar, dataTar, deb bytes.Buffer
	err = errors.Join(writeTarGz(&controlTar, "./", control, b.release.at), writeTarGz(&dataTar, "./", data, b.release.at))
	if err != nil {
		return "", err
	}
	deb.WriteString("!<arch>\n")
	writeMember(&deb, "debian-binary", []byte("2.0\n"), b.release.at)
	writeMember(&deb, "control.tar.gz", controlTar.Bytes(), b.release.at)
	writeMember(&deb, "data.tar.gz", dataTar.Bytes(), b.release.at)
	file := filepath.Join(out, fmt.Sprintf("parley_%s_%s.deb", b.release.debian(), s.debian()))
	return file, os.WriteFile(file, deb.Bytes(), 0o644)
}

// writeMember adds a file to an archive of ar(5): a header of fixed columns, and an even number of bytes.
func writeMember(out *bytes.Buffer, name string, content []byte, at time.Time) {
	fmt.Fprintf(out, "%-16s%-12d%-6d%-6d%-8s%-10d`\n", name, at.Unix(), 0, 0, "100644", len(content))
	out.Write(content)
	if len(content)%2 == 1 {
		out.WriteByte('\n')
	}
}

// places say where what is in an archive is put on a Debian system.
var places = map[string]string{
	"parley":                  "usr/bin/parley",
	"completions/parley.bash": "usr/share/bash-completion/completions/parley",
	"completions/_parley":     "usr/share/zsh/vendor-completions/_parley",
	"completions/parley.fish": "usr/share/fish/vendor_completions.d/parley.fish",
	"CHANGELOG.md":            "usr/share/doc/parley/CHANGELOG.md",
	"README.md":               "usr/share/doc/parley/README.md",
	"install.md":              "usr/share/doc/parley/install.md",
	"operating.md":            "usr/share/doc/parley/operating.md",
}

// installed gives the files that the package installs.
func (b builder) installed(content []entry) ([]entry, error) {
	var data []entry
	var licence, notices []byte
	for _, e := range content {
		place := places[e.name]
		switch {
		case e.name == "LICENSE":
			licence = e.content
		case e.name == "THIRD-PARTY-LICENSES":
			notices = e.content
		case strings.HasPrefix(e.name, "man/"):
			data = append(data, compressed(entry{"usr/share/" + e.name, e.mode, e.content}))
		case place != "":
			data = append(data, entry{place, e.mode, e.content})
		}
	}
	copyright := fmt.Appendf(nil, "Parley\n\n%s\n%s", licence, notices)
	changes := fmt.Appendf(nil, changelog, b.release.debian(), b.release.at.Format(time.RFC1123Z))
	data = append(data, entry{"usr/share/doc/parley/copyright", 0o644, copyright},
		compressed(entry{"usr/share/doc/parley/changelog", 0o644, changes}))
	for file, place := range map[string]string{
		"parley.service": "lib/systemd/system/parley.service",
		"parley.yaml":    "etc/parley/parley.yaml",
	} {
		e, err := entryOf(place, filepath.Join("packaging", file), 0o644)
		if err != nil {
			return nil, err
		}
		data = append(data, e)
	}
	return data, nil
}

// compressed gives a file with gzip, as Debian has manual pages and changelogs (Debian Policy 12.1, 12.7).
func compressed(e entry) entry {
	var packed bytes.Buffer
	out, _ := gzip.NewWriterLevel(&packed, gzip.BestCompression) // there is such a level
	_, _ = out.Write(e.content)                                  // memory refuses nothing
	_ = out.Close()
	return entry{e.name + ".gz", e.mode, packed.Bytes()}
}

// control gives the files that tell dpkg of the package.
func (b builder) control(s system, data []entry) ([]entry, error) {
	var size int
	var sums bytes.Buffer
	for _, e := range sorted(data) {
		size += (len(e.content) + 1023) / 1024
		if !strings.HasPrefix(e.name, "etc/") {
			fmt.Fprintf(&sums, "%x  %s\n", md5.Sum(e.content), e.name)
		}
	}
	all := []entry{
		{"control", 0o644, fmt.Appendf(nil, description, b.release.debian(), s.debian(), size)},
		{"md5sums", 0o644, sums.Bytes()},
		{"conffiles", 0o644, []byte("/etc/parley/parley.yaml\n")},
	}
	for _, script := range []string{"postinst", "prerm", "postrm"} {
		e, err := entryOf(script, filepath.Join("packaging", "debian", script), 0o755)
		if err != nil {
			return nil, err
		}
		all = append(all, e)
	}
	return all, nil
}

// changelog is the package's own, with the version and the time to be put in.
const changelog = `parley (%s) unstable; urgency=medium

  * What has changed is in /usr/share/doc/parley/CHANGELOG.md.

 -- The Parley authors <parley@localhost>  %s
`

// description is the control file, with the version, the architecture and the size in KiB to be put in.
const description = `Package: parley
Version: %s
Architecture: %s
Maintainer: The Parley authors <parley@localhost>
Installed-Size: %d
Depends: adduser, init-system-helpers (>= 1.52)
Section: net
Priority: optional
Description: chat for your own network, in one binary
 A chat server that netcat, telnet, the socket programs of network courses,
 programs over WebSocket and Parley's own client can all join, in one room; with
 accounts, files, private messages and history.
 .
 The package runs it as a service, for this machine alone until
 /etc/parley/parley.yaml says otherwise.
`

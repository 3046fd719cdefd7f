package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// builder makes archives and packages of one release.
type builder struct {
	release release
	work    string // a folder for what comes between
}

// compile builds the program for a system, whose environment is added to ours, into file.
func (b builder) compile(ctx context.Context, environment []string, file string) error {
	stamp := fmt.Sprintf("-s -w -buildid= -X main.stampedVersion=%s -X main.stampedDay=%s", b.release.version,
		b.release.at.Format(time.DateOnly))
	command := exec.CommandContext(ctx, "go", "build", "-trimpath", "-buildvcs=false", "-ldflags", stamp, "-o", file,
		"./cmd/parley")
	command.Env = append(os.Environ(), environment...)
	command.Stderr = os.Stderr
	return command.Run()
}

// common makes what is the same on every system: the texts, the manual pages, and the scripts for shells. The program
// writes them itself, as it is built for this machine.
func (b builder) common(ctx context.Context) ([]entry, error) {
	program := filepath.Join(b.work, "host", "parley.exe") // a name that runs on every system
	if err := b.compile(ctx, []string{"CGO_ENABLED=0", "GOFLAGS="}, program); err != nil {
		return nil, err
	}
	var all []entry
	for _, name := range []string{"LICENSE", "README.md", "CHANGELOG.md", "docs/install.md", "docs/operating.md"} {
		e, err := entryOf(filepath.Base(name), name, 0o644)
		if err != nil {
			return nil, err
		}
		all = append(all, e)
	}
	for _, shell := range [][2]string{
		{"bash", "parley.bash"}, {"zsh", "_parley"}, {"fish", "parley.fish"}, {"powershell", "parley.ps1"},
	} {
		script, err := exec.CommandContext(ctx, program, "completion", shell[0]).Output()
		if err != nil {
			return nil, err
		}
		all = append(all, entry{name: "completions/" + shell[1], mode: 0o644, content: script})
	}
	pages, err := b.pages(ctx, program)
	return append(all, pages...), err
}

// pages has the program write its manual pages.
func (b builder) pages(ctx context.Context, program string) ([]entry, error) {
	dir := filepath.Join(b.work, "man1")
	if err := exec.CommandContext(ctx, program, "man", dir).Run(); err != nil {
		return nil, err
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.1"))
	var pages []entry
	for _, file := range files {
		page, err := entryOf("man/man1/"+filepath.Base(file), file, 0o644)
		if err != nil {
			return nil, err
		}
		pages = append(pages, page)
	}
	return pages, err
}

// pack builds for a system, and gives the files that it has written to the folder out.
func (b builder) pack(ctx context.Context, out string, s system, common []entry) ([]string, error) {
	binary := filepath.Join(b.work, s.os+"-"+s.arch, s.program())
	if err := b.compile(ctx, s.environment(), binary); err != nil {
		return nil, err
	}
	program, err := entryOf(s.program(), binary, 0o755)
	if err != nil {
		return nil, err
	}
	notices, err := licences(ctx, s)
	if err != nil {
		return nil, err
	}
	content := append([]entry{program, {name: "THIRD-PARTY-LICENSES", mode: 0o644, content: notices}}, common...)
	archive, err := b.archive(out, s, content)
	if err != nil || s.debian() == "" {
		return []string{archive}, err
	}
	deb, err := b.debianPackage(out, s, content)
	return []string{archive, deb}, err
}

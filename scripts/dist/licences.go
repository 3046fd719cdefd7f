package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
)

// notice matches the files in which a module says how it may be used.
var notice = regexp.MustCompile(`(?i)^(licen[cs]e|copying|notice|patents)([-.].*)?$`)

// licences gives the licences of everything of others that is in the program as it is built for a system: they ask that
// their text is passed on with it. A module without one is an error.
func licences(ctx context.Context, s system) ([]byte, error) {
	command := exec.CommandContext(ctx, "go", "list", "-deps", "-f",
		"{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}}\t{{.Dir}}{{end}}{{end}}", "./cmd/parley")
	command.Env = append(os.Environ(), s.environment()...)
	command.Stderr = os.Stderr
	out, err := command.Output()
	if err != nil {
		return nil, err
	}
	modules := strings.Split(strings.TrimSpace(string(out)), "\n")
	slices.Sort(modules)
	root, err := exec.CommandContext(ctx, "go", "env", "GOROOT").Output()
	if err != nil {
		return nil, err
	}
	var all bytes.Buffer
	fmt.Fprint(&all, "Parley is distributed with the following, each under its own licence.\n")
	modules = append(modules, "Go "+runtime.Version()+"\t"+strings.TrimSpace(string(root)))
	for _, module := range slices.Compact(modules) {
		name, dir, _ := strings.Cut(module, "\t")
		if err := addNotices(&all, name, dir); err != nil {
			return nil, err
		}
	}
	return all.Bytes(), nil
}

// addNotices adds those of one module.
func addNotices(all *bytes.Buffer, name, dir string) error {
	files, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	found := false
	for _, file := range files {
		if file.IsDir() || !notice.MatchString(file.Name()) {
			continue
		}
		text, err := os.ReadFile(filepath.Join(dir, file.Name()))
		if err != nil {
			return err
		}
		fmt.Fprintf(all, "\n%s\n%s, %s\n\n%s\n", strings.Repeat("=", 78), name, file.Name(), bytes.TrimSpace(text))
		found = true
	}
	if !found {
		return fmt.Errorf("%s has no licence", name)
	}
	return nil
}

package main

import (
	"fmt"
	"slices"
	"strings"
)

// system is one that is built for.
type system struct{ os, arch string }

// parseSystem reads OS/ARCH, one of everySystem.
func parseSystem(text string) (system, error) {
	if !slices.Contains(strings.Split(everySystem, ","), text) {
		return system{}, fmt.Errorf("a system is one of %s, not %q", everySystem, text)
	}
	os, arch, _ := strings.Cut(text, "/")
	return system{os, arch}, nil
}

// String gives OS/ARCH.
func (s system) String() string { return s.os + "/" + s.arch }

// program names the binary.
func (s system) program() string {
	if s.os == "windows" {
		return "parley.exe"
	}
	return "parley"
}

// debian names the architecture as Debian does, "" where Debian has no such system.
func (s system) debian() string {
	if s.os != "linux" {
		return ""
	}
	return map[string]string{"amd64": "amd64", "arm64": "arm64", "arm": "armhf"}[s.arch]
}

// environment is what decides the bytes of a binary, beside the source and the version of Go. The oldest processors that
// Go can build for are meant: with GOARM=6 every Raspberry Pi.
func (s system) environment() []string {
	return []string{"GOOS=" + s.os, "GOARCH=" + s.arch, "CGO_ENABLED=0", "GOAMD64=v1", "GOARM64=v8.0", "GOARM=6",
		"GOFLAGS=", "GOEXPERIMENT=", "GOFIPS140=off"}
}

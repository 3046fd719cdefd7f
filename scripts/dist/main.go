// Dist makes what is given to people: an archive for each system, a Debian package for each that Debian has, and
// SHA256SUMS of them all.
//
//	go run ./scripts/dist [-o dist] [-systems linux/amd64,windows/amd64]
//
// The same commit, built anywhere by the same version of Go, gives the same bytes. The version is the tag of the commit,
// or like Go's own for one without (v0.0.0-20060102150405-0123456789ab), with +dirty for changes that are not committed;
// every time in the archives is the commit's. Where there is no checkout, VERSION and SOURCE_DATE_EPOCH give both.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"
)

// everySystem are those that the checks build for.
const everySystem = "linux/amd64,linux/arm64,linux/arm,darwin/amd64,darwin/arm64,windows/amd64"

func main() {
	log.SetFlags(0)
	log.SetPrefix("dist: ")
	out := flag.String("o", "dist", "the `folder` to write to; what it has is replaced")
	systems := flag.String("systems", everySystem, "what to build for")
	flag.Parse()
	if flag.NArg() > 0 {
		log.Fatalf("takes flags only, not %q", flag.Arg(0))
	}
	if err := dist(context.Background(), *out, strings.Split(*systems, ",")); err != nil {
		log.Fatal(err)
	}
}

// dist fills the folder out. It must run at the root of the project.
func dist(ctx context.Context, out string, systems []string) error {
	release, err := findRelease(ctx)
	if err != nil {
		return err
	}
	work, err := os.MkdirTemp("", "parley-dist-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	b := builder{release: release, work: work}
	common, err := b.common(ctx)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	var made []string
	for _, name := range systems {
		s, err := parseSystem(name)
		if err != nil {
			return err
		}
		files, err := b.pack(ctx, out, s, common)
		if err != nil {
			return fmt.Errorf("%s: %w", s, err)
		}
		made = append(made, files...)
	}
	return writeSums(filepath.Join(out, "SHA256SUMS"), made)
}

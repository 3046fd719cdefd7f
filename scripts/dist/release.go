package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// release is what is built: its version, such as v1.2.3, and the time of its last change, in UTC and whole seconds.
type release struct {
	version string
	at      time.Time
}

// findRelease takes what the environment says, VERSION and SOURCE_DATE_EPOCH, and the rest from the checkout. See
// https://reproducible-builds.org/specs/source-date-epoch/ for the second.
func findRelease(ctx context.Context) (release, error) {
	version, epoch := os.Getenv("VERSION"), os.Getenv("SOURCE_DATE_EPOCH")
	var err error
	if epoch == "" {
		if epoch, err = git(ctx, "log", "-1", "--format=%ct"); err != nil {
			return release{}, errors.New("no checkout of git is here: set VERSION and SOURCE_DATE_EPOCH")
		}
	}
	seconds, err := strconv.ParseInt(epoch, 10, 64)
	if err != nil || seconds < 0 {
		return release{}, fmt.Errorf("SOURCE_DATE_EPOCH is a number of seconds since 1970, not %q", epoch)
	}
	r := release{version: version, at: time.Unix(seconds, 0).UTC()}
	if r.version == "" {
		if r.version, err = versionOfCheckout(ctx, r.at); err != nil {
			return release{}, err
		}
	}
	return r, r.check()
}

// versionOfCheckout names the commit that is checked out, as Go does: see https://go.dev/ref/mod#pseudo-versions.
func versionOfCheckout(ctx context.Context, at time.Time) (string, error) {
	version, err := git(ctx, "describe", "--tags", "--exact-match", "--match=v[0-9]*")
	if err != nil {
		commit, err := git(ctx, "rev-parse", "--short=12", "HEAD")
		if err != nil {
			return "", fmt.Errorf("no checkout of git is here: set VERSION and SOURCE_DATE_EPOCH")
		}
		version = "v0.0.0-" + at.Format("20060102150405") + "-" + commit
	}
	changes, err := git(ctx, "status", "--porcelain")
	if changes != "" {
		version += "+dirty"
	}
	return version, err
}

// git runs git, and gives the line that it prints.
func git(ctx context.Context, args ...string) (string, error) {
	out, err := exec.CommandContext(ctx, "git", args...).Output()
	return strings.TrimSpace(string(out)), err
}

// check reports whether the version can stand in file names, on command lines and in a Debian package.
func (r release) check() error {
	rest, isVersion := strings.CutPrefix(r.version, "v")
	if !isVersion || rest == "" || rest[0] < '0' || rest[0] > '9' || strings.Trim(rest, versionSigns) != "" {
		return fmt.Errorf("a version is written like v1.2.3, not %q", r.version)
	}
	return nil
}

// versionSigns are what a version has after its v.
const versionSigns = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-+"

// debian gives the version as Debian compares versions: what comes before a release has '~', which is less than
// nothing, and '-' is for those who package (Debian Policy 5.6.12).
func (r release) debian() string { return strings.ReplaceAll(r.version[1:], "-", "~") }

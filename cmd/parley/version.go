package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"
)

// What `make dist` has the linker put in, since it builds without asking for the checkout: the version, such as v1.2.3,
// and the day of its last change, such as 2026-01-02. Nothing else changes them.
var stampedVersion, stampedDay string

// newVersionCommand makes `parley version`.
func newVersionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "print the version",
		Args:  noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := fmt.Fprintf(cmd.OutOrStdout(), "parley %s\n", version())
			return err
		},
	}
}

// version says what this binary is: the module's version and, where it was built from a checkout, the commit; then what
// built it for which system.
func version() string {
	return fmt.Sprintf("%s (%s, %s/%s)", versionName(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
}

// versionName gives the version alone.
func versionName() string {
	if stampedVersion != "" {
		return stampedVersion
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		return versionOf(info)
	}
	return "devel"
}

// versionOf gives the version that info has, "devel" where it has none.
func versionOf(info *debug.BuildInfo) string {
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	revision := settingOf(info, "vcs.revision")
	if revision != "" {
		revision = " " + revision[:min(len(revision), 12)]
	}
	if settingOf(info, "vcs.modified") == "true" {
		revision += " with changes"
	}
	return "devel" + revision
}

// released gives the day of the last change in this binary, YYYY-MM-DD in UTC, and "" where that is not known.
func released() string {
	if stampedDay != "" {
		return stampedDay
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		day, _, _ := strings.Cut(settingOf(info, "vcs.time"), "T")
		return day
	}
	return ""
}

// settingOf gives a setting with which a binary was built, "" where there is none.
func settingOf(info *debug.BuildInfo, key string) string {
	for _, s := range info.Settings {
		if s.Key == key {
			return s.Value
		}
	}
	return ""
}

// Package report shows what explain has found: as JSON for programs, as text for a terminal, and as a page.
package report

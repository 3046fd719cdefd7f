package report

import (
	"io"

	"parley/explain"
)

// WriteHTML writes a lab as one page.
func WriteHTML(out io.Writer, l *explain.Lab) error { return nil }

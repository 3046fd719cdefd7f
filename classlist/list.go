package classlist

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"

	"parley"
)

// How long a list may be.
const (
	MaxBytes = 4 << 20
	MaxRows  = 10_000
)

// List is what somebody has written down of the people who are to have accounts.
type List struct {
	Rows    []Row
	Ignored []string // what the columns are called that were not read
}

// Fault is why nothing of a list can be read: what is wrong, and in which line it begins; 0 for none in particular.
type Fault struct {
	Line int
	Err  error // an *parley.Error of CodeInvalid
}

// Error gives the line and what is wrong.
func (f *Fault) Error() string {
	if f.Line == 0 {
		return f.Err.Error()
	}
	return fmt.Sprintf("line %d: %v", f.Line, f.Err)
}

// Unwrap gives what is wrong.
func (f *Fault) Unwrap() error { return f.Err }

// fault makes a Fault.
func fault(line int, format string, args ...any) *Fault {
	return &Fault{Line: line, Err: parley.Errorf(parley.CodeInvalid, format, args...)}
}

// Read reads a list: comma-separated values (RFC 4180) in UTF-8, with or without a byte order mark, separated by commas,
// semicolons or tabs, whichever the first line has most of. The first row may say what the columns are; without it they
// are name, role and password. White space around values is dropped, and so are rows without any. What is wrong with a
// row is said in it. The error is a *Fault, or that of r.
func Read(r io.Reader) (List, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	if err != nil {
		return List{}, err
	}
	text, err := decode(data)
	if err != nil {
		return List{}, err
	}
	separator, text := separatorOf(text)
	return readRows(text, separator)
}

// readRows reads what stands behind the separator that was found out.
func readRows(text []byte, separator rune) (List, error) {
	values := csv.NewReader(bytes.NewReader(text))
	values.Comma = separator
	values.FieldsPerRecord = -1
	values.TrimLeadingSpace = separator != '\t' // it would take empty values for white space
	rows := rows{}
	for {
		cells, err := values.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if broken, ok := errors.AsType[*csv.ParseError](err); ok {
			rows.list.Rows = append(rows.list.Rows, Row{Line: broken.StartLine, Err: unquoted(broken)})
		} else {
			line, _ := values.FieldPos(0)
			if err := rows.take(line, cells); err != nil {
				return List{}, &Fault{Line: line, Err: err}
			}
		}
		if len(rows.list.Rows) > MaxRows {
			return List{}, fault(0, "the list has more than %d rows; divide it", MaxRows)
		}
	}
	if len(rows.list.Rows) == 0 {
		return List{}, fault(0, "there is nobody in the list")
	}
	return rows.list, nil
}

// rows are those that have been read.
type rows struct {
	list List
	have *columns // nil before the first
}

// take takes the values of a row. The error is an *parley.Error: nothing can be read by this header.
func (r *rows) take(line int, cells []string) error {
	for i := range cells {
		cells[i] = strings.TrimSpace(cells[i])
	}
	if strings.Join(cells, "") == "" {
		return nil
	}
	if r.have == nil {
		have, isHeader, err := columnsOf(cells)
		if err != nil {
			return err
		}
		r.have, r.list.Ignored = have, have.ignored
		if isHeader {
			return nil
		}
	}
	r.list.Rows = append(r.list.Rows, r.have.row(line, cells))
	return nil
}

// unquoted says what is wrong with the quotation marks of a row.
func unquoted(broken *csv.ParseError) error {
	if broken.Line > broken.StartLine {
		return parley.Errorf(parley.CodeInvalid,
			"a quotation mark is opened here and not closed as it should be; nothing was read up to line %d", broken.Line)
	}
	return parley.Errorf(parley.CodeInvalid, "the quotation marks are wrong: they stand at both ends of a value, or nowhere")
}

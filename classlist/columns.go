package classlist

import (
	"fmt"
	"slices"
	"strings"

	"parley"
)

// column is what can stand in a column.
type column int

// The columns that are read.
const (
	loginColumn column = iota
	nameColumn         // a login, where no column has those
	personColumn
	roleColumn
	passwordColumn
	ignoredColumn
)

// titles are the words by which a header calls the columns, in small letters and without what stands between words.
var titles = map[string]column{
	"login": loginColumn, "loginname": loginColumn, "user": loginColumn, "username": loginColumn, "account": loginColumn,
	"name":     nameColumn,
	"fullname": personColumn, "displayname": personColumn, "display": personColumn,
	"role": roleColumn, "password": passwordColumn,
}

// columns says where in a row what stands.
type columns struct {
	at      map[column]int
	width   int // how many there are
	ignored []string
}

// columnsOf finds out what the columns are, by the first row, and whether that is a header: one of its values is a title
// then. The error is an *parley.Error of CodeInvalid.
func columnsOf(first []string) (have *columns, isHeader bool, err error) {
	have = &columns{at: make(map[column]int), width: len(first)}
	for have.width > 1 && first[have.width-1] == "" {
		have.width--
	}
	if !slices.ContainsFunc(first, func(cell string) bool { return titleOf(cell) != ignoredColumn }) {
		have.take(loginColumn, roleColumn, passwordColumn)
		return have, false, nil
	}
	for i, cell := range first {
		c := titleOf(cell)
		if before, twice := have.at[c]; twice {
			return nil, true, parley.Errorf(parley.CodeInvalid, "columns %d and %d are the same, %s and %s; call one otherwise",
				before+1, i+1, parley.CleanLine(first[before]), parley.CleanLine(cell))
		}
		if c != ignoredColumn {
			have.at[c] = i
		} else if cell != "" {
			have.ignored = append(have.ignored, cell)
		}
	}
	return have, true, have.choose()
}

// titleOf gives the column that a title names.
func titleOf(cell string) column {
	if c, known := titles[strings.NewReplacer(" ", "", "-", "", "_", "").Replace(strings.ToLower(cell))]; known {
		return c
	}
	return ignoredColumn
}

// take names the columns of a list without a header, whose first row need not have all of them.
func (have *columns) take(order ...column) {
	have.width = max(have.width, len(order))
	for i := range have.width {
		if i < len(order) {
			have.at[order[i]] = i
		} else {
			have.ignored = append(have.ignored, fmt.Sprintf("number %d", i+1))
		}
	}
}

// choose makes a column of names the logins where there are no others, and what people are called otherwise.
func (have *columns) choose() error {
	name, isName := have.at[nameColumn]
	_, isLogin := have.at[loginColumn]
	_, isPerson := have.at[personColumn]
	switch {
	case isName && !isLogin:
		have.at[loginColumn] = name
	case !isLogin:
		return parley.Errorf(parley.CodeInvalid, "no column has the names; call one of them name, login or user")
	case isName && !isPerson:
		have.at[personColumn] = name
	}
	return nil
}

// row gives what stands in a row.
func (have *columns) row(line int, cells []string) Row {
	cell := func(c column) string {
		if i, ok := have.at[c]; ok && i < len(cells) {
			return cells[i]
		}
		return ""
	}
	row := Row{
		Line: line, Text: cell(loginColumn), Person: cell(personColumn),
		Role: parley.Role(strings.ToLower(cell(roleColumn))), Password: cell(passwordColumn),
	}
	if len(cells) > have.width && strings.Join(cells[have.width:], "") != "" {
		row.Err = parley.Errorf(parley.CodeInvalid, "this row has %d values where there are %d columns; "+
			"a value with the separator in it stands in quotation marks", len(cells), have.width)
	}
	return row
}

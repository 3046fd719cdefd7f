package parley_test

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"slices"
	"testing"

	"parley"
)

func TestErrorsTellEachReaderTheirPart(t *testing.T) {
	err := fmt.Errorf("posting: %w", parley.Wrap(parley.CodeDiskFull, io.ErrShortWrite, "the disk is full"))
	if parley.CodeOf(err) != parley.CodeDiskFull || !parley.CodeOf(err).Retry() {
		t.Errorf("code %q", parley.CodeOf(err))
	}
	if parley.Sentence(err) != "the disk is full" {
		t.Errorf("the person reads %q", parley.Sentence(err))
	}
	if err.Error() != "posting: the disk is full: short write" || !errors.Is(err, io.ErrShortWrite) {
		t.Errorf("the log reads %q", err)
	}
	if !errors.Is(err, &parley.Error{Code: parley.CodeDiskFull}) || errors.Is(err, &parley.Error{Code: parley.CodeIdle}) {
		t.Error("errors.Is compares codes")
	}
}

func TestAnErrorWithoutACodeStaysInside(t *testing.T) {
	err := errors.New("sql: secret detail")
	if parley.CodeOf(err) != parley.CodeInternal || parley.Sentence(err) != "something went wrong on the server" {
		t.Errorf("%s: %s", parley.CodeOf(err), parley.Sentence(err))
	}
	if parley.CodeOf(nil) != "" {
		t.Error("no error has a code")
	}
	if err := parley.Errorf(parley.CodeStore, "reading: %w", io.EOF); err.Error() != "reading: EOF" || err.Cause != io.EOF {
		t.Errorf("%q, cause %v", err, err.Cause)
	}
}

// isDeclared holds what a function gives to the constants of a file, in their order.
func isDeclared[T ~string](t *testing.T, name string, given []T) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	var declared, quoted []string
	ast.Inspect(file, func(n ast.Node) bool {
		if spec, ok := n.(*ast.ValueSpec); ok {
			declared = append(declared, spec.Values[0].(*ast.BasicLit).Value)
		}
		return true
	})
	for _, one := range given {
		quoted = append(quoted, fmt.Sprintf("%q", one))
	}
	if len(given) == 0 || !slices.Equal(quoted, declared) {
		t.Errorf("declared are %v\ngiven are    %v", declared, quoted)
	}
}

func TestCodesHasEveryCode(t *testing.T) { isDeclared(t, "code.go", parley.Codes()) }

func TestEventTypesHasEveryType(t *testing.T) { isDeclared(t, "event.go", parley.EventTypes()) }

package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/spf13/pflag"
)

// maxSettings is how large a file of settings may be, in bytes: some short texts take the parser a great deal of memory.
const maxSettings = 64 << 10

// settings is a YAML file whose keys are the names of flags. The flags read their values themselves, so that a value
// means the same, and is refused with the same words, in both places.
type settings struct {
	path  string
	flags *pflag.FlagSet
}

// applySettings sets flags from the file at path. A flag that was given on the command line keeps its value. The error
// is one sentence that begins with the file and the line.
func applySettings(path string, flags *pflag.FlagSet) error {
	content, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("cannot read the settings: %w", err)
	}
	if len(content) > maxSettings {
		return fmt.Errorf("%s is too large for settings", path)
	}
	content = bytes.TrimPrefix(content, []byte("\uFEFF")) // some editors begin UTF-8 with a byte order mark
	return settings{path: path, flags: flags}.apply(content)
}

// apply sets the flags that the file's content names.
func (s settings) apply(content []byte) error {
	file, err := parser.ParseBytes(content, 0)
	if err != nil {
		return s.syntax(err)
	}
	for _, doc := range file.Docs {
		if err := s.applyDocument(doc.Body); err != nil {
			return err
		}
	}
	return nil
}

// applyDocument sets the flags that a YAML document names; one with nothing but comments names none.
func (s settings) applyDocument(body ast.Node) error {
	switch mapping := body.(type) {
	case nil, *ast.CommentGroupNode:
		return nil
	case ast.MapNode:
		return s.applyAll(mapping)
	}
	return s.errorf(body, "settings are written as NAME: VALUE")
}

// applyAll sets the flags that a mapping names.
func (s settings) applyAll(mapping ast.MapNode) error {
	for entry := mapping.MapRange(); entry.Next(); {
		name := entry.Key().GetToken().Value
		flag := s.flags.Lookup(name)
		if flag == nil || name == "config" || name == "help" {
			return s.errorf(entry.Key(), "there is no setting %q; there are %s", name, s.names())
		}
		values, err := s.values(flag, entry.Value())
		if err != nil {
			return err
		}
		if flag.Changed {
			continue
		}
		for _, v := range values {
			if err := flag.Value.Set(v.text); err != nil {
				return s.errorf(v.node, "%s: %v", name, err)
			}
		}
	}
	return nil
}

// value is one value as it is written, and where.
type value struct {
	text string
	node ast.Node
}

// values gives what is written for a flag: one value, or for a flag that may be repeated a list of them.
func (s settings) values(flag *pflag.Flag, node ast.Node) ([]value, error) {
	list, isList := node.(*ast.SequenceNode)
	_, repeatable := flag.Value.(pflag.SliceValue)
	if !isList {
		text, err := s.scalar(flag.Name, node)
		return []value{{text, node}}, err
	}
	if !repeatable {
		return nil, s.errorf(node, "%s takes one value, not a list", flag.Name)
	}
	var values []value
	for _, element := range list.Values {
		text, err := s.scalar(flag.Name, element)
		if err != nil {
			return nil, err
		}
		values = append(values, value{text, element})
	}
	return values, nil
}

// scalar gives the text of a single value.
func (s settings) scalar(name string, node ast.Node) (string, error) {
	switch n := node.(type) {
	case *ast.NullNode:
		return "", s.errorf(node, "%s has no value", name)
	case *ast.StringNode:
		return n.Value, nil
	case *ast.LiteralNode:
		return strings.TrimSuffix(n.Value.Value, "\n"), nil
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		return n.GetToken().Value, nil
	}
	return "", s.errorf(node, "%s takes a plain value", name)
}

// names lists the settings that exist.
func (s settings) names() string {
	var names []string
	s.flags.VisitAll(func(f *pflag.Flag) {
		if f.Name != "config" && f.Name != "help" {
			names = append(names, f.Name)
		}
	})
	return strings.Join(names, ", ")
}

// errorf makes an error about what stands at node.
func (s settings) errorf(node ast.Node, format string, args ...any) error {
	return fmt.Errorf("%s:%d: %w", s.path, node.GetToken().Position.Line, fmt.Errorf(format, args...))
}

// syntax words what the YAML parser says: its own text shows a piece of the file over several lines.
func (s settings) syntax(err error) error {
	if bad, ok := errors.AsType[yaml.Error](err); ok && bad.GetToken() != nil {
		return fmt.Errorf("%s:%d: %s", s.path, bad.GetToken().Position.Line, bad.GetMessage())
	}
	return fmt.Errorf("%s: %w", s.path, err)
}

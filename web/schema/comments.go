package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
)

// comments is what stands beside types, by "Type", and beside their fields, by "Type.Field".
type comments map[string]string

// readComments reads the comments of the package in a folder.
func readComments(folder string) (comments, error) {
	names, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil {
		return nil, err
	}
	found := make(comments)
	for _, name := range names {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		for _, decl := range file.Decls {
			if decl, ok := decl.(*ast.GenDecl); ok && decl.Tok == token.TYPE {
				found.take(decl)
			}
		}
	}
	return found, nil
}

// take notes the comments of a declaration of types.
func (c comments) take(decl *ast.GenDecl) {
	for _, spec := range decl.Specs {
		spec := spec.(*ast.TypeSpec)
		doc := spec.Doc
		if doc == nil {
			doc = decl.Doc
		}
		c[spec.Name.Name] = oneLine(doc)
		if fields, ok := spec.Type.(*ast.StructType); ok {
			for _, field := range fields.Fields.List {
				for _, name := range field.Names {
					c[spec.Name.Name+"."+name.Name] = oneLine(field.Comment)
				}
			}
		}
	}
}

// oneLine gives a comment without its line breaks.
func oneLine(group *ast.CommentGroup) string { return strings.Join(strings.Fields(group.Text()), " ") }

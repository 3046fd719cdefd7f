// Command schema writes the two documents that programs read about the HTTP and WebSocket door: the JSON Schema of the
// messages on the socket, docs/protocol.schema.json, and the OpenAPI document of everything else, web/routes/openapi.json.
//
// Both are made of the Go types in web/wire, the comments that stand there, and the table in web/routes, so they say what
// the server does. `go generate ./...` runs it; its tests compare the documents with the code, and docs/protocol.md with
// both.
package main

//go:generate go run .

import (
	"fmt"
	"os"
)

// Where things are, seen from this folder, in which go generate runs it.
const (
	wireFolder   = "../wire"
	schemaFile   = "../../docs/protocol.schema.json"
	openAPIFile  = "../routes/openapi.json"
	protocolFile = "../../docs/protocol.md"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "schema:", err)
		os.Exit(1)
	}
}

func run() error {
	comments, err := readComments(wireFolder)
	if err != nil {
		return err
	}
	if err := write(schemaFile, protocolSchema(comments)); err != nil {
		return err
	}
	return write(openAPIFile, openAPI(comments))
}

// write writes a document for people too.
func write(file string, document object) error {
	text, err := document.indented()
	if err != nil {
		return err
	}
	return os.WriteFile(file, text, 0o644)
}

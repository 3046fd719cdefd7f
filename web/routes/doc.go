// Package routes is the table of everything that the HTTP door answers: one Route for each method and path, with what it
// takes, what it gives, who may and how it fails.
//
// The server registers its handlers by All, and OpenAPI is the document that is made of All, so the two cannot differ. A
// route is added by a line in the table, its Operation, and a handler; `go generate` writes the document anew.
//
// The package answers no request itself.
package routes

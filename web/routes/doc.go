// Package routes is the table of everything that the HTTP door answers: one Route for each method and path, with what it
// takes, what it gives, who may and how it fails.
//
// The server registers its handlers by All. A route is added by a line in the table, its Operation, and a handler.
//
// The package answers no request itself.
package routes

package routes

import (
	_ "embed" // for the document
	"net/http"
	"slices"
	"strings"

	"parley"
	"parley/web/wire"
)

// Operation names a route for good, in the document and in the server's code.
type Operation string

// Route is one method on one path. What an answer other than Status carries is a wire.Problem.
type Route struct {
	Operation Operation
	Method    string
	Path      string // as http.ServeMux reads it; what stands in braces is percent-decoded
	Summary   string
	Open      bool        // no token is needed
	Tus       bool        // a request of the tus protocol, which says so in Tus-Resumable
	Verb      parley.Verb // the right that decides, "" where none does
	Who       string      // who may, in words
	Query     []Parameter
	Request   any           // an empty body of the type that the request carries, a wire.Request; nil for none
	Answer    any           // an empty body of the type that the answer carries; nil for none
	Takes     string        // the media type of a request that is no JSON described by Request; "" otherwise
	Media     string        // of an answer that is no JSON described by Answer; "" otherwise
	Status    int           // of the answer where all went well
	Fails     []parley.Code // how this route can fail, besides the ways of all
}

// Parameter is what may stand behind the '?'.
type Parameter struct {
	Name    string
	Summary string
	Number  bool // 0 or more; else any text
	Most    int  // the highest number that is taken, 0 for no limit
	Choices []string
}

// Pattern is the route as http.ServeMux takes it.
func (r Route) Pattern() string { return r.Method + " " + r.Path }

// PathParameters gives the names that stand in braces in the path, in their order.
func (r Route) PathParameters() (names []string) {
	for segment := range strings.SplitSeq(r.Path, "/") {
		if name, ok := strings.CutPrefix(segment, "{"); ok {
			names = append(names, strings.TrimSuffix(name, "}"))
		}
	}
	return names
}

// Codes gives every code that the route can fail with: its own, and those that every route has.
func (r Route) Codes() []parley.Code {
	codes := append(slices.Clone(r.Fails), parley.CodeInternal, parley.CodeMisdirected, parley.CodePerAddress,
		parley.CodeFull, parley.CodeShutdown)
	if !r.Open {
		codes = append(codes, parley.CodeUnauthorized)
	}
	if r.Request != nil {
		codes = append(codes, parley.CodeInvalid, parley.CodeTooLong)
	}
	if len(r.Query) > 0 || strings.Contains(r.Path, "{number}") {
		codes = append(codes, parley.CodeInvalid)
	}
	if r.writes() {
		codes = append(codes, parley.CodeDiskFull, parley.CodeStore)
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}

// StatusOf gives the status by which the route tells of a code: that of wire.StatusOf, but where the route is only about
// whether the server can work; whoever asks that may know no other status for no. And for another version than that of the tus
// protocol which is spoken here, that has a status of its own.
func (r Route) StatusOf(code parley.Code) int {
	if r.Operation == Readyz && code == parley.CodeDiskFull {
		return http.StatusServiceUnavailable
	}
	if r.Tus && code == parley.CodeWrongProtocol {
		return http.StatusPreconditionFailed // tus 1.0.0, Tus-Resumable
	}
	return wire.StatusOf(code)
}

// writes reports whether the route makes something last.
func (r Route) writes() bool { return r.Method != http.MethodGet && r.Method != http.MethodOptions }

// All gives every route, in the order in which they are documented.
func All() []Route {
	return slices.Concat(serverRoutes(), sessionRoutes(), accountRoutes(), inviteRoutes(), roomRoutes(), memberRoutes(), messageRoutes(),
		fileRoutes(), uploadRoutes(), directRoutes())
}

//go:embed openapi.json
var document []byte

// OpenAPI gives the document that describes all routes, in OpenAPI 3.1, as JSON. It is not changed.
func OpenAPI() []byte { return document }

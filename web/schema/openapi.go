package main

import (
	"cmp"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"parley"
	"parley/web/routes"
	"parley/web/wire"
)

// openAPI makes the document of all routes (OpenAPI 3.1.0).
func openAPI(c comments) object {
	b := &builder{comments: c, place: "#/components/schemas/", made: make(map[reflect.Type]bool)}
	var paths object
	for _, r := range routes.All() {
		i := slices.IndexFunc(paths, func(m member) bool { return m.name == r.Path })
		if i < 0 {
			i = len(paths)
			paths = paths.with(r.Path, object{})
		}
		paths[i].value = paths[i].value.(object).with(strings.ToLower(r.Method), operation(b, r))
	}
	responses := failures(b)
	bearer := object{{"type", "http"}, {"scheme", "bearer"}, {"description", "The token that opening a session gave."}}
	return object{
		{"openapi", "3.1.0"},
		{"info", object{
			{"title", "Parley"}, {"version", "1"},
			{"description", "Chat for your own network. The WebSocket at /v1/socket speaks what docs/protocol.md describes."},
			{"license", object{{"name", "MIT"}, {"identifier", "MIT"}}},
		}},
		{"servers", []object{{{"url", "/"}}}},
		{"security", []object{bearerToken()}},
		{"paths", paths},
		{"components", object{{"schemas", b.defs}, {"responses", responses}, {"securitySchemes", object{{"token", bearer}}}}},
	}
}

// bearerToken is a request with the token of a session (RFC 6750).
func bearerToken() object { return object{{"token", []string{}}} }

// operation describes a route.
func operation(b *builder, r routes.Route) object {
	o := object{{"operationId", r.Operation}, {"summary", r.Summary}, {"description", "Who may: " + r.Who + "."}}
	switch {
	case r.Open && r.Verb != "": // for everybody, but some may more
		o = o.with("security", []object{{}, bearerToken()})
	case r.Open:
		o = o.with("security", []object{})
	}
	if parameters := parameters(r); len(parameters) > 0 {
		o = o.with("parameters", parameters)
	}
	if r.Request != nil {
		body := object{{"required", true}, {"content", content("application/json", b.of(reflect.TypeOf(r.Request)))}}
		o = o.with("requestBody", body)
	}
	return o.with("responses", responses(b, r))
}

// parameters describes what stands in the path of a route, and behind the '?'.
func parameters(r routes.Route) (all []object) {
	for _, name := range r.PathParameters() {
		schema := text()
		if name == "number" {
			schema = object{{"type", "integer"}, {"minimum", 1}, {"maximum", maxNumber}}
		}
		all = append(all, object{{"name", name}, {"in", "path"}, {"required", true}, {"schema", schema}})
	}
	for _, p := range r.Query {
		all = append(all, object{{"name", p.Name}, {"in", "query"}, {"description", p.Summary}, {"schema", query(p)}})
	}
	return all
}

// query gives the schema of a parameter.
func query(p routes.Parameter) object {
	switch {
	case p.Number:
		return object{{"type", "integer"}, {"minimum", 0}, {"maximum", cmp.Or(int64(p.Most), maxNumber)}}
	case len(p.Choices) > 0:
		return oneOf(p.Choices)
	}
	return scalar(reflect.TypeFor[parley.MessageID]())
}

// responses describes the answers of a route by their status: that of success, and each by which it can fail.
func responses(b *builder, r routes.Route) object {
	success := object{{"description", http.StatusText(r.Status)}}
	switch {
	case r.Answer != nil:
		success = success.with("content", content("application/json", b.of(reflect.TypeOf(r.Answer))))
	case r.Media != "":
		success = success.with("content", content(r.Media, object{}))
	}
	all := object{{strconv.Itoa(r.Status), success}}
	codes := make(map[int][]string)
	for _, code := range r.Codes() {
		status := r.StatusOf(code)
		codes[status] = append(codes[status], string(code))
	}
	for _, status := range slices.Sorted(maps.Keys(codes)) {
		words := wire.StatusText(status) + ": " + strings.Join(codes[status], ", ")
		name := strconv.Itoa(status)
		all = all.with(name, object{{"$ref", "#/components/responses/" + name}, {"description", words}})
	}
	return all
}

// failures describes the answers by which routes fail, one for each status that a code has.
func failures(b *builder) (all object) {
	problem := content(wire.ProblemType, b.of(reflect.TypeFor[wire.Problem]()))
	for status := 400; status < 600; status++ {
		if !slices.ContainsFunc(routes.All(), func(r routes.Route) bool { return failsWith(r, status) }) {
			continue
		}
		failure := object{{"description", wire.StatusText(status)}}
		switch status {
		case http.StatusUnauthorized:
			failure = failure.with("headers", header("WWW-Authenticate", text()))
		case http.StatusTooManyRequests, http.StatusServiceUnavailable:
			failure = failure.with("headers", header("Retry-After", object{{"type", "integer"}, {"minimum", 0}}))
		}
		all = all.with(strconv.Itoa(status), failure.with("content", problem))
	}
	return all
}

// failsWith reports whether a route tells of any of its codes by a status.
func failsWith(r routes.Route, status int) bool {
	return slices.ContainsFunc(r.Codes(), func(c parley.Code) bool { return r.StatusOf(c) == status })
}

func content(media string, schema object) object {
	return object{{media, object{{"schema", schema}}}}
}

func header(name string, schema object) object { return object{{name, object{{"schema", schema}}}} }

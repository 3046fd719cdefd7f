package routes

import (
	"net/http"
	"regexp"
	"slices"
	"testing"

	"parley"
	"parley/web/wire"
)

// The table can be served as it stands: net/http takes every pattern, and finds for each path the route that says so.
func TestTheTableCanBeServed(t *testing.T) {
	mux := http.NewServeMux()
	for _, r := range All() {
		mux.HandleFunc(r.Pattern(), func(http.ResponseWriter, *http.Request) {})
	}
	braces := regexp.MustCompile(`\{[a-z]+\}`)
	for _, r := range All() {
		request, err := http.NewRequest(r.Method, "http://127.0.0.1"+braces.ReplaceAllString(r.Path, "7"), nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, pattern := mux.Handler(request); pattern != r.Pattern() {
			t.Errorf("%s %s is served by %q", r.Method, request.URL, pattern)
		}
	}
}

// A session named "current" is the current one, and an emoji in a path is one segment however it is escaped.
func TestPathsWithNamesInThem(t *testing.T) {
	for path, operation := range map[string]Operation{
		"/v1/sessions/current": EndCurrentSession,
		"/v1/sessions/l-1":     EndSession,
		"/v1/rooms/lobby/messages/7/reactions/%F0%9F%91%8D": TakeReaction,
		"/v1/rooms/lobby/messages/7/reactions/a%2Fb":        TakeReaction,
	} {
		mux := http.NewServeMux()
		var got Operation
		for _, r := range All() {
			mux.HandleFunc(r.Pattern(), func(http.ResponseWriter, *http.Request) { got = r.Operation })
		}
		request, err := http.NewRequest(http.MethodDelete, "http://127.0.0.1"+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		mux.ServeHTTP(nil, request)
		if got != operation {
			t.Errorf("%s is %q", path, got)
		}
	}
}

// What every line of the table has, so that the document made of it is whole.
func TestEveryRouteIsWhole(t *testing.T) {
	sentence := regexp.MustCompile(`^[A-Z].*\.$`)
	parameters := []string{"id", "name", "room", "number", "emoji", "file", "upload", "code"}
	var operations []Operation
	for _, r := range All() {
		operations = append(operations, r.Operation)
		if !sentence.MatchString(r.Summary) || r.Who == "" || http.StatusText(r.Status) == "" {
			t.Errorf("%s: %q, %q, %d", r.Operation, r.Summary, r.Who, r.Status)
		}
		if _, ok := r.Request.(wire.Request); r.Request != nil && !ok {
			t.Errorf("%s takes a %T, which is no request", r.Operation, r.Request)
		}
		if none := r.Answer == nil && r.Media == ""; none != (r.Status == http.StatusNoContent || r.Operation == Socket) {
			t.Errorf("%s answers %d with %T", r.Operation, r.Status, r.Answer)
		}
		for _, name := range r.PathParameters() {
			if !slices.Contains(parameters, name) {
				t.Errorf("%s: %s", r.Operation, name)
			}
		}
		if r.Verb != "" && !slices.Contains(slices.Concat(parley.RoomVerbs(), parley.ServerVerbs()), r.Verb) {
			t.Errorf("%s: the verb %s", r.Operation, r.Verb)
		}
	}
	slices.Sort(operations)
	if len(slices.Compact(slices.Clone(operations))) != len(operations) || len(operations) < 39 {
		t.Errorf("operations %v", operations)
	}
}

// How a route fails is what it says itself, and what follows from what it is.
func TestCodesOfARoute(t *testing.T) {
	all := All()
	post := all[slices.IndexFunc(all, func(r Route) bool { return r.Operation == PostMessage })]
	for _, code := range []parley.Code{parley.CodeForbidden, parley.CodeUnauthorized, parley.CodeInvalid, parley.CodeTooLong,
		parley.CodeDiskFull, parley.CodeInternal, parley.CodeMisdirected} {
		if !slices.Contains(post.Codes(), code) {
			t.Errorf("posting cannot fail with %s", code)
		}
	}
	health := all[slices.IndexFunc(all, func(r Route) bool { return r.Operation == Healthz })]
	if slices.Contains(health.Codes(), parley.CodeUnauthorized) || slices.Contains(health.Codes(), parley.CodeStore) {
		t.Errorf("asking for health fails with %v", health.Codes())
	}
	for _, r := range all {
		codes := r.Codes()
		if !slices.IsSorted(codes) || len(slices.Compact(slices.Clone(codes))) != len(codes) {
			t.Errorf("%s: %v", r.Operation, codes)
		}
	}
}

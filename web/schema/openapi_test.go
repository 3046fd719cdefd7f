package main

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"parley"
	"parley/web/routes"
)

// loadOpenAPI reads the document that the server gives, with a reader that others use.
func loadOpenAPI(t *testing.T) *openapi3.T {
	t.Helper()
	document, err := openapi3.NewLoader().LoadFromData(routes.OpenAPI())
	if err != nil {
		t.Fatal(err)
	}
	return document
}

func TestTheOpenAPIDocumentIsValid(t *testing.T) {
	document := loadOpenAPI(t)
	if document.OpenAPI != "3.1.0" {
		t.Errorf("version %s", document.OpenAPI)
	}
	if err := document.Validate(t.Context(), openapi3.IsOpenAPI31OrLater()); err != nil {
		t.Error(err)
	}
}

// Every route is in the document and every operation of the document is a route.
func TestTheOpenAPIDocumentHasEveryRoute(t *testing.T) {
	document := loadOpenAPI(t)
	var described, wanted []string
	for path, item := range document.Paths.Map() {
		for method, operation := range item.Operations() {
			described = append(described, method+" "+path+" "+operation.OperationID)
		}
	}
	for _, r := range routes.All() {
		wanted = append(wanted, r.Pattern()+" "+string(r.Operation))
		operation := document.Paths.Value(r.Path).GetOperation(r.Method)
		for _, code := range r.Codes() {
			answer := operation.Responses.Status(r.StatusOf(code))
			if answer == nil || answer.Description == nil || !mentions(*answer.Description, code) {
				t.Errorf("%s: the document does not tell of %s", r.Operation, code)
			}
		}
	}
	slices.Sort(described)
	slices.Sort(wanted)
	if !slices.Equal(described, wanted) {
		t.Errorf("described are\n%v\nand there are\n%v", described, wanted)
	}
}

// mentions reports whether the words of an answer name a code.
func mentions(words string, code parley.Code) bool {
	_, list, _ := strings.Cut(words, ": ")
	return slices.Contains(strings.Split(list, ", "), string(code))
}

// The bodies in the document are those that the table names, as encoding/json writes them.
func TestEmptyAnswersAreOfTheirSchema(t *testing.T) {
	document := loadOpenAPI(t)
	for _, r := range routes.All() {
		if r.Answer == nil {
			continue
		}
		operation := document.Paths.Value(r.Path).GetOperation(r.Method)
		schema := operation.Responses.Status(r.Status).Value.Content.Get("application/json").Schema.Value
		written, err := json.Marshal(r.Answer)
		if err != nil {
			t.Fatal(err)
		}
		var members map[string]any
		if err := json.Unmarshal(written, &members); err != nil {
			t.Fatal(err)
		}
		for name := range members {
			if schema.Properties[name] == nil {
				t.Errorf("%s answers with %s, which the document does not have", r.Operation, name)
			}
		}
		for _, name := range schema.Required {
			if _, there := members[name]; !there {
				t.Errorf("%s does not always answer with %s", r.Operation, name)
			}
		}
	}
}

func TestOnlyWhatIsOpenNeedsNoToken(t *testing.T) {
	document := loadOpenAPI(t)
	for _, r := range routes.All() {
		operation := document.Paths.Value(r.Path).GetOperation(r.Method)
		if open := operation.Security != nil; open != r.Open {
			t.Errorf("%s: open is %v", r.Operation, open)
		}
		_, has := operation.Responses.Map()["401"]
		if !r.Open && !has {
			t.Errorf("%s does not say that a token is needed", r.Operation)
		}
	}
	if len(document.Security) != 1 || document.Paths.Value("/v1/me").GetOperation(http.MethodGet) == nil {
		t.Errorf("%+v", document.Security)
	}
}

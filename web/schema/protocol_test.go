package main

import (
	"bytes"
	"encoding/json"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"parley/web/wire"
)

// documents makes both documents anew, as they are to be.
func documents(t *testing.T) (protocol, api []byte) {
	t.Helper()
	c, err := readComments(wireFolder)
	if err != nil {
		t.Fatal(err)
	}
	if protocol, err = protocolSchema(c).indented(); err != nil {
		t.Fatal(err)
	}
	if api, err = openAPI(c).indented(); err != nil {
		t.Fatal(err)
	}
	return protocol, api
}

func TestTheDocumentsAreThoseOfTheCode(t *testing.T) {
	protocol, api := documents(t)
	for file, want := range map[string][]byte{schemaFile: protocol, openAPIFile: api} {
		if got, err := os.ReadFile(file); err != nil || !bytes.Equal(bytes.ReplaceAll(got, []byte("\r\n"), []byte("\n")), want) {
			t.Errorf("%s is not what `go generate ./...` makes: %v", file, err)
		}
	}
}

// compile reads the schema of the protocol and gives what checks one of its definitions.
func compile(t *testing.T, definition string) *jsonschema.Schema {
	t.Helper()
	file, err := os.Open(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	document, err := jsonschema.UnmarshalJSON(file)
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	if err := compiler.AddResource("protocol.schema.json", document); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("protocol.schema.json#/$defs/" + definition)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// valid checks a message against a schema.
func valid(schema *jsonschema.Schema, message string) error {
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(message))
	if err != nil {
		return err
	}
	return schema.Validate(value)
}

// Every type of message has its section, with an example, and there is no section of one that does not exist.
func TestEveryTypeIsExplained(t *testing.T) {
	examples, client, server := readDocument(t)
	var wantClient, wantServer []string
	for _, m := range wire.ClientMessages() {
		wantClient = append(wantClient, string(m.Type()))
	}
	for _, m := range wire.ServerMessages() {
		wantServer = append(wantServer, string(m.Type()))
	}
	if !slices.Equal(client, wantClient) {
		t.Errorf("explained from the client are %v\nand there are %v", client, wantClient)
	}
	if !slices.Equal(server, wantServer) {
		t.Errorf("explained from the server are %v\nand there are %v", server, wantServer)
	}
	shown := make(map[example]int)
	for _, e := range examples {
		shown[example{heading: e.heading, fromClient: e.fromClient}]++
	}
	for i, kind := range slices.Concat(client, server) {
		if shown[example{heading: kind, fromClient: i < len(client)}] == 0 {
			t.Errorf("%s has no example", kind)
		}
	}
}

// What the document shows is what the schema describes and what the code reads and writes, byte for byte.
func TestExamplesAreWhatIsSent(t *testing.T) {
	examples, _, _ := readDocument(t)
	client, server := compile(t, "ClientMessage"), compile(t, "ServerMessage")
	for _, e := range examples {
		var written []byte
		var kind wire.Type
		if e.fromClient {
			m, err := wire.DecodeClient([]byte(e.text))
			if err != nil {
				t.Errorf("line %d: %v", e.line, err)
				continue
			}
			written, kind = m.Append(nil), m.Type()
		} else {
			m, err := wire.DecodeServer([]byte(e.text))
			if err != nil {
				t.Errorf("line %d: %v", e.line, err)
				continue
			}
			written, kind = m.Append(nil), m.Type()
		}
		if string(written) != e.text || e.heading != "" && string(kind) != e.heading {
			t.Errorf("line %d shows\n%s\nand the code writes\n%s", e.line, e.text, written)
		}
		schema := server
		if e.fromClient {
			schema = client
		}
		if err := valid(schema, e.text); err != nil {
			t.Errorf("line %d: %v", e.line, err)
		}
	}
	if len(examples) < 30 {
		t.Errorf("only %d examples were found", len(examples))
	}
}

// The schema has one definition for each type, and each side's list names all of its own and no other.
func TestEveryTypeIsInTheSchema(t *testing.T) {
	var document struct {
		Defs map[string]struct {
			OneOf []struct {
				Ref string `json:"$ref"`
			}
			Properties map[string]struct{ Const wire.Type }
		} `json:"$defs"`
	}
	text, err := os.ReadFile(schemaFile)
	if err == nil {
		err = json.Unmarshal(text, &document)
	}
	if err != nil {
		t.Fatal(err)
	}
	listed := func(side string) (refs []string) {
		for _, r := range document.Defs[side].OneOf {
			refs = append(refs, r.Ref)
		}
		return refs
	}
	var client, server []string
	check := func(m interface{ Type() wire.Type }) string {
		name := reflect.TypeOf(m).Name()
		if got := document.Defs[name].Properties["type"].Const; got != m.Type() {
			t.Errorf("%s is %q in the schema, not %q", name, got, m.Type())
		}
		return "#/$defs/" + name
	}
	for _, m := range wire.ClientMessages() {
		client = append(client, check(m))
	}
	for _, m := range wire.ServerMessages() {
		server = append(server, check(m))
	}
	if !slices.Equal(listed("ClientMessage"), client) || !slices.Equal(listed("ServerMessage"), server) {
		t.Errorf("listed are %v and %v", listed("ClientMessage"), listed("ServerMessage"))
	}
}

// What the code refuses for its shape, the schema refuses as well; and what it lets pass is what the code lets pass.
func TestTheSchemaRefusesWhatTheCodeRefuses(t *testing.T) {
	schema := compile(t, "ClientMessage")
	for message, good := range map[string]bool{
		`{"type":"ping"}`:                          true,
		`{"type":"join","room":"lobby","after":0}`: true,
		`{}`:                                                  false,
		`{"type":"welcome"}`:                                  false,
		`{"type":"ping","text":"x"}`:                          false,
		`{"type":"ping","id":null}`:                           false,
		`{"type":"ping","id":"1 2"}`:                          false,
		`{"type":"ping","id":7}`:                              false,
		`{"type":"join"}`:                                     false,
		`{"type":"join","room":""}`:                           false,
		`{"type":"join","room":"lobby","after":-1}`:           false,
		`{"type":"join","room":"lobby","after":1.5}`:          false,
		`{"type":"join","room":"x","after":9007199254740992}`: false,
		`{"type":"post","room":"lobby","text":"x"}`:           false,
		`{"type":"hello","rooms":[{"room":"lobby","at":1}]}`:  false,
	} {
		if err := valid(schema, message); (err == nil) != good {
			t.Errorf("%s: the schema says %v", message, err)
		}
		if _, err := wire.DecodeClient([]byte(message)); (err == nil) != good {
			t.Errorf("%s: the code says %v", message, err)
		}
	}
}

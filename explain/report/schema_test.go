package report_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"parley/explain"
	"parley/explain/packet"
	"parley/explain/report"
)

// schemaFile is what docs/lens.md sends programmers to.
const schemaFile = "../../docs/explain.schema.json"

// object is an object of the schema.
type object struct {
	Properties map[string]any `json:"properties"`
	Required   []string       `json:"required"`
}

// Every field of the Go types stands in the schema, and is required there, and nothing else does.
func TestTheSchemaHasTheFieldsOfTheTypes(t *testing.T) {
	text, err := os.ReadFile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	var schema struct {
		object
		Defs map[string]object `json:"$defs"`
	}
	if err := json.Unmarshal(text, &schema); err != nil {
		t.Fatal(err)
	}
	same(t, "Document", schema.object, reflect.TypeFor[report.Document]())
	types := make(map[string]reflect.Type)
	collect(types, reflect.TypeFor[report.Document]())
	delete(types, "Document")
	for name, typ := range types {
		same(t, name, schema.Defs[name], typ)
		delete(schema.Defs, name)
	}
	for name := range schema.Defs {
		t.Errorf("the schema has %s, which no field is of", name)
	}
}

// collect gives the structs that a type is made of, by name.
func collect(types map[string]reflect.Type, t reflect.Type) {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct || types[t.Name()] != nil {
		return
	}
	types[t.Name()] = t
	for i := range t.NumField() {
		collect(types, t.Field(i).Type)
	}
}

// same compares an object of the schema with a type.
func same(t *testing.T, name string, o object, typ reflect.Type) {
	t.Helper()
	fields := names(typ)
	slices.Sort(fields)
	if got := slices.Sorted(maps.Keys(o.Properties)); !slices.Equal(got, fields) {
		t.Errorf("%s has %v in the schema, and %v in Go", name, got, fields)
	}
	slices.Sort(o.Required)
	if !slices.Equal(o.Required, fields) {
		t.Errorf("of %s the schema requires %v, not %v", name, o.Required, fields)
	}
}

// names gives what the fields of a struct are called in JSON.
func names(t reflect.Type) (list []string) {
	for i := range t.NumField() {
		f := t.Field(i)
		tag, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous:
			list = append(list, names(f.Type)...)
		case tag != "":
			list = append(list, tag)
		}
	}
	return list
}

// document writes a lab as JSON, and sees that it is as the schema says.
func document(t *testing.T, l *explain.Lab) report.Document {
	t.Helper()
	var b bytes.Buffer
	if err := report.WriteJSON(&b, l); err != nil {
		t.Fatal(err)
	}
	schema, err := jsonschema.NewCompiler().Compile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(b.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(value); err != nil {
		t.Errorf("%v\n%s", err, b.String())
	}
	var d report.Document
	if err := json.Unmarshal(b.Bytes(), &d); err != nil {
		t.Fatal(err)
	}
	return d
}

func TestDocumentsAreAsTheSchemaSays(t *testing.T) {
	if d := document(t, newStory(t).lab()); d.Packets != 0 || d.Began != nil || len(d.Answers) < 12 {
		t.Errorf("an empty capture is %+v", d)
	}

	s := newStory(t)
	c := s.between(pupil, teacher)
	c.scale, c.window[server] = 0, 10
	c.shake()
	c.say(client, packet.ACK|packet.PSH, "0123456789")                 // 4: fills the window
	c.segment(client, packet.ACK|packet.PSH, 1001, 5001, "0123456789") // 5: again
	c.later(1e6)
	c.window[server] = 100
	c.say(server, packet.ACK, "") // 6
	c.say(server, packet.RST|packet.ACK, "")
	nobody := s.datagram(pupil, "10.0.0.1:9", "anybody?", 0)
	s.unreachable("10.0.0.1", "10.0.0.2", nobody)
	s.between(pupil, "10.0.0.9:80").say(client, packet.SYN, "")
	d := document(t, s.lab())
	got := d.Connections[0]
	if got.Reset == nil || got.Reset.Bytes != 10 || got.Reset.Side != "server" || got.Close != "reset" || !got.Unserved {
		t.Errorf("the reset is %+v", got.Reset)
	}
	if len(got.Repeats) != 1 || got.Repeats[0].Original == nil || got.Repeats[0].Original.Frame != 4 || *got.Repeats[0].WaitNS != 1e6 {
		t.Errorf("the repeats are %+v", got.Repeats)
	}
	if len(got.Held) != 1 || got.Held[0].Until == nil || got.Held[0].Until.Frame != 6 || !got.Held[0].Full || got.OfClient.HeldNS != 2e6 {
		t.Errorf("held is %+v", got.Held)
	}
	if got := d.Datagrams[0]; len(got.Unreachable) != 1 || got.Largest != 8 || len(d.Datagrams) != 1 {
		t.Errorf("the datagrams are %+v", d.Datagrams)
	}
	if got := d.Connections[1]; got.Close != "unanswered" || got.SYNACK != nil || got.MinWindow != nil {
		t.Errorf("the second connection is %+v", got)
	}
}

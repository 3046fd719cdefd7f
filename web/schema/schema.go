package main

import (
	"fmt"
	"reflect"
	"strings"

	"parley/web/wire"
)

// builder makes schemas (JSON Schema, draft 2020-12) of Go types as encoding/json writes them, and keeps those of structs as
// definitions that the others refer to.
type builder struct {
	comments comments
	place    string // where the definitions are, "#/$defs/"
	defs     object
	made     map[reflect.Type]bool
}

// of gives the schema of a type: a reference, for a struct.
func (b *builder) of(t reflect.Type) object {
	if schema := scalar(t); schema != nil {
		return schema
	}
	switch {
	case t == reflect.TypeFor[wire.Event]():
		return object{{"oneOf", b.references(events())}}
	case t.Kind() == reflect.Pointer:
		return b.of(t.Elem())
	case t.Kind() == reflect.Slice:
		return object{{"type", "array"}, {"items", b.of(t.Elem())}}
	case t.Kind() == reflect.Struct:
		return b.reference(t)
	}
	panic(fmt.Sprintf("there is no schema for %v", t)) // a type that was added without one: go generate stops here
}

// reference gives a reference to a struct's definition, and makes that.
func (b *builder) reference(t reflect.Type) object {
	if !b.made[t] {
		b.made[t] = true
		at := len(b.defs)
		b.defs = b.defs.with(t.Name(), nil) // its place in the order is before what it refers to
		b.defs[at].value = b.definition(t)
	}
	return object{{"$ref", b.place + t.Name()}}
}

// references gives a reference to the definition of each value's type.
func (b *builder) references(values []any) (all []object) {
	for _, v := range values {
		all = append(all, b.reference(reflect.TypeOf(v)))
	}
	return all
}

// definition makes the schema of a struct. What the server reads has no further fields; what it writes may get some, and
// clients pass over them.
func (b *builder) definition(t reflect.Type) object {
	var properties object
	var required []string
	if message, ok := reflect.Zero(t).Interface().(interface{ Type() wire.Type }); ok {
		properties = properties.with("type", object{{"const", message.Type()}})
		required = append(required, "type")
	}
	b.fields(t, &properties, &required)
	schema := object{{"type", "object"}}
	if words := b.comments[t.Name()]; words != "" {
		schema = schema.with("description", words)
	}
	schema = schema.with("properties", properties)
	if len(required) > 0 {
		schema = schema.with("required", required)
	}
	if isRead(t) {
		schema = schema.with("additionalProperties", false)
	}
	return schema
}

// fields adds the fields of a struct, and of those that it embeds, as encoding/json writes them.
func (b *builder) fields(t reflect.Type, properties *object, required *[]string) {
	for i := range t.NumField() {
		field := t.Field(i)
		tag, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		if field.Anonymous && tag == "" {
			b.fields(field.Type, properties, required)
			continue
		}
		schema := b.of(field.Type)
		if words := b.comments[t.Name()+"."+field.Name]; words != "" {
			schema = schema.with("description", words)
		}
		*properties = properties.with(tag, schema)
		if !strings.HasPrefix(options, "omit") {
			*required = append(*required, tag)
		}
	}
}

// isRead reports whether the server reads a type, as a message, a body or a part of one, and refuses fields that it does not
// know.
func isRead(t reflect.Type) bool {
	_, checked := reflect.Zero(t).Interface().(wire.Request)
	return checked
}

// events gives an empty one of each message that is a lasting event.
func events() []any {
	return []any{wire.Message{}, wire.DirectMessage{}, wire.Edited{}, wire.Deleted{}, wire.Reaction{}, wire.MemberChanged{},
		wire.RoomChanged{}}
}

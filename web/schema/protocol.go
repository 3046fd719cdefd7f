package main

import (
	"reflect"

	"parley/web/wire"
)

// protocolSchema makes the schema of what goes over the socket: a definition for each type of message, and one for what
// each side sends.
func protocolSchema(c comments) object {
	b := &builder{comments: c, place: "#/$defs/", made: make(map[reflect.Type]bool)}
	var fromClient, fromServer []any
	for _, m := range wire.ClientMessages() {
		fromClient = append(fromClient, m)
	}
	for _, m := range wire.ServerMessages() {
		fromServer = append(fromServer, m)
	}
	client := object{{"description", "What a client sends."}, {"oneOf", b.references(fromClient)}}
	server := object{{"description", "What the server sends."}, {"oneOf", b.references(fromServer)}}
	defs := append(object{{"ClientMessage", client}, {"ServerMessage", server}}, b.defs...)
	return object{
		{"$schema", "https://json-schema.org/draft/2020-12/schema"},
		{"title", "Parley on a WebSocket"},
		{"description", "The messages on GET /v1/socket. What they are for stands in protocol.md."},
		{"anyOf", []object{{{"$ref", "#/$defs/ClientMessage"}}, {{"$ref", "#/$defs/ServerMessage"}}}},
		{"$defs", defs},
	}
}

package routes

import (
	"net/http"

	"parley"
	"parley/web/wire"
)

// What concerns conversations of two.
const (
	ListConversations  Operation = "listConversations"
	ListDirectMessages Operation = "listDirectMessages"
	PostDirectMessage  Operation = "postDirectMessage"
	ListDirectEvents   Operation = "listDirectEvents"
)

func directRoutes() []Route {
	return []Route{{
		Operation: ListConversations, Method: http.MethodGet, Path: "/v1/direct", Status: http.StatusOK, Who: "oneself",
		Summary: "Lists the reader's conversations, the newest first.",
		Answer:  wire.Conversations{},
	}, {
		Operation: ListDirectMessages, Method: http.MethodGet, Path: "/v1/direct/{name}/messages", Status: http.StatusOK,
		Who: "the two of them", Summary: "Gives a page of the messages with somebody, as they are now.",
		Query: pageOfMessages(), Answer: wire.MessagePage{},
		Fails: []parley.Code{parley.CodeNoSuchUser},
	}, {
		Operation: PostDirectMessage, Method: http.MethodPost, Path: "/v1/direct/{name}/messages",
		Status: http.StatusCreated, Who: "everybody", Summary: "Says something to one person. With the same id again, it is said once.",
		Request: wire.NewMessage{}, Answer: wire.Receipt{},
		Fails: []parley.Code{parley.CodeNoSuchUser, parley.CodeNoSuchMessage, parley.CodeForbidden,
			parley.CodeThrottled},
	}, {
		Operation: ListDirectEvents, Method: http.MethodGet, Path: "/v1/direct/{name}/events", Status: http.StatusOK,
		Who: "the two of them", Summary: "Gives everything that happened in a conversation after a number, as the socket shows it.",
		Query: pageOfEvents(), Answer: wire.EventPage{},
		Fails: []parley.Code{parley.CodeNoSuchUser},
	}}
}

package routes

import (
	"net/http"

	"parley"
	"parley/web/wire"
)

// MaxPage is how many messages or events one page has at most, and DefaultPage how many where no limit is asked for.
const (
	MaxPage     = 1000
	DefaultPage = 50
)

// The orders of messages, as values of "order".
const (
	OldestFirst = "oldest"
	NewestFirst = "newest"
)

// What concerns messages.
const (
	ListMessages  Operation = "listMessages"
	PostMessage   Operation = "postMessage"
	GetMessage    Operation = "getMessage"
	GetPreview    Operation = "getPreview"
	EditMessage   Operation = "editMessage"
	DeleteMessage Operation = "deleteMessage"
	ListRevisions Operation = "listRevisions"
	AddReaction   Operation = "addReaction"
	TakeReaction  Operation = "takeReaction"
	ListEvents    Operation = "listEvents"
)

const message = "/v1/rooms/{room}/messages/{number}"

func messageRoutes() []Route {
	return []Route{{
		Operation: ListMessages, Method: http.MethodGet, Path: "/v1/rooms/{room}/messages", Status: http.StatusOK,
		Verb: parley.VerbEnter, Who: "whoever may enter it", Summary: "Gives a page of messages as they are now.",
		Query: pageOfMessages(), Answer: wire.MessagePage{},
		Fails: noEntry(),
	}, {
		Operation: PostMessage, Method: http.MethodPost, Path: "/v1/rooms/{room}/messages", Status: http.StatusCreated,
		Verb: parley.VerbPost, Who: "whoever may speak there", Summary: "Posts a message. With the same id again, it is there once.",
		Request: wire.NewMessage{}, Answer: wire.Receipt{},
		Fails: append(noEntry(), parley.CodeForbidden, parley.CodeNoSuchMessage, parley.CodeThrottled),
	}, {
		Operation: GetMessage, Method: http.MethodGet, Path: message, Status: http.StatusOK, Verb: parley.VerbEnter,
		Who: "whoever may enter the room", Summary: "Gives a message as it is now.",
		Answer: wire.KeptMessage{},
		Fails:  append(noEntry(), parley.CodeNoSuchMessage),
	}, {
		Operation: GetPreview, Method: http.MethodGet, Path: message + "/preview", Status: http.StatusOK,
		Verb: parley.VerbEnter, Who: "whoever may enter the room",
		Summary: "Gives the picture that a message has as a small one, in JPEG or PNG.",
		Media:   "image/*",
		Fails:   append(noEntry(), parley.CodeNoSuchMessage, parley.CodeNoSuchFile, parley.CodeThrottled),
	}, {
		Operation: EditMessage, Method: http.MethodPatch, Path: message, Status: http.StatusOK, Verb: parley.VerbEditOwn,
		Who: "its sender", Summary: "Gives a message another text.",
		Request: wire.MessageEdit{}, Answer: wire.Receipt{},
		Fails: append(noEntry(), parley.CodeForbidden, parley.CodeNoSuchMessage, parley.CodeThrottled),
	}, {
		Operation: DeleteMessage, Method: http.MethodDelete, Path: message, Status: http.StatusOK, Verb: parley.VerbDeleteAny,
		Who: "its sender; moderators and owners", Summary: "Erases a message. That there was one stays.",
		Query: []Parameter{requestID()}, Answer: wire.Receipt{},
		Fails: append(noEntry(), parley.CodeForbidden, parley.CodeNoSuchMessage),
	}, {
		Operation: ListRevisions, Method: http.MethodGet, Path: message + "/revisions", Status: http.StatusOK,
		Verb: parley.VerbRevisions, Who: "moderators and owners", Summary: "Gives what a message said before it was edited.",
		Answer: wire.Revisions{},
		Fails:  append(noEntry(), parley.CodeForbidden, parley.CodeNoSuchMessage),
	}, {
		Operation: AddReaction, Method: http.MethodPut, Path: message + "/reactions/{emoji}", Status: http.StatusOK,
		Verb: parley.VerbReact, Who: "whoever may enter the room", Summary: "Reacts to a message.",
		Query: []Parameter{requestID()}, Answer: wire.Receipt{},
		Fails: append(noEntry(), parley.CodeNoSuchMessage),
	}, {
		Operation: TakeReaction, Method: http.MethodDelete, Path: message + "/reactions/{emoji}", Status: http.StatusOK,
		Verb: parley.VerbReact, Who: "whoever made it", Summary: "Takes a reaction back.",
		Query: []Parameter{requestID()}, Answer: wire.Receipt{},
		Fails: append(noEntry(), parley.CodeNoSuchMessage),
	}, {
		Operation: ListEvents, Method: http.MethodGet, Path: "/v1/rooms/{room}/events", Status: http.StatusOK,
		Verb: parley.VerbEnter, Who: "whoever may enter it",
		Summary: "Gives everything that happened in a room after a number, as the socket shows it.",
		Query:   pageOfEvents(), Answer: wire.EventPage{},
		Fails: noEntry(),
	}}
}

// pageOfMessages is how a page of messages is asked for.
func pageOfMessages() []Parameter {
	return []Parameter{
		{Name: "after", Number: true, Summary: "only messages with a higher number"},
		{Name: "before", Number: true, Summary: "only messages with a lower number"},
		{Name: "limit", Number: true, Most: MaxPage, Summary: "at most so many, 50 where it is left out"},
		{Name: "order", Choices: []string{OldestFirst, NewestFirst},
			Summary: "which come first and are kept to by the limit; the oldest where it is left out"},
	}
}

// pageOfEvents is how a page of events is asked for.
func pageOfEvents() []Parameter {
	return []Parameter{
		{Name: "after", Number: true, Summary: "only events with a higher number; 0 where it is left out"},
		{Name: "limit", Number: true, Most: MaxPage, Summary: "at most so many, 50 where it is left out"},
	}
}

// requestID is the id of a request that has no body to carry it.
func requestID() Parameter {
	return Parameter{Name: "id", Summary: "made by the client, the same one when it tries again: the request is carried out once"}
}

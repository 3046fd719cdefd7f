package routes

import (
	"net/http"

	"parley"
	"parley/web/wire"
)

// What concerns files.
const (
	SendFile Operation = "sendFile"
	GetFile  Operation = "getFile"
)

// fileMedia is the media type of a file's content, whatever is in it.
const fileMedia = "application/octet-stream"

func fileRoutes() []Route {
	const path = "/v1/rooms/{room}/files/{file}"
	return []Route{{
		Operation: SendFile, Method: http.MethodPost, Path: path, Status: http.StatusCreated,
		Verb: parley.VerbPost, Who: "whoever may speak there",
		Summary: "Sends a file: the body is its content, and Content-Length its size.",
		Query:   []Parameter{requestID()}, Takes: fileMedia, Answer: wire.FileReceipt{},
		Fails: append(noEntry(), parley.CodeForbidden, parley.CodeNameInvalid, parley.CodeTooLarge),
	}, {
		Operation: GetFile, Method: http.MethodGet, Path: path, Status: http.StatusOK,
		Verb: parley.VerbEnter, Who: "whoever may enter it",
		Summary: "Gives the content of the newest file of that name in the room, or of the one that the server shares, or ranges of it. Its ETag is the SHA-256.",
		Media:   fileMedia,
		Fails:   append(noEntry(), parley.CodeNameInvalid, parley.CodeNoSuchFile),
	}}
}

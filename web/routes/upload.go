package routes

import (
	"net/http"

	"parley"
	"parley/web/wire"
)

// What concerns uploads in pieces: tus 1.0.0 with Creation, Expiration, Checksum and Termination.
const (
	UploadAbilities Operation = "uploadAbilities"
	BeginUpload     Operation = "beginUpload"
	GetUpload       Operation = "getUpload"
	ContinueUpload  Operation = "continueUpload"
	EndUpload       Operation = "endUpload"
)

// pieceMedia is the media type of a piece of an upload.
const pieceMedia = "application/offset+octet-stream"

func uploadRoutes() []Route {
	const begin, upload = "/v1/rooms/{room}/uploads", "/v1/uploads/{upload}"
	fails := []parley.Code{parley.CodeInvalid, parley.CodeWrongProtocol, parley.CodeNoSuchUpload, parley.CodeExpired}
	finishing := append(noEntry(), parley.CodeForbidden, parley.CodeThrottled)
	return []Route{{
		Operation: UploadAbilities, Method: http.MethodOptions, Path: begin, Status: http.StatusNoContent, Open: true, Tus: true,
		Who: "everybody", Summary: "Tells in headers what of the tus protocol is spoken, and how large a file may be.",
	}, {
		Operation: BeginUpload, Method: http.MethodPost, Path: begin, Status: http.StatusCreated, Tus: true,
		Verb: parley.VerbPost, Who: "whoever may speak there",
		Summary: "Begins an upload by tus 1.0.0: Upload-Length is its size, filename in Upload-Metadata its name. Location says where it goes on.",
		Query:   []Parameter{requestID()}, Answer: wire.Upload{},
		Fails: append(noEntry(), parley.CodeForbidden, parley.CodeNameInvalid, parley.CodeTooLarge, parley.CodeThrottled,
			parley.CodeWrongProtocol),
	}, {
		Operation: GetUpload, Method: http.MethodHead, Path: upload, Status: http.StatusNoContent, Tus: true, Who: "whoever began it",
		Summary: "Tells in Upload-Offset how much of an upload has come.",
		Fails:   append(finishing, fails...),
	}, {
		Operation: ContinueUpload, Method: http.MethodPatch, Path: upload, Status: http.StatusNoContent, Tus: true,
		Who: "whoever began it, while they may speak in the room", Takes: pieceMedia,
		Summary: "Goes on with an upload at Upload-Offset. With the last byte the room is told of the file.",
		Fails:   append(append(finishing, fails...), parley.CodeWrongOffset, parley.CodeWrongChecksum, parley.CodeTooLarge),
	}, {
		Operation: EndUpload, Method: http.MethodDelete, Path: upload, Status: http.StatusNoContent, Tus: true, Who: "whoever began it",
		Summary: "Gives an upload up. Nothing is left of it, but what was posted.",
		Fails:   fails,
	}}
}

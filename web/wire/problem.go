package wire

import (
	"net/http"

	"parley"
)

// ProblemType is the media type of a Problem.
const ProblemType = "application/problem+json"

// Problem is an error as HTTP tells it: problem details (RFC 9457), with the code as the field for programs. Its type is
// "about:blank", so that Title says no more than Status (section 4.2.1).
type Problem struct {
	Type   string      `json:"type"`
	Title  string      `json:"title"`
	Status int         `json:"status"`
	Detail string      `json:"detail"` // the sentence for the person
	Code   parley.Code `json:"code"`
	Retry  bool        `json:"retry"` // asking again later, with nothing changed, can help
}

// ProblemOf tells of an error: what may be told of it and no more.
func ProblemOf(err error) Problem {
	code := parley.CodeOf(err)
	status := StatusOf(code)
	return Problem{Type: "about:blank", Title: StatusText(status), Status: status, Detail: parley.Sentence(err),
		Code: code, Retry: code.Retry()}
}

// Err gives what the problem tells of as an error.
func (p Problem) Err() *parley.Error { return &parley.Error{Code: p.Code, Sentence: p.Detail} }

// StatusChecksumMismatch tells that a piece of an upload has arrived damaged (tus 1.0.0, Checksum).
const StatusChecksumMismatch = 460

// StatusText gives the words for a status.
func StatusText(status int) string {
	if status == StatusChecksumMismatch {
		return "Checksum Mismatch"
	}
	return http.StatusText(status)
}

// StatusOf gives the status by which HTTP tells of a code (RFC 9110, section 15; RFC 6585; RFC 4918, section 11.5). Whoever
// answers 401 says in WWW-Authenticate how, and with 429 and 503 goes Retry-After. Every code has one; a code that is not in
// parley.Codes is a 500.
func StatusOf(code parley.Code) int {
	switch code {
	case parley.CodeInvalid, parley.CodeNameInvalid, parley.CodeWrongProtocol, parley.CodeHandshake, parley.CodeClosed:
		return http.StatusBadRequest
	case parley.CodeUnauthorized, parley.CodePasswordNeeded, parley.CodeWrongPassword:
		return http.StatusUnauthorized
	case parley.CodeForbidden, parley.CodeBanned, parley.CodeNewPassword:
		return http.StatusForbidden
	case parley.CodeNoSuchUser, parley.CodeNoSuchRoom, parley.CodeNoSuchFile, parley.CodeNoSuchMessage,
		parley.CodeNoSuchAccount, parley.CodeNoSuchUpload, parley.CodeNoSuchInvite:
		return http.StatusNotFound
	case parley.CodeNameTaken, parley.CodeWrongOffset:
		return http.StatusConflict
	case parley.CodeExpired:
		return http.StatusGone
	case parley.CodeWrongChecksum:
		return StatusChecksumMismatch
	case parley.CodeIdle, parley.CodeSlowReader:
		return http.StatusRequestTimeout
	case parley.CodeTooLong, parley.CodeTooLarge:
		return http.StatusRequestEntityTooLarge
	case parley.CodeMisdirected:
		return http.StatusMisdirectedRequest
	case parley.CodeThrottled, parley.CodePerAddress:
		return http.StatusTooManyRequests
	case parley.CodeUnsupported:
		return http.StatusNotImplemented
	case parley.CodeFull, parley.CodeShutdown, parley.CodeStore:
		return http.StatusServiceUnavailable
	case parley.CodeDiskFull:
		return http.StatusInsufficientStorage
	case parley.CodeInternal:
		return http.StatusInternalServerError
	}
	return http.StatusInternalServerError
}

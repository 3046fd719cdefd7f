package api

import (
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"

	"parley"
	"parley/web/wire"
)

// Later is in the chain of an error when the server has said after how long asking again makes sense.
type Later struct{ After time.Duration }

// Error says so.
func (l *Later) Error() string { return "asked to wait for " + l.After.String() }

// isLater reports whether the server itself has asked to be asked again, so that nothing has been done yet.
func isLater(err error) bool {
	_, ok := errors.AsType[*Later](err)
	return ok
}

// longestLater is how long a server can ask to wait.
const longestLater = 24 * time.Hour

// problemIn gives the error that an answer tells of.
func problemIn(response *http.Response) error {
	body, _ := io.ReadAll(io.LimitReader(response.Body, 64<<10)) // a part of it is no problem, which is noticed
	problem, err := wire.DecodeAnswer[wire.Problem](body)
	if response.Request != nil && response.Request.Method == http.MethodHead {
		problem, err = headProblem(response), nil
	}
	if err != nil || problem.Code == "" {
		return parley.Errorf(parley.CodeWrongProtocol, "no Parley server answers there: it says %s",
			parley.CleanLine(response.Status))
	}
	told := problem.Err()
	// RFC 9110, section 10.2.3; the form with a date is not used here.
	if seconds, err := strconv.Atoi(response.Header.Get("Retry-After")); err == nil && seconds > 0 {
		told.Cause = &Later{min(time.Duration(seconds)*time.Second, longestLater)}
	}
	return told
}

// headProblem gives what an answer to HEAD tells of, which has a status alone. All that is asked for in this way is an upload.
func headProblem(response *http.Response) wire.Problem {
	code, sentence := parley.Code(""), ""
	switch response.StatusCode {
	case http.StatusUnauthorized:
		code, sentence = parley.CodeUnauthorized, "the server does not know who you are any more"
	case http.StatusForbidden:
		code, sentence = parley.CodeForbidden, "you may not speak there any more"
	case http.StatusNotFound:
		code, sentence = parley.CodeNoSuchUpload, "there is no such upload any more"
	case http.StatusGone:
		code, sentence = parley.CodeExpired, "the time of the upload is over"
	case http.StatusTooManyRequests:
		code, sentence = parley.CodeThrottled, "the server asks to wait"
	case http.StatusInsufficientStorage:
		code, sentence = parley.CodeDiskFull, "the server's disk is full"
	case http.StatusInternalServerError, http.StatusServiceUnavailable:
		code, sentence = parley.CodeStore, "the server cannot do that now"
	}
	return wire.Problem{Code: code, Detail: sentence}
}

// unreachable makes the error of a request that had no answer. Why a server could not be connected to is a sentence
// already.
func unreachable(err error) error {
	if coded, ok := errors.AsType[*parley.Error](err); ok {
		return coded
	}
	reason := err
	for cause := errors.Unwrap(reason); cause != nil; cause = errors.Unwrap(reason) {
		reason = cause
	}
	return parley.Wrap(parley.CodeClosed, err, "the server gave no answer: "+parley.CleanLine(reason.Error()))
}

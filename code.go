package parley

import (
	"errors"
	"fmt"
)

// Code names a kind of failure. Codes travel on every wire in that wire's own form, so the list is closed and append-only:
// a code is never renamed and never used for something else.
type Code string

// The codes, in the order in which they were added.
const (
	// CodeInternal is any failure without a code of its own; the peer is told nothing more than that.
	CodeInternal Code = "internal"
	// CodeInvalid is a request that makes no sense as it stands: malformed, empty where something is needed.
	CodeInvalid Code = "invalid"
	// CodeNameInvalid is a user, room or file name that nobody may have.
	CodeNameInvalid Code = "name-invalid"
	// CodeNameTaken is a name that somebody else has now.
	CodeNameTaken Code = "name-taken"
	// CodeNoSuchUser is a person who is not here.
	CodeNoSuchUser Code = "no-such-user"
	// CodeNoSuchRoom is a room that does not exist.
	CodeNoSuchRoom Code = "no-such-room"
	// CodeNoSuchFile is a file that nobody has sent or shared.
	CodeNoSuchFile Code = "no-such-file"
	// CodeTooLong is a message over MaxText or MaxLines.
	CodeTooLong Code = "too-long"
	// CodeTooLarge is a file over the limit for one file, or for all of them together.
	CodeTooLarge Code = "too-large"
	// CodeDiskFull is a disk without room for what was asked; reading still works.
	CodeDiskFull Code = "disk-full"
	// CodeStore is a disk or a database that failed; what was asked has not happened.
	CodeStore Code = "store-failed"
	// CodeFull is a listener that has as many clients as it may.
	CodeFull Code = "server-full"
	// CodePerAddress is an address that has as many connections as it may.
	CodePerAddress Code = "too-many-from-address"
	// CodeSlowReader is a connection that was cut because it did not read what was sent to it.
	CodeSlowReader Code = "slow-reader"
	// CodeIdle is a connection that was closed because nothing came from it.
	CodeIdle Code = "idle"
	// CodeShutdown is a server that is stopping.
	CodeShutdown Code = "shutting-down"
	// CodeWrongProtocol is a connection that speaks another protocol than its listener.
	CodeWrongProtocol Code = "wrong-protocol"
	// CodeHandshake is a TLS handshake that failed or took too long.
	CodeHandshake Code = "handshake-failed"
	// CodeClosed is a connection whose other side left, or that broke.
	CodeClosed Code = "closed"
	// CodeUnauthorized is somebody who has not shown who they are: no token, one that is not valid any more, or none that
	// is enough where only accounts are admitted.
	CodeUnauthorized Code = "unauthorized"
	// CodePasswordNeeded is a name that belongs to an account, asked for without its password.
	CodePasswordNeeded Code = "password-needed"
	// CodeWrongPassword is a name and a password that do not belong together, whether or not there is such an account.
	CodeWrongPassword Code = "wrong-password"
	// CodeThrottled is somebody who has tried too often and has to wait.
	CodeThrottled Code = "throttled"
	// CodeForbidden is somebody who is known and may not do this.
	CodeForbidden Code = "forbidden"
	// CodeBanned is somebody who may not enter a room any more.
	CodeBanned Code = "banned"
	// CodeNoSuchMessage is a message that does not exist, or was deleted.
	CodeNoSuchMessage Code = "no-such-message"
	// CodeNoSuchAccount is an account that does not exist. Only those who may list accounts are told so.
	CodeNoSuchAccount Code = "no-such-account"
	// CodeMisdirected is a request to a host name that this server does not go by.
	CodeMisdirected Code = "misdirected"
	// CodeUnsupported is something that this door, or this version, does not have.
	CodeUnsupported Code = "unsupported"
	// CodeNoSuchUpload is an upload that does not exist, or is somebody else's.
	CodeNoSuchUpload Code = "no-such-upload"
	// CodeExpired is something whose time is over.
	CodeExpired Code = "expired"
	// CodeWrongOffset is a piece of an upload that does not begin where the one before has ended.
	CodeWrongOffset Code = "wrong-offset"
	// CodeWrongChecksum is a piece of an upload that has arrived damaged. Sending it again can help.
	CodeWrongChecksum Code = "wrong-checksum"
	// CodeNewPassword is a one-time password, which is right: somebody has to choose one of their own with it first.
	CodeNewPassword Code = "new-password-needed"
	// CodeNoSuchInvite is an invite that does not exist, or is not known any more.
	CodeNoSuchInvite Code = "no-such-invite"
)

// Codes gives every code, in the order in which they were added.
func Codes() []Code {
	return []Code{CodeInternal, CodeInvalid, CodeNameInvalid, CodeNameTaken, CodeNoSuchUser, CodeNoSuchRoom, CodeNoSuchFile,
		CodeTooLong, CodeTooLarge, CodeDiskFull, CodeStore, CodeFull, CodePerAddress, CodeSlowReader, CodeIdle, CodeShutdown,
		CodeWrongProtocol, CodeHandshake, CodeClosed, CodeUnauthorized, CodePasswordNeeded, CodeWrongPassword, CodeThrottled,
		CodeForbidden, CodeBanned, CodeNoSuchMessage, CodeNoSuchAccount, CodeMisdirected, CodeUnsupported,
		CodeNoSuchUpload, CodeExpired, CodeWrongOffset, CodeWrongChecksum, CodeNewPassword, CodeNoSuchInvite}
}

// Retry says whether asking again later, with nothing changed, can help.
func (c Code) Retry() bool {
	switch c {
	case CodeInternal, CodeDiskFull, CodeStore, CodeFull, CodePerAddress, CodeSlowReader, CodeIdle, CodeShutdown,
		CodeHandshake, CodeClosed, CodeThrottled, CodeWrongChecksum:
		return true
	}
	return false
}

// Error is a failure with a code for programs, a sentence for the person who caused it, and a cause for the log. The
// sentence starts in lower case, has no final stop, and never carries what the peer must not see.
type Error struct {
	Code     Code
	Sentence string
	Cause    error // nil when there is nothing more to say
}

// Errorf makes an Error whose sentence is formatted as by fmt.Sprintf; an argument for %w becomes its Cause as well.
func Errorf(code Code, format string, args ...any) *Error {
	err := fmt.Errorf(format, args...)
	return &Error{Code: code, Sentence: err.Error(), Cause: errors.Unwrap(err)}
}

// Wrap makes an Error that shows sentence to the person and keeps cause for the log.
func Wrap(code Code, cause error, sentence string) *Error {
	return &Error{Code: code, Sentence: sentence, Cause: cause}
}

// Error is the whole story, for the log: the sentence, and the cause where the sentence does not already end with it.
func (e *Error) Error() string {
	if e.Cause == nil || len(e.Sentence) >= len(e.Cause.Error()) && e.Sentence[len(e.Sentence)-len(e.Cause.Error()):] == e.Cause.Error() {
		return e.Sentence
	}
	return e.Sentence + ": " + e.Cause.Error()
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Cause }

// Is reports whether target is an *Error of the same code, so that errors.Is(err, &Error{Code: c}) asks for a code.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Code == e.Code
}

// CodeOf gives the code of the first Error in err's chain, CodeInternal when there is none, and "" for nil.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return CodeInternal
}

// Sentence gives what a peer may be told of err: the sentence of the first Error in its chain, and one neutral sentence
// for everything else, whose full text belongs in the log.
func Sentence(err error) string {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Sentence
	}
	return "something went wrong on the server"
}

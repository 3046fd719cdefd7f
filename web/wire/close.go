package wire

import "parley"

// The status codes of a close frame that are used here (RFC 6455, section 7.4.1; the last one from the registry that section
// 11.7 sets up).
const (
	CloseNormal      = 1000
	CloseGoingAway   = 1001
	CloseProtocol    = 1002
	CloseNotText     = 1003
	CloseNotUTF8     = 1007
	ClosePolicy      = 1008
	CloseTooLong     = 1009
	CloseInternal    = 1011
	CloseTryLater    = 1013
	MaxCloseSentence = 123 // bytes of a reason in a close frame (section 5.5)
)

// CloseStatus gives the status code for a connection that is closed because of code. Programs go by the code in the Bye
// before it; this is for those that see nothing else.
func CloseStatus(code parley.Code) uint16 {
	switch code {
	case "", parley.CodeClosed:
		return CloseNormal
	case parley.CodeShutdown:
		return CloseGoingAway
	case parley.CodeTooLong:
		return CloseTooLong
	case parley.CodeWrongProtocol:
		return CloseProtocol
	case parley.CodeInternal:
		return CloseInternal
	}
	if code.Retry() {
		return CloseTryLater
	}
	return ClosePolicy
}

package wire

import (
	"testing"

	"parley"
)

func TestCloseStatuses(t *testing.T) {
	for code, want := range map[parley.Code]uint16{
		"": 1000, parley.CodeShutdown: 1001, parley.CodeTooLong: 1009, parley.CodeUnauthorized: 1008, parley.CodeInvalid: 1008,
		parley.CodeThrottled: 1013, parley.CodeSlowReader: 1013, parley.CodeInternal: 1011, parley.CodeWrongProtocol: 1002,
	} {
		if got := CloseStatus(code); got != want {
			t.Errorf("%s is %d, not %d", code, got, want)
		}
	}
	for _, code := range parley.Codes() {
		if got := CloseStatus(code); got == CloseTryLater && !code.Retry() {
			t.Errorf("%s says to try again, which cannot help", code)
		}
	}
}

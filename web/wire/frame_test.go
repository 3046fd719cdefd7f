package wire

import (
	"bytes"
	"testing"
)

// The lengths where the form changes are those of RFC 6455, section 5.2; the examples of section 5.7 are among them.
func TestFrameHeaders(t *testing.T) {
	for size, want := range map[int][]byte{
		0:       {0x81, 0},
		5:       {0x81, 5},
		125:     {0x81, 125},
		126:     {0x81, 126, 0, 126},
		65535:   {0x81, 126, 0xFF, 0xFF},
		65536:   {0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0},
		1 << 30: {0x81, 127, 0, 0, 0, 0, 0x40, 0, 0, 0},
	} {
		if got := AppendFrameHeader([]byte{7}, size); !bytes.Equal(got[1:], want) || len(want) > MaxFrameHeader {
			t.Errorf("%d bytes: % x, not % x", size, got[1:], want)
		}
	}
}

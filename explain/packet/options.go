package packet

import "encoding/binary"

// The kinds of TCP's options (IANA).
const (
	kindEnd       = 0
	kindNothing   = 1
	kindMSS       = 2
	kindScale     = 3
	kindSACKOK    = 4
	kindSACK      = 5
	kindTimestamp = 8
)

// read reads options, up to the first that makes no sense.
func (o *Options) read(b []byte) {
	*o = Options{Scale: -1}
	for len(b) > 0 {
		kind := b[0]
		if kind == kindEnd {
			return
		}
		if kind == kindNothing {
			b = b[1:]
			continue
		}
		if len(b) < 2 || b[1] < 2 || int(b[1]) > len(b) {
			return
		}
		value := b[2:b[1]]
		switch {
		case kind == kindMSS && len(value) == 2:
			o.MSS = binary.BigEndian.Uint16(value)
		case kind == kindScale && len(value) == 1:
			o.Scale = int8(min(value[0], 14)) // RFC 7323, section 2.3
		case kind == kindSACKOK:
			o.SACKAllowed = true
		case kind == kindSACK && len(value) >= 8:
			o.SACK = true
		case kind == kindTimestamp && len(value) == 8:
			o.Stamped, o.Value, o.Reply = true, binary.BigEndian.Uint32(value), binary.BigEndian.Uint32(value[4:])
		}
		b = b[b[1]:]
	}
}

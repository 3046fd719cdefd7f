package picture

import "io"

// Measure tells how many pixels the picture in r has, as it is shown: turned as its camera has noted. Both are 0 for what
// is no picture, is damaged at its beginning, or cannot be read. It reads less than 2 MiB, nearly always less than 5 KiB.
func Measure(r io.Reader) (width, height int) {
	h, err := readHeader(r)
	if err != nil {
		return 0, 0
	}
	if h.orientation >= sideways {
		return h.height, h.width
	}
	return h.width, h.height
}

package picture

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"runtime"
	"testing"
)

// pngChunk is a chunk of a PNG file.
func pngChunk(name string, content []byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(content)))
	b = append(append(b, name...), content...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

// Small files that would be huge when they are decoded are refused by what they say of themselves.
func TestBombsAreNotDecoded(t *testing.T) {
	for name, content := range map[string][]byte{
		"png of 65535 × 65535":        pngClaiming(65535, 65535, 8, 2, 0),
		"png of 2^31-1 × 2^31-1":      pngClaiming(1<<31-1, 1<<31-1, 1, 0, 0),
		"png of a row of 40 million":  pngClaiming(40_000_000, 1, 8, 3, 0),
		"png of a bit too much":       pngClaiming(8000, 5001, 8, 3, 0),
		"png of 16 bits":              pngClaiming(5000, 5000, 16, 6, 0),
		"png, interlaced":             pngClaiming(5000, 5000, 8, 6, 1),
		"png, interlaced, of 16 bits": pngClaiming(4000, 4000, 16, 2, 1),
		"jpeg of 65535 × 65535":       jpegClaiming(65535, 65535, 0xc0, 0x22, 0x11, 0x11),
		"jpeg, progressive":           jpegClaiming(5000, 4000, 0xc2, 0x11, 0x11, 0x11),
		"jpeg of four colours":        jpegClaiming(5000, 5000, 0xc0, 0x11, 0x11, 0x11, 0x11),
		"jpeg of large units":         jpegClaiming(6000, 6000, 0xc0, 0x44, 0x44, 0x44),
		"gif of 65535 × 65535":        []byte("GIF89a\xff\xff\xff\xff\x00\x00\x00;"),
		"webp of 16384 × 16384":       webp(lossy(16383, 16383))[:100],
		"webp of 2^24 × 2^24":         webp(extended(0, 1<<24, 1<<24)),
	} {
		if _, err := read(bytes.NewReader(content), int64(len(content))); !errors.Is(err, errTooLarge) {
			t.Errorf("%s: %v", name, err)
		}
		if width, height := Measure(bytes.NewReader(content)); width == 0 || height == 0 {
			t.Errorf("%s is a picture all the same", name)
		}
	}
	if _, err := read(bytes.NewReader(pngFile(t, quarters(2, 2))), maxSize+1); !errors.Is(err, errTooLarge) {
		t.Errorf("a file that is too large: %v", err)
	}
}

// What people do send is within the limits.
func TestOrdinaryPicturesAreNotTooLarge(t *testing.T) {
	for name, content := range map[string][]byte{
		"a photograph of 24 megapixels":             jpegClaiming(6000, 4000, 0xc0, 0x22, 0x11, 0x11),
		"a progressive photograph of 12 megapixels": jpegClaiming(4000, 3000, 0xc2, 0x22, 0x11, 0x11),
		"a screen of 8K":                            pngClaiming(7680, 4320, 8, 6, 0),
		"a scan of 40 megapixels":                   pngClaiming(8000, 5000, 8, 3, 0),
	} {
		if _, err := read(bytes.NewReader(content), 30<<20); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A content that was read in part, or is not what its header says, is no picture; and whatever it is, nothing breaks.
func TestAPictureThatIsCutHasNoPreview(t *testing.T) {
	for name, s := range samples(t) {
		if len(s.content) > 10_000 {
			continue
		}
		whole := len(s.content)
		for name == "gif" && whole > 0 && s.content[whole-1] == ';' || name == "gif, moving" && whole > len(s.content)/2 {
			whole-- // one is seen without the end of the file, the other without its second frame
		}
		for cut := range whole {
			if _, err := preview(t, s.content[:cut]); err == nil && name[:4] != "webp" && name[:3] != "gif" && cut < len(s.content)-12 {
				t.Errorf("%s cut after %d of %d", name, cut, len(s.content))
			}
		}
	}
}

// Any byte may be another one. Those at the beginning say most, and are all tried.
func TestADamagedPictureBreaksNothing(t *testing.T) {
	for _, s := range samples(t) {
		if len(s.content) > 1000 {
			continue
		}
		for i := 0; i < len(s.content); i += 1 + i/100 {
			for _, b := range []byte{0xff, s.content[i] ^ 1} {
				damaged := bytes.Clone(s.content)
				damaged[i] = b
				if p, err := preview(t, damaged); err == nil {
					look(t, p)
				}
			}
		}
	}
}

// What a picture takes to decode is at most what was worked out from its header, and what comes besides does not grow.
func TestMemoryIsWhatTheHeaderSays(t *testing.T) {
	const side, besides = 1600, 8 << 20
	for name, content := range map[string][]byte{
		"png of 16 bits":      flatPNG(t, side, 16, 6, 0),
		"png by a palette":    pngFile(t, palettedSquare(side)),
		"png, interlaced":     flatPNG(t, side, 8, 6, 1),
		"jpeg":                jpegFile(t, quarters(side, side)),
		"gif":                 gifFile(t, palettedSquare(side)),
		"webp":                webp(lossy(side, side)),
		"progressive nothing": progressive(side, side, 1),
	} {
		h, err := read(bytes.NewReader(content), int64(len(content)))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err = preview(t, content)
		runtime.ReadMemStats(&after)
		if used := int64(after.TotalAlloc - before.TotalAlloc); err != nil || used > h.memory+besides {
			t.Errorf("%s: %d bytes, and the header says %d: %v", name, used, h.memory, err)
		}
	}
}

// flatPNG is a square of nothing but zeros.
func flatPNG(t testing.TB, side int, depth, colour, interlace byte) []byte {
	row := 1 + side*4*int(depth)/8
	rows := make([]byte, side*row)
	if interlace != 0 {
		rows = make([]byte, 2*side*row) // more than the seven passes have
		rows = rows[:interlacedSize(side, 4*int(depth)/8)]
	}
	packed := file(t, func(b *bytes.Buffer) error {
		w := zlib.NewWriter(b)
		if _, err := w.Write(rows); err != nil {
			return err
		}
		return w.Close()
	})
	b := pngClaiming(uint32(side), uint32(side), depth, colour, interlace)
	return append(append(b, pngChunk("IDAT", packed)...), pngChunk("IEND", nil)...)
}

// interlacedSize is how many bytes the passes of a square have (PNG, section 8.1), each row with a byte for its filter.
func interlacedSize(side, perPixel int) (n int) {
	for _, pass := range [][4]int{{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}} {
		width, height := (side-pass[0]+pass[2]-1)/pass[2], (side-pass[1]+pass[3]-1)/pass[3]
		n += height * (1 + width*perPixel)
	}
	return n
}

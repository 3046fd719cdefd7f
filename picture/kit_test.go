package picture

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/draw"
	"image/gif"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"
)

var (
	red   = color.RGBA{200, 0, 0, 255}
	green = color.RGBA{0, 200, 0, 255}
	blue  = color.RGBA{0, 0, 200, 255}
	white = color.RGBA{250, 250, 250, 255}
)

// quarters is a picture whose quarters are red, green, blue and white, in the order in which one reads.
func quarters(width, height int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, width, height))
	for i, c := range []color.RGBA{red, green, blue, white} {
		at := image.Rect(0, 0, width/2, height/2).Add(image.Pt(i%2*width/2, i/2*height/2))
		draw.Draw(m, at, image.NewUniform(c), image.Point{}, draw.Src)
	}
	return m
}

// file gives what an encoder writes.
func file(t testing.TB, encode func(*bytes.Buffer) error) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := encode(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func pngFile(t testing.TB, m image.Image) []byte {
	return file(t, func(b *bytes.Buffer) error { return png.Encode(b, m) })
}

func jpegFile(t testing.TB, m image.Image) []byte {
	return file(t, func(b *bytes.Buffer) error { return jpeg.Encode(b, m, &jpeg.Options{Quality: 95}) })
}

func gifFile(t testing.TB, m image.Image) []byte {
	return file(t, func(b *bytes.Buffer) error { return gif.Encode(b, m, nil) })
}

// exif is an APP1 segment that says how a picture is to be turned, between other tags, one of which is where it was taken.
func exif(order binary.ByteOrder, o uint16) []byte {
	tiff := []byte("II*\x00")
	if order == binary.BigEndian {
		tiff = []byte("MM\x00*")
	}
	put16 := func(n uint16) { tiff = append(tiff, 0, 0); order.PutUint16(tiff[len(tiff)-2:], n) }
	put32 := func(n uint32) { tiff = append(tiff, 0, 0, 0, 0); order.PutUint32(tiff[len(tiff)-4:], n) }
	put32(8)
	put16(3)
	for _, tag := range [][2]uint16{{0x010f, 7}, {0x0112, o}, {0x8825, 1}} {
		put16(tag[0])
		put16(3)
		put32(1)
		put16(tag[1])
		put16(0)
	}
	put32(0)
	return segment(0xe1, append([]byte("Exif\x00\x00"), append(tiff, "secret place"...)...))
}

// segment is a segment of a JPEG file.
func segment(marker byte, content []byte) []byte {
	return append([]byte{0xff, marker, byte((len(content) + 2) >> 8), byte(len(content) + 2)}, content...)
}

// insert puts segments behind the beginning of a JPEG file.
func insert(jpeg []byte, segments ...[]byte) []byte {
	return append(append(bytes.Clone(jpeg[:2]), bytes.Join(segments, nil)...), jpeg[2:]...)
}

// chunk is a chunk of a WebP file.
func chunk(name string, content []byte) []byte {
	b := binary.LittleEndian.AppendUint32([]byte(name), uint32(len(content)))
	return append(append(b, content...), make([]byte, len(content)%2)...)
}

// webp is a WebP file of some chunks.
func webp(chunks ...[]byte) []byte {
	all := append([]byte("WEBP"), bytes.Join(chunks, nil)...)
	return append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(all))), all...)
}

// lossy is a chunk of VP8: a grey picture. All its decisions are no, which zeros say.
func lossy(width, height uint16) []byte {
	blocks := int(width+15) / 16 * (int(height+15) / 16)
	first := 300 + 8*blocks
	frame := []byte{byte(first<<5) | 1<<4, byte(first >> 3), byte(first >> 11), 0x9d, 0x01, 0x2a}
	frame = binary.LittleEndian.AppendUint16(binary.LittleEndian.AppendUint16(frame, width), height)
	return chunk("VP8 ", append(frame, make([]byte, first+100+16*blocks)...))
}

// lossless is the beginning of a chunk of VP8L.
func lossless(width, height uint32) []byte {
	return chunk("VP8L", append(binary.LittleEndian.AppendUint32([]byte{0x2f}, (width-1)|(height-1)<<14), make([]byte, 20)...))
}

// extended is the chunk that says that more than pixels will come.
func extended(flags byte, width, height uint32) []byte {
	b := append([]byte{flags, 0, 0, 0}, binary.LittleEndian.AppendUint32(nil, width-1)[:3]...)
	return chunk("VP8X", append(b, binary.LittleEndian.AppendUint32(nil, height-1)[:3]...))
}

// pngClaiming is the beginning of a PNG file that claims to be so large.
func pngClaiming(width, height uint32, depth, colour, interlace byte) []byte {
	ihdr := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32([]byte("IHDR"), width), height)
	ihdr = append(ihdr, depth, colour, 0, 0, interlace)
	b := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0d"), ihdr...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(ihdr))
}

// jpegClaiming is the beginning of a JPEG file that claims to be so large, with a frame of a kind and components sampled so.
func jpegClaiming(width, height uint16, kind byte, sampling ...byte) []byte {
	b := []byte{8, byte(height >> 8), byte(height), byte(width >> 8), byte(width), byte(len(sampling))}
	for i, s := range sampling {
		b = append(b, byte(i+1), s, 0)
	}
	return append([]byte{0xff, 0xd8}, segment(kind, b)...)
}

// samples are pictures of every kind, 40 × 20 as they are shown, and whether there are previews of them.
func samples(t testing.TB) map[string]sample {
	m := quarters(40, 20)
	glass := image.NewNRGBA(m.Rect)
	draw.Draw(glass, m.Rect, m, image.Point{}, draw.Src)
	draw.Draw(glass, image.Rect(0, 0, 10, 20), image.Transparent, image.Point{}, draw.Src)
	wide, grey := image.NewNRGBA64(m.Rect), image.NewGray(m.Rect)
	draw.Draw(wide, m.Rect, m, image.Point{}, draw.Src)
	draw.Draw(grey, m.Rect, m, image.Point{}, draw.Src)
	photo := jpegFile(t, m)
	return map[string]sample{
		"png":                    {pngFile(t, m), "image/jpeg"},
		"png, transparent":       {pngFile(t, glass), "image/png"},
		"png of 16 bits":         {pngFile(t, wide), "image/jpeg"},
		"png, grey":              {pngFile(t, grey), "image/jpeg"},
		"jpeg":                   {photo, "image/jpeg"},
		"jpeg, grey":             {jpegFile(t, grey), "image/jpeg"},
		"jpeg of a camera":       {insert(jpegFile(t, quarters(20, 40)), exif(binary.LittleEndian, 6)), "image/jpeg"},
		"jpeg with a profile":    {insert(photo, segment(0xe2, make([]byte, 65533)), segment(0xe2, make([]byte, 65533))), "image/jpeg"},
		"jpeg with fill bytes":   {insert(photo, []byte("\xff\xff\xff")), "image/jpeg"},
		"gif":                    {gifFile(t, m), "image/jpeg"},
		"gif, moving":            {moving(t), "image/png"},
		"webp":                   {webp(lossy(40, 20)), "image/jpeg"},
		"webp with a profile":    {webp(extended(1<<5, 40, 20), chunk("ICCP", []byte("odd")), lossy(40, 20)), "image/jpeg"},
		"webp without loss":      {webp(lossless(40, 20)), ""},
		"webp, transparent":      {webp(extended(1<<4, 40, 20), chunk("ALPH", make([]byte, 9)), lossy(40, 20)), ""},
		"webp that says nothing": {webp(extended(0, 40, 20), lossless(40, 20)), ""},
		"webp, moving":           {webp(extended(1<<1, 40, 20), chunk("ANIM", make([]byte, 6))), ""},
	}
}

// sample is a picture, and the media type of its preview; "" for none.
type sample struct {
	content []byte
	media   string
}

// moving is a GIF whose first frame is red, covers its left half and is followed by another.
func moving(t testing.TB) []byte {
	palette := color.Palette{color.Transparent, red, blue}
	left := image.NewPaletted(image.Rect(0, 0, 20, 20), palette)
	draw.Draw(left, left.Rect, image.NewUniform(red), image.Point{}, draw.Src)
	all := image.NewPaletted(image.Rect(0, 0, 40, 20), palette)
	draw.Draw(all, all.Rect, image.NewUniform(blue), image.Point{}, draw.Src)
	return file(t, func(b *bytes.Buffer) error {
		return gif.EncodeAll(b, &gif.GIF{
			Image: []*image.Paletted{left, all}, Delay: []int{1, 1},
			Config: image.Config{ColorModel: palette, Width: 40, Height: 20},
		})
	})
}

// strangers are files that are no pictures.
func strangers(t testing.TB) map[string][]byte {
	return map[string][]byte{
		"nothing":                   {},
		"a byte":                    {0x89},
		"text":                      []byte("GIF89 is a format, and so is JFIF"),
		"zeros":                     make([]byte, 1000),
		"a page":                    []byte("<!DOCTYPE html><img src=x>" + strings.Repeat(" ", 99)),
		"a drawing":                 []byte(`<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"></svg>`),
		"a sound":                   append([]byte("RIFF\x24\x00\x00\x00WAVEfmt "), make([]byte, 40)...),
		"png without pixels":        pngClaiming(0, 10, 8, 2, 0),
		"png of a negative size":    pngClaiming(1<<31, 1, 8, 2, 0),
		"png with another sum":      append(pngClaiming(10, 10, 8, 2, 0)[:32], 'x'),
		"gif without pixels":        []byte("GIF89a\x00\x00\x10\x00\x00\x00\x00;"),
		"jpeg of an unknown height": jpegClaiming(10, 0, 0xc0, 0x11),
		"jpeg without a frame":      append([]byte("\xff\xd8"), segment(0xda, make([]byte, 9))...),
		"jpeg of nothing but dust":  append([]byte("\xff\xd8\xff"), bytes.Repeat([]byte{0xff}, 3<<20)...),
		"jpeg of endless comments":  append([]byte("\xff\xd8"), bytes.Repeat(segment(0xfe, make([]byte, 65533)), 20)...),
		"jpeg of short segments":    append([]byte("\xff\xd8"), bytes.Repeat([]byte("\xff\xfe\x00\x01"), 20)...),
		"webp of an unknown kind":   webp(chunk("JUNK", make([]byte, 40))),
	}
}

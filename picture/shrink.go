package picture

import (
	"context"
	"image"
	"image/color"
)

// fit gives the size of a preview: no side longer than longest, none shorter than 1, and nothing made larger.
func fit(width, height, longest int) (int, int) {
	long := max(width, height)
	if long <= longest {
		return width, height
	}
	scale := func(side int) int { return max(1, (side*longest+long/2)/long) }
	return scale(width), scale(height)
}

// shrink makes a smaller picture: each pixel is the average of what it covers, counted by area. The screen is what is
// shown; where src is smaller than it, the rest is transparent. Besides the result it needs 32 bytes for each of its pixels.
// Both sides of the result have to be 1 at least, and none longer than the screen's. The error is ctx's.
func shrink(ctx context.Context, src image.RGBA64Image, screen image.Rectangle, width, height int) (*image.RGBA, error) {
	seen := src.Bounds().Intersect(screen)
	sums, row := make([]sum, width*height), make([]sum, width)
	for y := seen.Min.Y; y < seen.Max.Y; y++ {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		clear(row)
		spread(seen.Min.X-screen.Min.X, seen.Dx(), screen.Dx(), width, func(x, i int, part uint64) {
			row[i].add(src.RGBA64At(seen.Min.X+x, y), part)
		})
		spread(y-screen.Min.Y, 1, screen.Dy(), height, func(_, i int, part uint64) {
			for j := range row {
				sums[i*width+j].addAll(&row[j], part)
			}
		})
	}
	all := uint64(screen.Dx()) * uint64(screen.Dy()) // the parts that each pixel is made of
	small := image.NewRGBA(image.Rect(0, 0, width, height))
	for i := range sums {
		for j, s := range sums[i] {
			small.Pix[4*i+j] = uint8(s / all >> 8)
		}
	}
	return small, nil
}

// spread tells which of few cells, that together are as long as many, each of n of the many from the one at first on lies
// in, and with how many of the few parts that it has: one cell has as many parts as there are many.
func spread(first, n, many, few int, add func(x, i int, part uint64)) {
	i := first * few / many
	left := (i+1)*many - first*few
	for x := range n {
		part := min(few, left)
		add(x, i, uint64(part))
		if left -= part; left == 0 {
			i, left = i+1, many
		}
		if rest := few - part; rest > 0 {
			add(x, i, uint64(rest))
			left -= rest
		}
	}
}

// sum adds up red, green, blue and alpha, each multiplied by alpha. Of maxPixels it does not overflow.
type sum [4]uint64

func (s *sum) add(c color.RGBA64, times uint64) {
	s[0] += uint64(c.R) * times
	s[1] += uint64(c.G) * times
	s[2] += uint64(c.B) * times
	s[3] += uint64(c.A) * times
}

func (s *sum) addAll(t *sum, times uint64) {
	for i := range s {
		s[i] += t[i] * times
	}
}

// turn gives a picture as it is to be shown.
func turn(src *image.RGBA, o orientation) *image.RGBA {
	if o == upright {
		return src
	}
	right, bottom := src.Rect.Dx()-1, src.Rect.Dy()-1
	size := src.Rect.Max
	if o >= sideways {
		size.X, size.Y = size.Y, size.X
	}
	turned := image.NewRGBA(image.Rectangle{Max: size})
	for y := range size.Y {
		for x := range size.X {
			from := [...]image.Point{
				{x, y}, {right - x, y}, {right - x, bottom - y}, {x, bottom - y},
				{y, x}, {y, bottom - x}, {right - y, bottom - x}, {right - y, x},
			}[o-upright]
			turned.SetRGBA(x, y, src.RGBAAt(from.X, from.Y))
		}
	}
	return turned
}

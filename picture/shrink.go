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
// shown; where src is smaller than it, the rest is transparent. Besides the result it needs 32 bytes for each of its pixels,
// and 24 for each row and column of the screen. Both sides of the result have to be 1 at least, and none longer than the
// screen's. The error is ctx's.
func shrink(ctx context.Context, src image.RGBA64Image, screen image.Rectangle, width, height int) (*image.RGBA, error) {
	seen := src.Bounds().Intersect(screen)
	across, down := spread(screen.Dx(), width), spread(screen.Dy(), height)
	sums, row := make([]sum, width*height), make([]sum, width)
	for y := seen.Min.Y; y < seen.Max.Y; y++ {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		clear(row)
		for x := seen.Min.X; x < seen.Max.X; x++ {
			c, to := src.RGBA64At(x, y), across[x-screen.Min.X]
			row[to.cell].add(c, to.parts)
			if to.rest > 0 {
				row[to.cell+1].add(c, to.rest)
			}
		}
		to := down[y-screen.Min.Y]
		addRow(sums[to.cell*width:], row, to.parts)
		if to.rest > 0 {
			addRow(sums[(to.cell+1)*width:], row, to.rest)
		}
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

// place is where a pixel goes, in one direction: with so many of its parts to a cell, and with the rest to the next one.
type place struct {
	cell        int
	parts, rest uint64
}

// spread gives the places of many pixels in few cells that together are as long. Each pixel has as many parts as there are
// cells, and so each cell is made of as many as there are pixels.
func spread(many, few int) []place {
	places := make([]place, many)
	cell, left := 0, many // that the cell takes still
	for i := range places {
		parts := min(few, left)
		places[i] = place{cell, uint64(parts), uint64(few - parts)}
		if left -= parts; left == 0 {
			cell, left = cell+1, many-(few-parts)
		}
	}
	return places
}

// addRow adds a row to the first ones of sums.
func addRow(sums, row []sum, times uint64) {
	for i := range row {
		sums[i].addAll(&row[i], times)
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

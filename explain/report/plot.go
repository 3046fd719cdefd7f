package report

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"parley/explain"
	"parley/explain/tcp"
)

// plot is a drawing of values over time, of the client and of the server.
type plot struct {
	ID          string
	Title, Desc string
	XUnit       string
	YUnit       string
	XTicks      []tick
	YTicks      []tick
	Curves      []curve
	Marks       []mark
}

// tick is a number at an axis.
type tick struct {
	At    float64
	Label string
}

// curve is what one side has.
type curve struct {
	Side   string
	Points string // of a polyline
	Dots   []dot  // where there are so few points that they can be seen
}

// dot is a point.
type dot struct{ X, Y float64 }

// mark is a sign at a point.
type mark struct {
	X, Y float64
	Sign string
	Why  string
}

// The area of a plot inside its axes, in the units of the drawing.
const (
	plotLeft   = 64.0
	plotRight  = 464.0
	plotTop    = 16.0
	plotBottom = 176.0
	fewPoints  = 80
)

// plots draws what there is to draw of a connection.
func plots(number int, c *explain.Connection, tapped bool) []plot {
	d := c.Detail
	var list []plot
	add := func(name, title, about, unit string, values [2][]explain.Point, steps bool, marks []explain.Arrow) {
		if len(values[0])+len(values[1]) < 2 {
			return
		}
		p := draw(c, unit, values, steps, marks)
		p.ID = fmt.Sprintf("%s-%d", name, number)
		p.Title, p.Desc = title, about+" "+extremes(values, unit)
		list = append(list, p)
	}
	both := func(s [2]explain.Series) [2][]explain.Point { return [2][]explain.Point{s[0].Points, s[1].Points} }
	add("sequence", "Sequence numbers over time", "How many bytes each side had sent; R marks what was sent again.", "bytes", both(d.Sequence), false,
		again(c))
	if !tapped {
		add("window", "Window offered", "How much each side was ready to take.", "bytes", both(d.Window), true, nil)
		add("roundtrip", "Round trip", "How long it took until what each side sent was acknowledged.", "ms", both(d.RoundTrip), false, nil)
	}
	add("throughput", "Throughput", "How many bytes of data each side sent a second.", "bytes/s",
		[2][]explain.Point{rates(d.Throughput[0]), rates(d.Throughput[1])}, true, nil)
	return list
}

// again gives the segments that were sent again.
func again(c *explain.Connection) (list []explain.Arrow) {
	for _, a := range c.Detail.Arrows {
		if a.Length > 0 && a.Verdict.Any(tcp.AnyRetransmission) {
			list = append(list, a)
		}
	}
	return list
}

// perMillisecond is what values in nanoseconds are divided by where the unit is ms.
const perMillisecond = 1e6

// rates gives bytes a second of each stretch.
func rates(b explain.Buckets) (list []explain.Point) {
	if b.Width == 0 {
		return nil
	}
	for i, bytes := range b.Bytes {
		list = append(list, explain.Point{Time: b.Start + int64(i)*b.Width, Value: int64(float64(bytes) / (float64(b.Width) / 1e9))})
	}
	return append(list, explain.Point{Time: b.Start + int64(len(b.Bytes))*b.Width})
}

// extremes tells in words what a plot shows.
func extremes(values [2][]explain.Point, unit string) string {
	var words []string
	for d, points := range values {
		if len(points) == 0 {
			continue
		}
		low, high := points[0].Value, points[0].Value
		for _, p := range points {
			low, high = min(low, p.Value), max(high, p.Value)
		}
		words = append(words, fmt.Sprintf("%s: from %s to %s", sentence("%s", the(explain.Direction(d))), quantity(low, unit), quantity(high, unit)))
	}
	return strings.Join(words, "; ") + "."
}

// quantity writes a value with its unit.
func quantity(v int64, unit string) string {
	if unit == "ms" {
		return span(v)
	}
	return count(v) + " " + unit
}

// draw puts values into the area of a plot.
func draw(c *explain.Connection, unit string, values [2][]explain.Point, steps bool, marks []explain.Arrow) plot {
	end, top := c.Ended-c.Began, int64(1)
	for _, points := range values {
		for _, p := range points {
			end, top = max(end, p.Time-c.Began), max(top, p.Value)
		}
	}
	end = max(end, 1)
	xUnit, xSize := "s", 1e9
	if end < 1e9 {
		xUnit, xSize = "ms", 1e6
	}
	ySize := 1.0
	if unit == "ms" {
		ySize = perMillisecond
	}
	right, high := float64(end)/xSize, float64(top)/ySize*1.05
	x := func(at int64) float64 {
		return round(plotLeft + float64(max(at-c.Began, 0))/xSize/right*(plotRight-plotLeft))
	}
	y := func(v int64) float64 { return round(plotBottom - float64(v)/ySize/high*(plotBottom-plotTop)) }
	p := plot{XUnit: xUnit, YUnit: unit}
	for _, v := range ticks(right) {
		p.XTicks = append(p.XTicks, tick{round(plotLeft + v/right*(plotRight-plotLeft)), number(v)})
	}
	for _, v := range ticks(high) {
		p.YTicks = append(p.YTicks, tick{round(plotBottom - v/high*(plotBottom-plotTop)), number(v)})
	}
	for d, points := range values {
		if len(points) > 0 {
			p.Curves = append(p.Curves, trace(sides[d], points, steps, x, y))
		}
	}
	for _, a := range marks[:min(len(marks), fewPoints)] {
		p.Marks = append(p.Marks, mark{x(a.Time), y(int64(a.Seq) + int64(a.Length)), "R", fmt.Sprintf("sent again: frame %d", a.Frame)})
	}
	return p
}

// trace draws the values of one side, as steps where each holds until the next.
func trace(side string, points []explain.Point, steps bool, x, y func(int64) float64) curve {
	c := curve{Side: side}
	var list strings.Builder
	for i, p := range points {
		if steps && i > 0 {
			fmt.Fprintf(&list, "%g,%g ", x(p.Time), y(points[i-1].Value))
		}
		fmt.Fprintf(&list, "%g,%g ", x(p.Time), y(p.Value))
		if !steps && len(points) <= fewPoints {
			c.Dots = append(c.Dots, dot{x(p.Time), y(p.Value)})
		}
	}
	c.Points = strings.TrimSpace(list.String())
	return c
}

// round keeps one digit after the point, which is less than is seen.
func round(f float64) float64 { return math.Round(f*10) / 10 }

// ticks gives about five round numbers from 0 to high.
func ticks(high float64) (list []float64) {
	step := math.Pow(10, math.Floor(math.Log10(high/5)))
	for _, times := range []float64{1, 2, 5, 10} {
		if high/(step*times) <= 6 {
			step *= times
			break
		}
	}
	for i := 0; float64(i)*step <= high*1.0001 && i < 12; i++ {
		list = append(list, float64(i)*step)
	}
	return list
}

// number writes a number at an axis, in few digits.
func number(v float64) string {
	for _, unit := range []struct {
		size float64
		name string
	}{{1e9, "G"}, {1e6, "M"}, {1e3, "k"}} {
		if v >= unit.size {
			return strconv.FormatFloat(v/unit.size, 'g', 4, 64) + unit.name
		}
	}
	return strconv.FormatFloat(v, 'g', 4, 64)
}

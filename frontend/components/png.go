package components

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"io"
	"math"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/f64"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"

	xdraw "golang.org/x/image/draw"
)

// pngScale is how many pixels a unit of a figure has.
const pngScale = 2

// face is the type of texts in a PNG, for Latin and Cyrillic letters.
var face = sync.OnceValues(func() (font.Face, error) {
	parsed, err := opentype.Parse(goregular.TTF)
	if err != nil {
		return nil, err
	}
	return opentype.NewFace(parsed, &opentype.FaceOptions{Size: 10.5 * pngScale, DPI: 72, Hinting: font.HintingFull})
})

// faceMutex guards the face, which keeps what it has drawn.
var faceMutex sync.Mutex

// WritePNG draws a figure as a file: title, legend and note with it.
func WritePNG(w io.Writer, f Figure) error {
	type_, err := face()
	if err != nil {
		return fmt.Errorf("drawing %s: %w", f.Name, err)
	}
	faceMutex.Lock()
	defer faceMutex.Unlock()
	f = f.Framed()
	canvas := image.NewRGBA(image.Rect(0, 0, int(math.Ceil(f.Width*pngScale)), int(math.Ceil(f.Height*pngScale))))
	draw.Draw(canvas, canvas.Bounds(), image.White, image.Point{}, draw.Src)
	for _, m := range f.Marks {
		drawMark(canvas, m, type_)
	}
	if err := png.Encode(w, canvas); err != nil {
		return fmt.Errorf("writing %s.png: %w", f.Name, err)
	}
	return nil
}

func drawMark(canvas *image.RGBA, m Mark, type_ font.Face) {
	l := looks[base(m.Class)]
	switch m.Shape {
	case "text":
		drawText(canvas, m, l, type_)
	case "line":
		drawLine(canvas, m.X, m.Y, m.X+m.W, m.Y+m.H, l)
	default:
		outline := outlineOf(m)
		if l.fill != "" {
			fill(canvas, outline, l.fill)
		}
		if l.stroke != "" {
			for _, ring := range outline {
				for i := 1; i < len(ring); i++ {
					drawLine(canvas, ring[i-1].x, ring[i-1].y, ring[i].x, ring[i].y, look{stroke: l.stroke, dash: "thin"})
				}
			}
		}
	}
}

type point struct{ x, y float64 }

// outlineOf are the rings of a shape, each closed.
func outlineOf(m Mark) [][]point {
	switch m.Shape {
	case "rect":
		return [][]point{{{m.X, m.Y}, {m.X + m.W, m.Y}, {m.X + m.W, m.Y + m.H}, {m.X, m.Y + m.H}, {m.X, m.Y}}}
	case "circle":
		var ring []point
		for i := 0; i <= 32; i++ {
			sin, cos := math.Sincos(float64(i) * math.Pi / 16)
			ring = append(ring, point{m.X + m.W*cos, m.Y + m.W*sin})
		}
		return [][]point{ring}
	}
	return ringsOf(m.D, m.Y)
}

// ringsOf reads a path of M, L and Z.
func ringsOf(d string, down float64) (rings [][]point) {
	for part := range strings.SplitSeq(d, "M") {
		part = strings.TrimSuffix(strings.TrimSpace(part), "Z")
		if part == "" {
			continue
		}
		var ring []point
		for pair := range strings.SplitSeq(part, "L") {
			x, y, _ := strings.Cut(strings.TrimSpace(pair), ",")
			fx, errX := strconv.ParseFloat(x, 64)
			fy, errY := strconv.ParseFloat(y, 64)
			if errX == nil && errY == nil {
				ring = append(ring, point{fx, fy + down})
			}
		}
		if len(ring) > 1 {
			rings = append(rings, append(ring, ring[0]))
		}
	}
	return rings
}

func fill(canvas *image.RGBA, outline [][]point, hex string) {
	if len(outline) == 0 {
		return
	}
	box := image.Rectangle{}
	for _, ring := range outline {
		for _, p := range ring {
			box = box.Union(image.Rect(int(p.x*pngScale)-1, int(p.y*pngScale)-1, int(p.x*pngScale)+2, int(p.y*pngScale)+2))
		}
	}
	if box = box.Intersect(canvas.Bounds()); box.Empty() {
		return
	}
	r := vector.NewRasterizer(box.Dx(), box.Dy())
	for _, ring := range outline {
		for i, p := range ring {
			x, y := float32(p.x*pngScale)-float32(box.Min.X), float32(p.y*pngScale)-float32(box.Min.Y)
			if i == 0 {
				r.MoveTo(x, y)
			} else {
				r.LineTo(x, y)
			}
		}
		r.ClosePath()
	}
	r.Draw(canvas, box, image.NewUniform(colorOf(hex)), image.Point{})
}

// drawLine fills the thin box that a line is; a dashed one in pieces.
func drawLine(canvas *image.RGBA, x1, y1, x2, y2 float64, l look) {
	if l.stroke == "" {
		return
	}
	length := math.Hypot(x2-x1, y2-y1)
	if length == 0 {
		return
	}
	width := 1.2
	if l.width > 0 {
		width = l.width
	}
	if l.dash == "thin" {
		width = .5
	}
	across := point{-(y2 - y1) / length * width / 2, (x2 - x1) / length * width / 2}
	piece := func(from, until float64) {
		a := point{x1 + (x2-x1)*from/length, y1 + (y2-y1)*from/length}
		b := point{x1 + (x2-x1)*until/length, y1 + (y2-y1)*until/length}
		fill(canvas, [][]point{{{a.x + across.x, a.y + across.y}, {b.x + across.x, b.y + across.y},
			{b.x - across.x, b.y - across.y}, {a.x - across.x, a.y - across.y}}}, l.stroke)
	}
	if l.dash == "" || l.dash == "thin" {
		piece(0, length)
		return
	}
	for at := 0.0; at < length; at += 6 {
		piece(at, min(length, at+3))
	}
}

func drawText(canvas *image.RGBA, m Mark, l look, type_ font.Face) {
	drawer := font.Drawer{Dst: canvas, Src: image.NewUniform(colorOf(l.fill)), Face: type_}
	width := drawer.MeasureString(m.Text)
	x := fixed.Int26_6(m.X * pngScale * 64)
	switch m.Anchor {
	case "middle":
		x -= width / 2
	case "end":
		x -= width
	}
	if !m.Turn {
		drawer.Dot = fixed.Point26_6{X: x, Y: fixed.Int26_6(m.Y * pngScale * 64)}
		drawer.DrawString(m.Text)
		return
	}
	// a text that reads upwards is drawn apart and turned about its beginning
	height := 16 * pngScale
	flat := image.NewRGBA(image.Rect(0, 0, width.Ceil()+2, height))
	drawer.Dst, drawer.Dot = flat, fixed.P(0, height-4*pngScale)
	drawer.DrawString(m.Text)
	sin, cos := math.Sincos(-60 * math.Pi / 180)
	bx, by := 0.0, float64(height-4*pngScale)
	tx, ty := m.X*pngScale-(cos*bx-sin*by), m.Y*pngScale-(sin*bx+cos*by)
	xdraw.CatmullRom.Transform(canvas, f64.Aff3{cos, -sin, tx, sin, cos, ty}, flat, flat.Bounds(), xdraw.Over, nil)
}

func colorOf(hex string) color.Color {
	n, err := strconv.ParseUint(strings.TrimPrefix(hex, "#"), 16, 32)
	if err != nil {
		return color.Black
	}
	return color.RGBA{uint8(n >> 16), uint8(n >> 8), uint8(n), 255}
}

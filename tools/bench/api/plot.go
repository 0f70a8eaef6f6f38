package main

import (
	"bytes"
	"fmt"
	"image/color"
	"os"
	"path/filepath"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
)

// colors tell subjects apart, also for who sees few of them.
var colors = []color.Color{
	color.RGBA{0x55, 0x55, 0x55, 0xff},
	color.RGBA{0x00, 0x72, 0xb2, 0xff},
	color.RGBA{0xe6, 0x9f, 0x00, 0xff},
	color.RGBA{0x00, 0x9e, 0x73, 0xff},
	color.RGBA{0x56, 0xb4, 0xe9, 0xff},
	color.RGBA{0xf0, 0xe4, 0x42, 0xff},
	color.RGBA{0xcc, 0x79, 0xa7, 0xff},
	color.RGBA{0xd5, 0x5e, 0x00, 0xff},
	color.RGBA{0x88, 0x22, 0x55, 0xff},
}

// draw the rows of a table as bars on a logarithmic scale, the best to the left.
func draw(subjects []string, rows []row, title, name string) error {
	const bar, gap = 7, 12
	p := plot.New()
	p.Title.Text = title
	p.X.Scale, p.X.Tick.Marker = plot.LogScale{}, plot.LogTicks{Prec: -1}
	p.Legend.Top, p.Legend.Left = false, false
	for _, style := range []*text.Style{&p.Title.TextStyle, &p.X.Tick.Label, &p.Y.Tick.Label, &p.Legend.TextStyle} {
		style.Font.Variant, style.Font.Size = "Sans", 10
	}
	labels := make([]string, len(rows))
	least, most := 0.0, 0.0
	for i, row := range rows {
		labels[len(rows)-1-i] = row.work
		for _, value := range row.medians {
			if value > 0 && (least == 0 || value < least) {
				least = value
			}
			most = max(most, value)
		}
	}
	// On a logarithmic scale bars can't begin at 0: they stand on others that are not drawn.
	floor := least / 2
	floors := make(plotter.Values, len(rows))
	for i := range floors {
		floors[i] = floor
	}
	base, err := plotter.NewBarChart(floors, vg.Points(bar))
	if err != nil {
		return err
	}
	base.Horizontal = true
	measured := measuredOf(subjects, rows)
	for at, i := range measured {
		medians := make(plotter.Values, len(rows))
		for j, row := range rows {
			medians[len(rows)-1-j] = max(row.medians[i], floor) - floor
		}
		bars, err := plotter.NewBarChart(medians, vg.Points(bar))
		if err != nil {
			return err
		}
		bars.StackOn(base)
		bars.Horizontal, bars.LineStyle.Width, bars.Color = true, 0, colors[i%len(colors)]
		bars.Offset = vg.Points(bar) * vg.Length(float64(len(measured)-1)/2-float64(at))
		p.Add(bars)
		p.Legend.Add(subjects[i], bars)
	}
	p.X.Min, p.X.Max = floor, 5*most // the legend is to the right
	p.NominalY(labels...)
	p.Y.Min, p.Y.Max = -0.5, float64(len(rows))-0.5 // not where the middles of bars are
	p.Add(plotter.NewGrid())
	height := vg.Length(len(rows))*(vg.Points(bar)*vg.Length(len(measured))+vg.Points(gap)) + vg.Points(60)
	if err := os.MkdirAll(*plots, 0o755); err != nil {
		return err
	}
	path := filepath.Join(*plots, name)
	if err := p.Save(9*vg.Inch, height, path); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return addFonts(path)
}

// measuredOf are the indexes of those subjects that rows have something of.
func measuredOf(subjects []string, rows []row) (measured []int) {
	for i := range subjects {
		if slices.ContainsFunc(rows, func(r row) bool { return r.medians[i] > 0 }) {
			measured = append(measured, i)
		}
	}
	return measured
}

// addFonts names what readers have whose systems are without the font of a drawing: its letters are
// as wide.
func addFonts(path string) error {
	drawing, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	const font = "font-family:Liberation Sans"
	return os.WriteFile(path, bytes.ReplaceAll(drawing, []byte(font), []byte(font+",Arial,Helvetica,sans-serif")), 0o644)
}

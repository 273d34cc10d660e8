package form_test

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"linli/internal/app"
	"linli/internal/exchange"
	"linli/internal/exchange/form"
	"linli/internal/platform/authority"
	fields "linli/internal/platform/form"
	"linli/internal/platform/module"
	"linli/internal/platform/seal"
	"linli/internal/registry/change"
)

// BenchmarkPrepare gives a form of 40 fields, half of them held, to 1,782 communities on SQLite, from what the register
// really holds.
func BenchmarkPrepare(b *testing.B) {
	ctx := authority.With(context.Background(), authority.SystemActor("bench"))
	dir := b.TempDir()
	a, err := app.Open(ctx, app.Options{Data: dir, Database: filepath.Join(dir, "linli.db"), Ring: seal.Fresh()})
	if err != nil {
		b.Fatal(err)
	}
	defer a.Close()
	var rows strings.Builder
	rows.WriteString("code,name,level,parent\n3207,市,2,32\n")
	for n := range 1782 {
		if n%306 == 0 {
			fmt.Fprintf(&rows, "3207%02d,县%d,3,3207\n", 1+n/306, n/306)
		}
		if n%18 == 0 {
			fmt.Fprintf(&rows, "3207%02d%03d,街道%d,4,3207%02d\n", 1+n/306, 1+n/18, n/18, 1+n/306)
		}
		fmt.Fprintf(&rows, "3207%02d%03d%03d,第%d社区居委会,5,3207%02d%03d\n", 1+n/306, 1+n/18, n%18+1, n, 1+n/306, 1+n/18)
	}
	if _, err := a.Changes.Import(ctx, []change.Source{change.FromReader("areas.csv", strings.NewReader(rows.String()))},
		change.ImportOptions{}); err != nil {
		b.Fatal(err)
	}
	s := module.Of[*form.Service](a.Modules)
	d := form.Definition{ID: "bench", Body: "bench", Title: both("bench"), Purpose: both("bench")}
	bound := exchange.Bound()
	for _, e := range exchange.Elements() {
		if bound[e.Code] && len(d.Questions) < 20 && e.Type == exchange.TypeNumber {
			q := field(strings.ReplaceAll(e.Code, ".", "_"), fields.Number, true)
			q.Max = 1_000_000_000
			d.Questions = append(d.Questions, form.Question{Field: q, Element: e.Code})
		}
	}
	for n := len(d.Questions); n < 40; n++ {
		d.Questions = append(d.Questions, form.Question{Field: field(fmt.Sprintf("new_%d", n), fields.Text, true)})
	}
	for b.Loop() {
		of, err := s.Begin(ctx, &d, []string{"3207"})
		if err == nil {
			err = s.Prepare(ctx)
		}
		if err != nil || of.Total != 1782 {
			b.Fatalf("%d communities: %v", of.Total, err)
		}
	}
	b.ReportMetric(1782, "communities/op")
}

package assessment

import (
	"context"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"linli/internal/platform/errs"
	"linli/internal/platform/httpx"
	"linli/internal/platform/text"
)

// TableInput asks for a table as a file.
type TableInput struct {
	Path
	Format string `query:"format" enum:"csv,xlsx" default:"xlsx"`
}

// File streams a table of a scheme or survey: rows are written as they are made.
func (in *TableInput) File(ctx context.Context, name string, write func(row func(...string) error) error) *huma.StreamResponse {
	return httpx.Table(ctx, name, in.Format, write)
}

// Hundredths writes hundredths with two decimals.
func Hundredths(n int) string { return strconv.FormatFloat(float64(n)/100, 'f', 2, 64) }

// Table is the results of a scheme as far as the actor sees them, a row for each subject. Errors: NotFound, also before there
// are results that the actor may see.
func (s *Service) Table(ctx context.Context, in *TableInput) (*huma.StreamResponse, error) {
	d, err := s.Show(ctx, in.ID)
	if err == nil && d.Results == nil {
		err = errs.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	lang := text.From(ctx)
	word := func(key string) string { return s.Texts.T(lang, key) }
	return in.File(ctx, "assessment-"+strconv.Itoa(d.Content.Year), func(row func(...string) error) error {
		head := []string{word("assessment.ui.band"), word("assessment.column.code"), word("assessment.ui.subject"), word("assessment.ui.total"),
			word("assessment.column.low"), word("assessment.column.high")}
		for _, x := range d.Content.Indicators {
			name := x.Name.Given(lang) + " (" + x.Weight.String() + ")"
			head = append(head, name, word("assessment.column.over"), word("assessment.column.under"))
		}
		if err := row(head...); err != nil {
			return err
		}
		for _, l := range d.Results.Lines {
			code, band := l.Area, ""
			if l.Body != "" {
				code = l.Body
			}
			cells := []string{"", code, l.Name, "", "", ""}
			if l.Total != nil {
				band = strconv.Itoa(l.Band)
				cells[0], cells[3], cells[4], cells[5] = band, Hundredths(*l.Total), Hundredths(l.Low), Hundredths(l.High)
			}
			for _, sc := range l.Scores {
				value := ""
				if sc.Value != nil {
					value = Hundredths(*sc.Value)
				}
				cells = append(cells, value, strconv.Itoa(sc.N), strconv.Itoa(sc.D))
			}
			if err := row(cells...); err != nil {
				return err
			}
		}
		return nil
	}), nil
}

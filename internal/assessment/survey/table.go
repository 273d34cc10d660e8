package survey

import (
	"context"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"linli/internal/assessment"
	"linli/internal/platform/text"
)

// Table is how far a survey is in each community that the actor sees, and what it came to as far as the actor sees that.
// Error: NotFound.
func (s *Service) Table(ctx context.Context, in *assessment.TableInput) (*huma.StreamResponse, error) {
	d, err := s.Show(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	lang := text.From(ctx)
	word := func(key string) string { return s.Texts.T(lang, key) }
	lines := map[string]*SurveyLine{}
	if d.Results != nil {
		for i := range d.Results.Lines {
			lines[d.Results.Lines[i].Community] = &d.Results.Lines[i]
		}
	}
	return in.File(ctx, "survey-"+strconv.Itoa(d.Content.Year), func(row func(...string) error) error {
		head := []string{word("assessment.column.code"), word("assessment.survey.ui.community")}
		for _, c := range []string{"drawn", "answered", "refused", "absent", "moved", "waiting", "rate", "band"} {
			head = append(head, word("assessment.survey.ui."+c))
		}
		for _, q := range d.Questions {
			head = append(head, word("assessment.question."+q)+" %", "±", "n")
		}
		if err := row(head...); err != nil {
			return err
		}
		for _, p := range d.Progress {
			cells := []string{p.Community, p.Name}
			for _, n := range []int{p.Drawn, p.Answered, p.Refused, p.Absent, p.Moved, p.Waiting} {
				cells = append(cells, strconv.Itoa(n))
			}
			if err := row(append(cells, lines[p.Community].cells(d.Questions)...)...); err != nil {
				return err
			}
		}
		return nil
	}), nil
}

// cells are the response rate, the band, and of each question share, half-width and answers; nothing before there are results.
func (l *SurveyLine) cells(questions []string) []string {
	if l == nil {
		return nil
	}
	out := []string{assessment.Hundredths(l.Response), ""}
	if l.Band > 0 {
		out[1] = strconv.Itoa(l.Band)
	}
	for _, q := range questions {
		sc := l.Questions[q]
		if sc.Value == nil {
			out = append(out, "", "", strconv.Itoa(sc.D))
			continue
		}
		out = append(out, assessment.Hundredths(*sc.Value), assessment.Hundredths(sc.Half), strconv.Itoa(sc.D))
	}
	return out
}

package exchange

import (
	"context"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"linli/internal/platform/clock"
	"linli/internal/platform/sheet"
	"linli/internal/platform/text"
)

// ElementFilter narrows the register of elements.
type ElementFilter struct {
	Words string `query:"words" maxLength:"60" doc:"In code, name, synonyms or owner"`
	Group string `query:"group" enum:"area,body,member,facility,people,grid,case,other"`
}

type elementExport struct {
	ElementFilter
	Format string `query:"format" enum:"csv,xlsx" default:"xlsx"`
}

// elementColumns are those of the table, by the keys of their names.
var elementColumns = []struct {
	key  string
	tell func(s *Service, e *Element, word func(string) string, lang text.Lang) string
}{
	{"code", func(_ *Service, e *Element, _ func(string) string, _ text.Lang) string { return e.Code }},
	{"name_zh", func(_ *Service, e *Element, _ func(string) string, _ text.Lang) string { return e.Name.Zh }},
	{"name_en", func(_ *Service, e *Element, _ func(string) string, _ text.Lang) string { return e.Name.En }},
	{"held", func(s *Service, e *Element, word func(string) string, _ text.Lang) string {
		if s.bound()[e.Code] {
			return word("exchange.page.held")
		}
		return word("exchange.page.not_held")
	}},
	{"type", func(_ *Service, e *Element, word func(string) string, _ text.Lang) string {
		return word("exchange.type." + string(e.Type))
	}},
	{"unit", func(_ *Service, e *Element, _ func(string) string, lang text.Lang) string { return in(e.Unit, lang) }},
	{"codes", func(_ *Service, e *Element, _ func(string) string, lang text.Lang) string {
		var out []string
		for _, c := range e.Codes {
			out = append(out, c.Value+" "+in(c.Label, lang))
		}
		return strings.Join(out, "; ")
	}},
	{"owner", func(_ *Service, e *Element, _ func(string) string, lang text.Lang) string { return in(e.Owner, lang) }},
	{"source", func(_ *Service, e *Element, _ func(string) string, lang text.Lang) string { return in(e.Source, lang) }},
	{"refresh", func(_ *Service, e *Element, word func(string) string, _ text.Lang) string {
		return word("exchange.refresh." + e.Refresh)
	}},
	{"sharing", func(_ *Service, e *Element, word func(string) string, _ text.Lang) string {
		return word("exchange.sharing." + string(e.Sharing))
	}},
	{"conditions", func(_ *Service, e *Element, _ func(string) string, lang text.Lang) string {
		return in(e.Conditions, lang)
	}},
	{"sensitivity", func(_ *Service, e *Element, word func(string) string, _ text.Lang) string {
		return word("exchange.sensitivity." + e.Sensitivity)
	}},
	{"purposes", func(_ *Service, e *Element, _ func(string) string, lang text.Lang) string {
		return in(e.Purposes, lang)
	}},
}

// exportElements streams the register as a table. It holds nothing of persons.
func (s *Service) exportElements(ctx context.Context, q *elementExport) (*huma.StreamResponse, error) {
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		hc.SetHeader("Content-Type", sheet.MediaTypes[q.Format])
		hc.SetHeader("Cache-Control", "private, no-store")
		hc.SetHeader("Content-Disposition", mime.FormatMediaType("attachment",
			map[string]string{"filename": "elements-" + clock.Day(clock.Now(ctx)) + "." + q.Format}))
		if err := s.writeElements(hc.BodyWriter(), q, text.From(ctx)); err != nil {
			slog.ErrorContext(ctx, "export of elements broke off", "error", err)
			panic(http.ErrAbortHandler)
		}
	}}, nil
}

func (s *Service) writeElements(w io.Writer, q *elementExport, lang text.Lang) error {
	table, err := sheet.NewTable(w, q.Format)
	if err != nil {
		return err
	}
	word := func(key string) string { return s.Words.Sentence(lang, key, nil) }
	cells := make([]string, len(elementColumns))
	for i, c := range elementColumns {
		cells[i] = word("exchange.label." + c.key)
	}
	if err := table.Row(cells...); err != nil {
		return err
	}
	found := s.Found(q.Words, q.Group)
	for n := range found {
		for i, c := range elementColumns {
			cells[i] = c.tell(s, &found[n], word, lang)
		}
		if err := table.Row(cells...); err != nil {
			return err
		}
	}
	return table.Close()
}

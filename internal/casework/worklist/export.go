package worklist

import (
	"context"
	"io"
	"slices"
	"strconv"
	"strings"

	"linli/internal/casework"
	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/errs"
	"linli/internal/platform/sheet"
	"linli/internal/platform/text"
)

const permExport = "casework.case.export"

// column is one column of an exported list. None tells who reported a case.
type column struct {
	name  string // its heading is casework.column.<name>
	value func(s *Service, lang text.Lang, v *casework.Summary) string
}

var columns = []column{
	{"number", func(_ *Service, _ text.Lang, v *casework.Summary) string { return v.Number }},
	{"kind", func(s *Service, l text.Lang, v *casework.Summary) string { return s.say(l, "casework.kind."+v.Kind) }},
	{"subject", func(_ *Service, _ text.Lang, v *casework.Summary) string { return v.SubjectName }},
	{"title", func(_ *Service, _ text.Lang, v *casework.Summary) string { return casework.Masked(v.Title) }},
	{"state", func(s *Service, l text.Lang, v *casework.Summary) string {
		return s.say(l, s.Cases.Matters[v.Kind].Flow.Name+".state."+string(v.State))
	}},
	{"area", func(_ *Service, _ text.Lang, v *casework.Summary) string {
		names := make([]string, len(v.AreaPath))
		for i, step := range v.AreaPath {
			names[i] = step.Name
		}
		return strings.Join(names, " / ")
	}},
	{"unit", func(_ *Service, _ text.Lang, v *casework.Summary) string { return nameOf(v.Unit) }},
	{"handler", func(_ *Service, _ text.Lang, v *casework.Summary) string { return nameOf(v.Handler) }},
	{"channel", func(s *Service, l text.Lang, v *casework.Summary) string {
		return s.say(l, "casework.channel."+v.Channel)
	}},
	{"reported", func(_ *Service, _ text.Lang, v *casework.Summary) string { return moment(&v.ReportedAt) }},
	{"due", func(_ *Service, _ text.Lang, v *casework.Summary) string { return moment(v.DueAt) }},
	{"stands", func(s *Service, l text.Lang, v *casework.Summary) string {
		return s.say(l, "casework.due."+string(v.Due.State))
	}},
	{"closed", func(_ *Service, _ text.Lang, v *casework.Summary) string { return moment(v.ClosedAt) }},
	{"rating", func(s *Service, l text.Lang, v *casework.Summary) string {
		if v.Rating == nil {
			return ""
		}
		return s.say(l, "casework.rating."+strconv.Itoa(*v.Rating))
	}},
}

// ColumnNames are the columns of a list, in their order.
func ColumnNames() []string {
	var out []string
	for _, c := range columns {
		out = append(out, c.name)
	}
	return out
}

func (s *Service) say(lang text.Lang, key string) string {
	return s.Cases.Words.Sentence(lang, key, nil)
}

func nameOf(n *casework.Named) string {
	if n == nil {
		return ""
	}
	return n.Name
}

func moment(ms *int64) string {
	if ms == nil {
		return ""
	}
	return clock.Instant(*ms).Format("2006-01-02 15:04")
}

// Export is a list that is being written.
type Export struct {
	s       *Service
	f       Filter
	columns []column
	most    int
}

// NewExport judges and records that the actor takes a list with them. The filter names an area.
// Errors: Invalid for an unknown column; Forbidden; what [Service.List] refuses.
func (s *Service) NewExport(ctx context.Context, f Filter, names []string) (*Export, error) {
	f.Area = s.Cases.Registry.Resolve(f.Area) // the right to take it along is that over the place, whatever code names it
	e := &Export{s: s, f: f, columns: columns, most: s.Cases.Rules.Int("casework.export.rows", clock.Day(clock.Now(ctx)))}
	if len(names) > 0 {
		e.columns = nil
		for _, name := range names {
			i := slices.IndexFunc(columns, func(c column) bool { return c.name == name })
			if i < 0 {
				return nil, errs.ErrInvalid.At("columns", "field.choice")
			}
			e.columns = append(e.columns, columns[i])
		}
	}
	e.f.Limit = 1
	if _, err := s.List(ctx, e.f); err != nil {
		return nil, err
	}
	return e, s.Cases.Log.Do(ctx, func(tx *audit.Tx) error {
		if err := tx.Require(permExport, f.Area); err != nil {
			return err
		}
		asked := f
		asked.Words = casework.Masked(f.Words)
		tx.Record(audit.Entry{Action: permExport, Area: f.Area, Subject: "casework.case",
			Detail: map[string]any{"filter": asked, "columns": names, "most": e.most}})
		return nil
	})
}

// exportPage is how many cases are read at once.
const exportPage = 500

// Write writes the list page by page, up to as many rows as the rule allows; a last row says when
// more were left out.
func (e *Export) Write(ctx context.Context, w io.Writer, format string) error {
	table, err := sheet.NewTable(w, format)
	if err != nil {
		return err
	}
	lang := text.From(ctx)
	cells := make([]string, len(e.columns))
	for i, c := range e.columns {
		cells[i] = e.s.say(lang, "casework.column."+c.name)
	}
	if err := table.Row(cells...); err != nil {
		return err
	}
	for rows := 0; ; {
		if err := e.s.Cases.Log.Alive(ctx, e.s.Cases.Log.DB); err != nil {
			return err
		}
		p, err := e.s.page(ctx, e.f, exportPage)
		if err != nil {
			return err
		}
		for i := range p.Cases {
			if rows == e.most {
				if err := table.Row(e.s.Cases.Words.Sentence(lang, "casework.export.more", map[string]any{"most": e.most})); err != nil {
					return err
				}
				return table.Close()
			}
			v := e.s.Cases.Summarise(ctx, &p.Cases[i])
			for j, c := range e.columns {
				cells[j] = c.value(e.s, lang, &v)
			}
			if err := table.Row(cells...); err != nil {
				return err
			}
			rows++
		}
		if e.f.Cursor = p.Next; p.Next == "" {
			return table.Close()
		}
	}
}

// exportScope is the area of an export that names none: the only one in which the actor may.
func exportScope(ctx context.Context, area string) (string, error) {
	if area != "" {
		return area, nil
	}
	if scope := authority.From(ctx).Scope(permExport); len(scope) == 1 {
		return scope[0], nil
	}
	return "", errs.ErrInvalid.At("area", "field.required")
}

package task

import (
	"context"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"slices"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"linli/internal/platform/authority"
	"linli/internal/platform/db"
	"linli/internal/platform/httpx"
	"linli/internal/platform/sheet"
	"linli/internal/platform/text"
)

// MonthFigures are the figures of one department in one month.
type MonthFigures struct {
	Month string `json:"month" doc:"YYYY-MM"`
	DepartmentFigures
}

// year tells what departments asked of communities month by month.
type year struct{ *Service }

// months are the figures of departments in an area by month and department; of one's own departments alone for a department, and of
// one department alone where a body is named. Error: Forbidden.
func (s year) months(ctx context.Context, in *FiguresInput, body string) ([]MonthFigures, error) {
	a := authority.From(ctx)
	if err := authority.Require(ctx, permFigure, in.Area); err != nil {
		return nil, err
	}
	var w db.Where
	w.And("area >= %s AND area < %s", in.Area, authority.PrefixEnd(in.Area))
	w.And("month >= %s AND month <= %s", in.From, in.To)
	if !overseen(a, in.Area) {
		w.And("body_id IN " + w.In(a.Bodies()))
	}
	if body != "" {
		w.And("body_id = %s", body)
	}
	type one struct {
		month, body, measure string
		n                    int
	}
	rows, err := db.All(ctx, s.Log.DB, func(r db.Scanner) (v one, err error) { return v, r.Scan(&v.month, &v.body, &v.measure, &v.n) },
		`SELECT month, body_id, measure, CAST(SUM(n) AS BIGINT) FROM task_tally`+w.String()+`
		GROUP BY month, body_id, measure ORDER BY month, body_id, measure`, w.List...)
	out := []MonthFigures{}
	for _, r := range rows {
		if n := len(out); n == 0 || out[n-1].Month != r.month || out[n-1].Body != r.body {
			out = append(out, MonthFigures{Month: r.month,
				DepartmentFigures: DepartmentFigures{Body: r.body, Name: s.Registry.BodyName(r.body), Ways: map[string]int{}}})
		}
		out[len(out)-1].add(r.measure, r.n)
	}
	return out, err
}

// table is a row for each month and department, as csv or xlsx.
func (s year) table(ctx context.Context, in *struct {
	FiguresInput
	Format string `query:"format" enum:"csv,xlsx" default:"xlsx"`
}) (*huma.StreamResponse, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	rows, err := s.months(ctx, &in.FiguresInput, "")
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		hc.SetHeader("Content-Type", sheet.MediaTypes[in.Format])
		hc.SetHeader("Cache-Control", "private, no-store")
		hc.SetHeader("Content-Disposition", mime.FormatMediaType("attachment",
			map[string]string{"filename": "tasks-" + in.From + "-" + in.To + "." + in.Format}))
		if err := s.write(ctx, hc.BodyWriter(), in.Format, rows); err != nil {
			slog.ErrorContext(ctx, "export failed", "error", err)
			panic(http.ErrAbortHandler)
		}
	}}, nil
}

func (s year) write(ctx context.Context, out io.Writer, format string, rows []MonthFigures) error {
	table, err := sheet.NewTable(out, format)
	if err != nil {
		return err
	}
	lang := text.From(ctx)
	head := []string{s.Words.T(lang, "task.column.month"), s.Words.T(lang, "task.ui.body")}
	for _, w := range ways {
		head = append(head, s.Words.T(lang, "task.way."+string(w)))
	}
	for _, key := range []string{"sent_n", "answered_n"} {
		head = append(head, s.Words.T(lang, "task.ui."+key))
	}
	for _, key := range []string{"on_time", "late", "returned", "refused", "upheld", "declared", "told", "measured"} {
		head = append(head, s.Words.T(lang, "task.column."+key))
	}
	if err := table.Row(head...); err != nil {
		return err
	}
	for i := range rows {
		r := &rows[i]
		cells := []string{r.Month, r.Name}
		for _, w := range ways {
			cells = append(cells, strconv.Itoa(r.Ways[string(w)]))
		}
		for _, n := range []int{r.Sent, r.Answered, r.OnTime, r.Late, r.Returned, r.Refused, r.Upheld, r.Declared, r.Told, r.Measured} {
			cells = append(cells, strconv.Itoa(n))
		}
		if err := table.Row(slices.Clip(cells)...); err != nil {
			return err
		}
	}
	return table.Close()
}

func (s year) routes(api *httpx.API) {
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/task/figures/months", Permission: permFigure,
		Summary: "What departments asked of communities, by month"},
		func(ctx context.Context, in *struct {
			FiguresInput
			Of string `query:"body" maxLength:"60" doc:"Of one department alone"`
		}) (*httpx.List[MonthFigures], error) {
			if err := in.check(); err != nil {
				return nil, err
			}
			v, err := s.months(ctx, &in.FiguresInput, in.Of)
			return httpx.NewList(v, ""), err
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/task/figures/table", Permission: permFigure,
		Summary: "The same as a table"}, s.table)
}

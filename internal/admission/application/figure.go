package application

import (
	"context"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
	"linli/internal/platform/httpx"
	"linli/internal/platform/money"
	"linli/internal/platform/sheet"
	"linli/internal/platform/text"
)

// AdmissionFigures are what came of the applications that one body handed in within a month.
type AdmissionFigures struct {
	Month       string `json:"month" doc:"YYYY-MM, of the day on which they were handed in"`
	Body        string `json:"body"`
	Name        string `json:"name"`
	Received    int    `json:"received"`
	Admitted    int    `json:"admitted" doc:"By decision; whatever became of the admission since"`
	Refused     int    `json:"refused" doc:"By decision, emergencies that were not ratified included"`
	Lapsed      int    `json:"lapsed" doc:"Refused by silence"`
	Withdrawn   int    `json:"withdrawn"`
	Undecided   int    `json:"undecided"`
	Emergencies int    `json:"emergencies" doc:"Of those received"`
	Money       int64  `json:"money" doc:"Fen promised by those admitted"`
}

// figures counts applications.
type figures struct{ *Service }

// FiguresInput asks for figures of an area in a period.
type FiguresInput struct {
	Area string `query:"area" required:"true" maxLength:"12" pattern:"^[0-9]*$" doc:"Applications for it, for areas in it or around it"`
	From string `query:"from" required:"true" maxLength:"7" doc:"First month, YYYY-MM"`
	To   string `query:"to" required:"true" maxLength:"7" doc:"Last month, YYYY-MM"`
}

// list counts the applications that concern an area by month and body, the earliest month first. Errors: Forbidden; Invalid for a
// period that ends before it begins.
func (s figures) list(ctx context.Context, in *FiguresInput) ([]AdmissionFigures, error) {
	from, errFrom := time.ParseInLocation("2006-01", in.From, clock.City)
	to, errTo := time.ParseInLocation("2006-01", in.To, clock.City)
	if errFrom != nil || errTo != nil || to.Before(from) {
		return nil, errs.ErrInvalid.At("to", "casework.period")
	}
	scopes := authority.Narrow(authority.From(ctx).Scope(permRead), in.Area)
	if len(scopes) == 0 {
		return nil, errs.ErrForbidden
	}
	var w db.Where
	s.concerns(&w, scopes)
	w.And(`a.received_at >= %s AND a.received_at < %s`, clock.Millis(from), clock.Millis(to.AddDate(0, 1, 0)))
	found, err := db.All(ctx, s.Log.DB, scanApplication, `SELECT `+columnsOfA+` FROM admission_application a`+w.String(), w.List...)
	sums := map[[2]string]*AdmissionFigures{}
	out := []AdmissionFigures{}
	for i := range found {
		e := &found[i]
		k := [2]string{clock.Month(clock.Instant(e.ReceivedAt)), e.Body}
		if sums[k] == nil {
			sums[k] = &AdmissionFigures{Month: k[0], Body: e.Body, Name: s.Registry.BodyName(e.Body)}
		}
		sums[k].add(e)
	}
	for _, f := range sums {
		out = append(out, *f)
	}
	slices.SortFunc(out, func(a, b AdmissionFigures) int {
		return strings.Compare(a.Month+a.Name+a.Body, b.Month+b.Name+b.Body)
	})
	return out, err
}

func (f *AdmissionFigures) add(e *Application) {
	f.Received++
	if e.Emergency {
		f.Emergencies++
	}
	switch {
	case e.State == string(stateWithdrawn) && e.DecidedAt == 0:
		f.Withdrawn++
	case e.State == string(stateRefused) && e.Decider == "":
		f.Lapsed++
	case slices.Contains([]flow.State{stateRefused, stateUnratified}, flow.State(e.State)):
		f.Refused++
	case e.DecidedAt > 0:
		f.Admitted++
		f.Money += e.Money.Amount
	default:
		f.Undecided++
	}
}

// columns of the table, by the keys of their headings.
var figureColumns = []string{"month", "body", "received", "admitted", "refused", "lapsed", "withdrawn", "undecided", "emergencies", "money"}

// table is a row for each month and body, as csv or xlsx.
func (s figures) table(ctx context.Context, in *struct {
	FiguresInput
	Format string `query:"format" enum:"csv,xlsx" default:"xlsx"`
}) (*huma.StreamResponse, error) {
	rows, err := s.list(ctx, &in.FiguresInput)
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		hc.SetHeader("Content-Type", sheet.MediaTypes[in.Format])
		hc.SetHeader("Cache-Control", "private, no-store")
		hc.SetHeader("Content-Disposition", mime.FormatMediaType("attachment",
			map[string]string{"filename": "applications-" + in.From + "-" + in.To + "." + in.Format}))
		if err := s.write(ctx, hc.BodyWriter(), in.Format, rows); err != nil {
			slog.ErrorContext(ctx, "export failed", "error", err)
			panic(http.ErrAbortHandler)
		}
	}}, nil
}

func (s figures) write(ctx context.Context, out io.Writer, format string, rows []AdmissionFigures) error {
	table, err := sheet.NewTable(out, format)
	if err != nil {
		return err
	}
	var head []string
	for _, key := range figureColumns {
		head = append(head, s.Words.T(text.From(ctx), "admission.application.ui.figure_"+key))
	}
	if err := table.Row(head...); err != nil {
		return err
	}
	for _, r := range rows {
		cells := []string{r.Month, r.Name}
		for _, n := range []int{r.Received, r.Admitted, r.Refused, r.Lapsed, r.Withdrawn, r.Undecided, r.Emergencies} {
			cells = append(cells, strconv.Itoa(n))
		}
		if err := table.Row(append(cells, money.Yuan(r.Money))...); err != nil {
			return err
		}
	}
	return table.Close()
}

func (s figures) routes(api *httpx.API) {
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/admission/figures", Permission: permRead,
		Summary: "What came of the applications for an area, by month and body"},
		func(ctx context.Context, in *FiguresInput) (*httpx.List[AdmissionFigures], error) {
			v, err := s.list(ctx, in)
			return httpx.NewList(v, ""), err
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/admission/figures/table", Permission: permRead,
		Summary: "The same as a table"}, s.table)
}

package task

import (
	"context"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"linli/internal/casework"
	"linli/internal/platform/audit"
	"linli/internal/platform/clock"
	"linli/internal/platform/sheet"
	"linli/internal/platform/text"
)

type exportInput struct {
	ID     string `path:"id" maxLength:"50"`
	Area   string `query:"area" maxLength:"12" pattern:"^[0-9]*$"`
	Format string `query:"format" enum:"csv,xlsx" default:"xlsx"`
}

// shareStates name what is counted of a community in both languages.
var exportColumns = []string{"area", "state", "due", "answered", "late", "measured", "told", "returned", "reminded", "answer"}

// Export judges and records that the actor takes the answers of a task along; writing follows. Errors: NotFound; Forbidden.
func (s *Service) Export(ctx context.Context, in *exportInput) (*huma.StreamResponse, error) {
	t, err := s.find(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	err = s.Log.Do(ctx, func(tx *audit.Tx) error {
		tx.Judged() // who may read the task
		tx.Record(audit.Entry{Action: permExport, Area: t.Area, Subject: subject, SubjectID: t.ID,
			Detail: map[string]any{"areas": in.Area}})
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		hc.SetHeader("Content-Type", sheet.MediaTypes[in.Format])
		hc.SetHeader("Cache-Control", "private, no-store")
		hc.SetHeader("Content-Disposition", mime.FormatMediaType("attachment",
			map[string]string{"filename": "task-" + clock.Day(clock.Now(ctx)) + "." + in.Format}))
		if err := s.writeTable(ctx, hc.BodyWriter(), &t, in); err != nil {
			slog.ErrorContext(ctx, "export failed", "error", err)
			panic(http.ErrAbortHandler)
		}
	}}, nil
}

// writeTable writes what the task is and rests on, then a row for each community.
func (s *Service) writeTable(ctx context.Context, out io.Writer, t *Task, in *exportInput) error {
	table, err := sheet.NewTable(out, in.Format)
	if err != nil {
		return err
	}
	lang, now := text.From(ctx), clock.Now(ctx)
	word := func(key string) string { return s.Words.T(lang, key) }
	b := t.basis(clock.Day(now))
	until := b.Until
	if until == "" {
		until = word("task.basis.endless")
	}
	head := [][]string{{word("task.ui.title"), t.Title}, {word("task.ui.body"), s.Registry.BodyName(t.Body)},
		{word("task.basis." + b.Kind), b.Number + " " + b.Title}, {word("task.ui.until"), until}, {}}
	cells := make([]string, len(exportColumns))
	for i, c := range exportColumns {
		cells[i] = word("task.column." + c)
	}
	labels, answered, err := carrying{s}.formWords(ctx, t, lang)
	if err != nil {
		return err
	}
	cells = append(cells, labels...)
	for _, row := range append(head, cells) {
		if err := table.Row(row...); err != nil {
			return err
		}
	}
	f := ShareFilter{Area: in.Area, Limit: 500}
	for {
		if err := s.Log.Alive(ctx, s.Log.DB); err != nil {
			return err
		}
		shares, next, err := s.shares(ctx, t, f)
		if err != nil {
			return err
		}
		words, err := answered(shares)
		if err != nil {
			return err
		}
		for i := range shares {
			v := s.shareView(&shares[i], lang, clock.Millis(now))
			late := ""
			if v.Late || v.Overdue {
				late = word("task.column.late")
			}
			row := []string{v.Name, word("task.share.state." + v.State), moment(v.Due), moment(v.AnsweredAt), late, strconv.Itoa(v.Measured),
				strconv.Itoa(v.Told), strconv.Itoa(v.Returned), strconv.Itoa(v.Reminded), casework.Masked(v.Answer)}
			if err := table.Row(append(row, words[v.Area]...)...); err != nil {
				return err
			}
		}
		if f.Cursor = next; next == "" {
			return table.Close()
		}
	}
}

func moment(ms int64) string {
	if ms == 0 {
		return ""
	}
	return clock.Instant(ms).Format("2006-01-02 15:04")
}

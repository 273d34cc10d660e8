package audit

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/httpx"
	"linli/internal/platform/sheet"
)

// RowView is a record as auditors see it.
type RowView struct {
	ID        string `json:"id"`
	At        int64  `json:"at"`
	ActorID   string `json:"actorId" doc:"Account; \"reporter\" for whoever showed a follow code; empty for the platform itself"`
	ActorName string `json:"actorName"`
	Origin    string `json:"origin" doc:"Network address"`
	Session   string `json:"session" doc:"Mark of the session"`
	Action    string `json:"action"`
	Area      string `json:"area"`
	Subject   string `json:"subject"`
	SubjectID string `json:"subjectId"`
	Detail    any    `json:"detail,omitempty"`
	Before    any    `json:"before,omitempty" doc:"Values that were replaced; personal ones masked"`
	After     any    `json:"after,omitempty" doc:"Values that were set; personal ones masked"`
	Seq       *int64 `json:"seq" nullable:"true" doc:"Place in the sealed log; null while it waits to be sealed"`
}

// State is how far the log is sealed.
type State struct {
	Size    int64  `json:"size" doc:"Records sealed"`
	Root    string `json:"root" doc:"Root of the Merkle tree over them, base64"`
	Months  int    `json:"months" doc:"How long records are kept at least"`
	HeadKey string `json:"headKey" doc:"Public key by which signed heads are checked"`
}

// FilterInput picks records.
type FilterInput struct {
	Area    string `query:"area" maxLength:"15" pattern:"^[0-9]*$"`
	Action  string `query:"action" maxLength:"60" pattern:"^[a-z_.]*$" doc:"Beginning of an action"`
	Actor   string `query:"actor" maxLength:"64" doc:"Id or name of an account"`
	Subject string `query:"subject" maxLength:"64" doc:"Id of a thing"`
	From    string `query:"from" maxLength:"10" doc:"First day, YYYY-MM-DD"`
	To      string `query:"to" maxLength:"10" doc:"Last day, YYYY-MM-DD"`
}

func (in *FilterInput) filter() Filter {
	return Filter{Area: in.Area, Action: in.Action, Actor: in.Actor, Subject: in.Subject, From: in.From, To: in.To}
}

func (k *Store) routes(api *httpx.API) {
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/audit/verify", Permission: permVerify,
		Summary: "Recompute the sealed log and name what was altered; recorded"}, k.apiVerify)
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/audit/entries", Permission: permRead,
		Summary: "Audit records, newest first, one page"}, k.apiList)
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/audit/export", Permission: permExport,
		Summary: "Audit records as CSV; recorded"}, k.apiExport)
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/audit/state", Permission: permRead, Summary: "How far the log is sealed"},
		func(ctx context.Context, _ *struct{}) (*httpx.Answer[State], error) {
			h, err := k.Log.Head(ctx)
			if err != nil {
				return nil, err
			}
			key, err := HeadKey(k.Ring)
			return httpx.NewAnswer(State{h.Size, h.Root.String(), k.Rules.Int(ruleKeep, clock.Day(h.At)), key}), err
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/audit/head", Permission: permExport,
		Summary: "The signed head of the sealed log, to be kept elsewhere"},
		func(ctx context.Context, _ *struct{}) (*huma.StreamResponse, error) {
			h, err := k.Log.Head(ctx)
			if err != nil {
				return nil, err
			}
			raw, err := h.Sign(k.Ring)
			return download("text/plain; charset=utf-8", "linli-audit-head-"+strconv.FormatInt(h.Size, 10)+".txt", func(hc huma.Context) {
				_, _ = hc.BodyWriter().Write(raw)
			}), err
		})
}

func download(mediaType, name string, write func(huma.Context)) *huma.StreamResponse {
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		hc.SetHeader("Content-Type", mediaType)
		hc.SetHeader("Content-Disposition", `attachment; filename="`+name+`"`)
		hc.SetHeader("Cache-Control", "private, no-store")
		write(hc)
	}}
}

func (k *Store) apiList(ctx context.Context, in *struct {
	FilterInput
	Cursor string `query:"cursor" maxLength:"64"`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}) (*httpx.List[RowView], error) {
	f := in.filter()
	f.Cursor, f.Limit = in.Cursor, in.Limit
	rows, next, err := k.List(ctx, f)
	views := make([]RowView, len(rows))
	for i := range rows {
		views[i] = rows[i].view()
	}
	return httpx.NewList(views, next), err
}

func (r *Row) view() RowView {
	return RowView{r.ID, r.At, r.ActorID, r.ActorName, r.Origin, r.Session, r.Action, r.Area, r.Subject, r.SubjectID,
		document(r.Detail), document(r.Before), document(r.After), r.Seq}
}

func document(raw string) any {
	var v any
	if raw == "" || raw == "{}" || json.Unmarshal([]byte(raw), &v) != nil {
		return nil
	}
	return v
}

// apiExport writes down that records leave, and streams them.
func (k *Store) apiExport(ctx context.Context, in *FilterInput) (*huma.StreamResponse, error) {
	f := in.filter()
	f.Limit = 500
	rows, next, err := k.List(ctx, f)
	if err != nil {
		return nil, err
	}
	err = k.Log.Do(ctx, func(tx *Tx) error {
		tx.Judged() // the route's permission and List's scope have judged it
		area := f.Area
		if area == "" {
			area = authority.From(ctx).Scope(permExport)[0]
		}
		tx.Record(Entry{Action: permExport, Area: area, Subject: "audit.entry", Detail: in})
		return nil
	})
	if err != nil {
		return nil, err
	}
	return download("text/csv; charset=utf-8", "linli-audit-"+clock.Day(clock.Now(ctx))+".csv", func(hc huma.Context) {
		if err := k.stream(ctx, hc, f, rows, next); err != nil {
			slog.ErrorContext(ctx, "export of the audit log broke off", "error", err)
			panic(http.ErrAbortHandler) // half a log is not taken for a whole one
		}
	}), nil
}

func (k *Store) stream(ctx context.Context, hc huma.Context, f Filter, rows []Row, next string) error {
	w, err := sheet.NewWriter(hc.BodyWriter())
	if err != nil {
		return err
	}
	if err := w.Row("seq", "id", "at", "actor_id", "actor_name", "origin", "session", "action", "area", "subject", "subject_id",
		"detail", "before", "after"); err != nil {
		return err
	}
	for {
		if err := k.Log.Alive(ctx, k.Log.DB); err != nil {
			return err
		}
		for _, r := range rows {
			seq := ""
			if r.Seq != nil {
				seq = strconv.FormatInt(*r.Seq, 10)
			}
			if err := w.Row(seq, r.ID, clock.Instant(r.At).Format(time.RFC3339), r.ActorID, r.ActorName, r.Origin, r.Session, r.Action,
				r.Area, r.Subject, r.SubjectID, r.Detail, r.Before, r.After); err != nil {
				return err
			}
		}
		if next == "" {
			return w.Flush()
		}
		f.Cursor = next
		if rows, next, err = k.List(ctx, f); err != nil {
			return err
		}
	}
}

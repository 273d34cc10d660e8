package ballot

import (
	"context"
	"io"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"linli/internal/council/bundle"
	"linli/internal/platform/authority"
	"linli/internal/platform/errs"
	"linli/internal/platform/httpx"
	"linli/internal/platform/qr"
	"linli/internal/platform/text"
)

// PollDetail is a poll with what was counted so far, for those who run it.
type PollDetail struct {
	Poll
	Questions    []bundle.Question           `json:"questions" nullable:"false"`
	Turnout      Turnout                     `json:"turnout"`
	Counts       []Dated[bundle.Count]       `json:"counts" nullable:"false" doc:"All counts of all boxes, each with author and time; the last of a box counts"`
	Explanations []Dated[bundle.Explanation] `json:"explanations" nullable:"false"`
	Changes      []Dated[bundle.Change]      `json:"changes" nullable:"false" doc:"Of the roll since it was posted"`
	Proxies      []Proxy                     `json:"proxies" nullable:"false"`
	Figures      []Figure                    `json:"figures" nullable:"false" doc:"Of the frozen result, as every face shows them"`
	Law          []string                    `json:"lawLines" nullable:"false" doc:"Thresholds by which it was judged"`
	Runs         bool                        `json:"runs" doc:"The reader may hand out ballots and keep counts"`
	Fingerprint  string                      `json:"fingerprint"`
}

// Show is a poll for a member of staff. Error: NotFound outside their areas.
func (s *Service) Show(ctx context.Context, id string) (d PollDetail, err error) {
	actor, r := authority.From(ctx), s.Log.DB
	if d.Poll, err = Find(ctx, r, id); err == nil && !actor.Can(permRead, d.Area) {
		err = errs.ErrNotFound
	}
	if err != nil {
		return d, err
	}
	p, lang := &d.Poll, text.From(ctx)
	if d.Turnout, err = s.Turnout(ctx, r, p); err != nil {
		return d, err
	}
	if d.Counts, err = entriesOf[bundle.Count](ctx, r, id, bundle.KindCount); err != nil {
		return d, err
	}
	if d.Explanations, err = entriesOf[bundle.Explanation](ctx, r, id, bundle.KindExplanation); err != nil {
		return d, err
	}
	if d.Changes, err = entriesOf[bundle.Change](ctx, r, id, bundle.KindChange); err != nil {
		return d, err
	}
	if d.Proxies, err = s.Proxies(ctx, r, p); err != nil {
		return d, err
	}
	d.Questions = append([]bundle.Question{}, p.Questions...)
	d.Figures, d.Law = s.Figures(lang, p), []string{}
	if p.Snapshot != nil {
		d.Law = s.law(lang, p.Snapshot)
	}
	d.Runs = actor.Can(permRun, p.Area)
	_, d.Fingerprint = s.Key()
	return d, nil
}

// PollPath names a vote in an address.
type PollPath struct {
	ID string `path:"id" maxLength:"64"`
}

// CardRow is a line of the roll with its voter card.
type CardRow struct {
	RollRow
	Square string `json:"square,omitempty" doc:"Address that the card opens, as a QR code"`
}

func (s *Service) routes(api *httpx.API) {
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/council/polls/{id}", Permission: permRead,
		Summary: "A vote with its boxes, counts and figures"},
		func(ctx context.Context, in *PollPath) (*httpx.Answer[PollDetail], error) {
			return s.answer(ctx, in.ID, nil)
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/council/polls/{id}/roll", Permission: permRead,
		Summary: "The roll of a vote as it stands, or a version of it; with voter cards for who hands them out"}, s.apiRoll)
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/council/polls/{id}/issue", Permission: permRun,
		Summary: "Hand out a paper ballot"},
		func(ctx context.Context, in *struct {
			PollPath
			Body struct {
				Box    string `json:"box" maxLength:"10"`
				Number int    `json:"number" minimum:"1" maximum:"99999" doc:"On the roll"`
				Agent  int    `json:"agent,omitempty" minimum:"0" maximum:"99999" doc:"Who receives it for the person, by a written delegation"`
			}
		}) (*httpx.Answer[PollDetail], error) {
			return s.answer(ctx, in.ID, s.Issue(ctx, in.ID, in.Body.Box, in.Body.Number, in.Body.Agent))
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/council/polls/{id}/count", Permission: permRun,
		Summary: "Keep a count of a box beside those before it"},
		func(ctx context.Context, in *struct {
			PollPath
			Body bundle.Count
		}) (*httpx.Answer[PollDetail], error) {
			return s.answer(ctx, in.ID, s.Count(ctx, in.ID, in.Body))
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/council/polls/{id}/explain", Permission: permRun,
		Summary: "Say why ballots handed out, found and counted differ"},
		func(ctx context.Context, in *struct {
			PollPath
			Body struct {
				Box    string `json:"box" maxLength:"10"`
				Reason string `json:"reason" minLength:"1" maxLength:"500"`
			}
		}) (*httpx.Answer[PollDetail], error) {
			return s.answer(ctx, in.ID, s.Explain(ctx, in.ID, in.Body.Box, in.Body.Reason))
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/council/polls/{id}/figures", Permission: permRead,
		Summary: "The figures of a result as CSV"}, s.apiFigures)
}

func (s *Service) apiRoll(ctx context.Context, in *struct {
	PollPath
	Version int  `query:"rollVersion" minimum:"0" maximum:"999" doc:"Version of the roll; 0: as it stands"`
	Cards   bool `query:"cards" doc:"With the codes of the voter cards"`
}) (*httpx.List[CardRow], error) {
	actor := authority.From(ctx)
	p, err := Find(ctx, s.Log.DB, in.ID)
	if err == nil && !actor.Can(permRead, p.Area) {
		err = errs.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	if in.Cards && !actor.Can(permRun, p.Area) {
		return nil, errs.ErrForbidden
	}
	rows, err := s.Rows(ctx, s.Log.DB, &p, in.Version, in.Cards && p.State != Shut && p.State != Closed)
	if err != nil {
		return nil, err
	}
	out := make([]CardRow, len(rows))
	for i, r := range rows {
		if out[i].RollRow = r; r.Code != "" && s.URL != "" && len(rows) <= 500 {
			if out[i].Square, err = qr.Image(strings.TrimSuffix(s.URL, "/") + "/vote/" + r.Code); err != nil {
				return nil, err
			}
		}
	}
	return httpx.NewList(out, ""), nil
}

func (s *Service) apiFigures(ctx context.Context, in *PollPath) (*huma.StreamResponse, error) {
	d, err := s.Show(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return httpx.File("text/csv; charset=utf-8", "result.csv", "attachment", io.NopCloser(strings.NewReader(Table(d.Figures)))), nil
}

// Table are figures as CSV with a byte order mark, for spreadsheets.
func Table(figures []Figure) string {
	cell := func(s string) string {
		if strings.HasPrefix(s, "=") || strings.HasPrefix(s, "+") || strings.HasPrefix(s, "-") || strings.HasPrefix(s, "@") {
			s = "'" + s
		}
		return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
	}
	var b strings.Builder
	b.WriteString("\ufeff")
	for _, f := range figures {
		b.WriteString(cell(f.Group) + "," + cell(f.Label) + "," + cell(f.Value) + "\r\n")
	}
	return b.String()
}

func (s *Service) answer(ctx context.Context, id string, err error) (*httpx.Answer[PollDetail], error) {
	if err != nil {
		return nil, err
	}
	d, err := s.Show(ctx, id)
	return httpx.NewAnswer(d), err
}

package survey

import (
	"context"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"linli/internal/assessment"
	"linli/internal/platform/authority"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
	"linli/internal/platform/httpx"
	"linli/internal/platform/qr"
	"linli/internal/platform/text"
	"linli/internal/registry"
)

// Progress is how far the collection of one community is; nothing of the answers.
type Progress struct {
	Community string `json:"community"`
	Name      string `json:"name"`
	Drawn     int    `json:"drawn"`
	Answered  int    `json:"answered"`
	Refused   int    `json:"refused"`
	Absent    int    `json:"absent"`
	Moved     int    `json:"moved"`
	Waiting   int    `json:"waiting"`
	Collects  bool   `json:"collects" doc:"The reader may collect there"`
}

// SurveyDetail is a survey with its progress, its results once they are made, and what the reader may do.
type SurveyDetail struct {
	Survey
	Questions []string       `json:"questions" nullable:"false"`
	Progress  []Progress     `json:"progress" nullable:"false"`
	Allowed   []SurveyMove   `json:"allowed" nullable:"false"`
	Editable  bool           `json:"editable"`
	Results   *SurveyResults `json:"results,omitempty"`
	Holds     bool           `json:"holds" doc:"Made again from frame, slips and counters, the results are the same to the byte"`
}

// SurveyMove is a step that the reader may take now.
type SurveyMove struct {
	Verb   string       `json:"verb"`
	Fields []flow.Field `json:"fields"`
	Danger bool         `json:"danger"`
	Aside  bool         `json:"aside"`
}

// shown tells whether a member of staff sees the survey: those of its area, and those inside it once it is drawn.
func (s *Survey) shown(a *authority.Actor) bool {
	if a.Can(permRead, s.Content.Area) {
		return true
	}
	if s.State == stateDraft || s.State == stateDiscarded {
		return false
	}
	for _, scope := range a.Scope(permRead) {
		if len(scope) >= len(s.Content.Area) && scope[:len(s.Content.Area)] == s.Content.Area {
			return true
		}
	}
	return false
}

// Show is a survey for a member of staff. Error: NotFound outside their areas.
func (s *Service) Show(ctx context.Context, id string) (SurveyDetail, error) {
	actor, lang := authority.From(ctx), text.From(ctx)
	x, err := find(ctx, s.Log.DB, id)
	if err == nil && !x.shown(actor) {
		err = errs.ErrNotFound
	}
	d := SurveyDetail{Survey: x, Questions: assessment.Questions(), Progress: []Progress{}, Allowed: []SurveyMove{}}
	if err != nil {
		return d, err
	}
	slips, err := progress(ctx, s.Log.DB, id)
	if err != nil {
		return d, err
	}
	for _, part := range x.Content.Frame {
		n := slips[part.Community]
		if !actor.Can(permRead, part.Community) {
			continue
		}
		p := Progress{Community: part.Community, Name: s.name(part.Community, lang), Answered: n[slipAnswered], Refused: n[slipRefused],
			Absent: n[slipAbsent], Moved: n[slipMoved], Waiting: n[slipWaiting],
			Collects: x.State == stateOpen && actor.Can(permCollect, part.Community)}
		p.Drawn = p.Answered + p.Refused + p.Absent + p.Moved + p.Waiting
		d.Progress = append(d.Progress, p)
	}
	if r, ok := x.Results(); ok && (actor.Can(permRead, x.Content.Area) || x.State == statePublished) {
		for i := range r.Lines {
			r.Lines[i].Name = s.name(r.Lines[i].Community, lang)
		}
		d.Results = &r
		if d.Holds, err = s.Holds(ctx, &x); err != nil {
			return d, err
		}
	}
	for _, st := range steps {
		if t, ok := lifecycle.Find(x.State, st.verb); ok && lifecycle.Offers(t, &x, actor) {
			d.Allowed = append(d.Allowed, SurveyMove{Verb: string(st.verb), Fields: []flow.Field{}, Danger: t.Danger, Aside: t.Aside})
		}
	}
	t, _ := lifecycle.Find(stateDraft, verbChange)
	d.Editable = x.State == stateDraft && lifecycle.Offers(t, &x, actor)
	return d, nil
}

func (s *Service) name(code string, lang text.Lang) string {
	if a, ok := s.Registry.Area(code); ok {
		return registry.NameIn(a, lang)
	}
	return code
}

// List are the surveys that the actor sees, the latest year first, without their frames.
func (s *Service) List(ctx context.Context) ([]Survey, error) {
	actor := authority.From(ctx)
	all, err := listSurveys(ctx, s.Log.DB)
	out := []Survey{}
	for _, x := range all {
		if x.shown(actor) {
			out = append(out, x)
		}
	}
	return out, err
}

// Slips are the households drawn in one community, for collectors and for printing invitations. Codes stand with
// those that may still answer, for who may draw alone; with the address of the platform each also has its square.
// Errors: NotFound; Forbidden.
func (s *Service) Slips(ctx context.Context, id, community, base string) ([]Invitation, error) {
	actor := authority.From(ctx)
	x, err := find(ctx, s.Log.DB, id)
	if err == nil && (!x.shown(actor) || !actor.Can(permRead, community)) {
		err = errs.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	slips, err := listSlips(ctx, s.Log.DB, id, community)
	out := make([]Invitation, len(slips))
	for i, slip := range slips {
		out[i].Slip = slip
		if x.State == stateOpen && (slip.State == slipWaiting || slip.State == slipAbsent) && actor.Can(permWrite, x.Content.Area) {
			out[i].Code = s.code(id, &slip)
		}
		if out[i].Code != "" && base != "" {
			if out[i].Square, err = qr.Image(base + "/survey/" + out[i].Code + "?q=1"); err != nil {
				return nil, err
			}
		}
	}
	return out, err
}

// Poster is for who sees the survey. Error: NotFound.
func (s *Service) Poster(ctx context.Context, id, base string) (p Poster, err error) {
	x, err := find(ctx, s.Log.DB, id)
	if err == nil && !x.shown(authority.From(ctx)) {
		err = errs.ErrNotFound
	}
	if err == nil {
		p.Address = base + "/survey"
		p.Square, err = qr.Image(p.Address)
	}
	return p, err
}

// Invitation is a slip with the code that is printed for its household.
type Invitation struct {
	Slip
	Code   string `json:"code" doc:"For the invitation; empty for who may not print it"`
	Square string `json:"square,omitempty" doc:"The address that the code opens, as a QR code, data: PNG; where it was asked for"`
}

// Poster is what hangs in a community while a survey is open: where an invitation's code is typed.
type Poster struct {
	Address string `json:"address"`
	Square  string `json:"square" doc:"The address as a QR code, data: PNG"`
}

// reached is the address by which the caller reached the platform.
type reached struct{ base string }

// Resolve reads it from the request.
func (o *reached) Resolve(hc huma.Context) []error {
	o.base = "http://" + hc.Host()
	if httpx.PeerOf(hc.Context()).HTTPS {
		o.base = "https://" + hc.Host()
	}
	return nil
}

// at is the address of the platform as its operator set it, else as the caller reached it.
func (s *Service) at(o *reached) string {
	if s.URL != "" {
		return strings.TrimSuffix(s.URL, "/")
	}
	return o.base
}

// Path names one in an address.
type Path struct {
	ID string `path:"id" maxLength:"64"`
}

// SlipPath names a slip in an address.
type SlipPath struct {
	Path
	Community string `path:"community" maxLength:"12" pattern:"^[0-9]{12}$"`
	Stratum   string `path:"stratum" enum:"ordinary,special"`
	Number    int    `path:"number" minimum:"1" maximum:"20000"`
}

func (p *SlipPath) slip() Slip {
	return Slip{Community: p.Community, Stratum: p.Stratum, Number: p.Number}
}

func (s *Service) routes(api *httpx.API) {
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/assessment/surveys", Permission: permRead, Summary: "Surveys that I see"},
		func(ctx context.Context, _ *struct{}) (*httpx.List[Survey], error) {
			found, err := s.List(ctx)
			return httpx.NewList(found, ""), err
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/assessment/surveys", Permission: permWrite, Summary: "Begin a survey",
		Status: http.StatusCreated},
		func(ctx context.Context, in *struct {
			Body struct {
				Content Plan `json:"content"`
			}
		}) (*httpx.Answer[SurveyDetail], error) {
			x, err := s.Write(ctx, in.Body.Content)
			return s.answer(ctx, x.ID, err)
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/assessment/frame", Permission: permWrite,
		Summary: "Households of an area's communities by stratum, from the rosters"},
		func(ctx context.Context, in *struct {
			Area string `query:"area" required:"true" maxLength:"9" pattern:"^[0-9]*$"`
		}) (*httpx.List[Part], error) {
			found, err := s.FrameOf(ctx, in.Area)
			return httpx.NewList(found, ""), err
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/assessment/surveys/{id}", Permission: permRead,
		Summary: "A survey with its progress and what I may do"},
		func(ctx context.Context, in *Path) (*httpx.Answer[SurveyDetail], error) {
			return s.answer(ctx, in.ID, nil)
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPut, Path: "/assessment/surveys/{id}", Permission: permWrite, Summary: "Change a survey"},
		func(ctx context.Context, in *struct {
			Path
			Body struct {
				Content Plan  `json:"content"`
				Version int64 `json:"version" minimum:"1"`
			}
		}) (*httpx.Answer[SurveyDetail], error) {
			return s.answer(ctx, in.ID, s.Change(ctx, in.ID, in.Body.Version, in.Body.Content))
		})
	for _, st := range steps {
		httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/assessment/surveys/{id}/" + string(st.verb), Permission: st.permission,
			Summary: "Step of a survey: " + string(st.verb)},
			func(ctx context.Context, in *struct {
				Path
				Body struct {
					Version int64 `json:"version" minimum:"1"`
				}
			}) (*httpx.Answer[SurveyDetail], error) {
				return s.answer(ctx, in.ID, s.Step(ctx, in.ID, st.verb, in.Body.Version))
			})
	}
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/assessment/surveys/{id}/table", Permission: permRead,
		Summary: "Progress and results of a survey as CSV or xlsx"}, s.Table)
	s.collectRoutes(api)
}

func (s *Service) collectRoutes(api *httpx.API) {
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/assessment/surveys/{id}/slips", Permission: permRead,
		Summary: "Households drawn in a community"},
		func(ctx context.Context, in *struct {
			Path
			reached
			Community string `query:"community" required:"true" maxLength:"12" pattern:"^[0-9]{12}$"`
			Squares   bool   `query:"squares" doc:"With QR codes, to be printed"`
		}) (*httpx.List[Invitation], error) {
			base := ""
			if in.Squares {
				base = s.at(&in.reached)
			}
			found, err := s.Slips(ctx, in.ID, in.Community, base)
			return httpx.NewList(found, ""), err
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/assessment/surveys/{id}/poster", Permission: permRead,
		Summary: "What is printed to hang in communities while a survey is open"},
		func(ctx context.Context, in *struct {
			Path
			reached
		}) (*httpx.Answer[Poster], error) {
			p, err := s.Poster(ctx, in.ID, s.at(&in.reached))
			return httpx.NewAnswer(p), err
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/assessment/surveys/{id}/slips/{community}/{stratum}/{number}/answer",
		Permission: permCollect, Summary: "An answer at the door or by telephone", Status: http.StatusNoContent},
		func(ctx context.Context, in *struct {
			SlipPath
			Body struct {
				Channel string         `json:"channel" enum:"door,phone"`
				Levels  map[string]int `json:"levels" doc:"By question: 1 very dissatisfied … 5 very satisfied, 0 cannot say"`
			}
		}) (*httpx.None, error) {
			return nil, s.Collect(ctx, in.ID, in.slip(), in.Body.Channel, in.Body.Levels)
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/assessment/surveys/{id}/slips/{community}/{stratum}/{number}/miss",
		Permission: permCollect, Summary: "Why a household did not answer", Status: http.StatusNoContent},
		func(ctx context.Context, in *struct {
			SlipPath
			Body struct {
				Channel string `json:"channel" enum:"door,phone"`
				State   string `json:"state" enum:"refused,absent,moved"`
			}
		}) (*httpx.None, error) {
			return nil, s.Miss(ctx, in.ID, in.slip(), in.Body.State, in.Body.Channel)
		})
}

func (s *Service) answer(ctx context.Context, id string, err error) (*httpx.Answer[SurveyDetail], error) {
	if err != nil {
		return nil, err
	}
	d, err := s.Show(ctx, id)
	return httpx.NewAnswer(d), err
}

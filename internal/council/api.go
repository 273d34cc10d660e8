package council

import (
	"context"
	"net/http"

	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/errs"
	"linli/internal/platform/fold"
	"linli/internal/platform/httpx"
	"linli/internal/threshold"
)

// ShareRow is a number that counts are compared with.
type ShareRow struct {
	Matter    string `json:"matter"`
	Mode      string `json:"mode" enum:"voters,households,representatives,groups,members"`
	Barred    bool   `json:"barred" doc:"The law does not decide the matter in this mode"`
	Count     string `json:"count,omitempty" enum:"entitled,present,cast,yes"`
	Op        string `json:"op,omitempty" enum:">,>=,<=" doc:"> excludes the bound"`
	Num       int    `json:"num"`
	Den       int    `json:"den"`
	Base      string `json:"base,omitempty" enum:"entitled,present,cast" doc:"Of which the fraction is taken; empty where heads are counted"`
	Local     string `json:"local,omitempty" doc:"Province whose rule it is"`
	Basis     string `json:"basis"`
	Article   string `json:"article"`
	Certainty string `json:"certainty" enum:"V,S,U,D"`
	Note      string `json:"note"`
}

// FigureRow is a number of days, persons or months.
type FigureRow struct {
	Name      string `json:"name"`
	Min       int    `json:"min"`
	Max       int    `json:"max" doc:"min, where one number is set"`
	Unit      string `json:"unit"`
	Local     string `json:"local,omitempty"`
	Basis     string `json:"basis"`
	Article   string `json:"article"`
	Certainty string `json:"certainty" enum:"V,S,U,D"`
	Note      string `json:"note"`
	Open      bool   `json:"open" doc:"The city may set it"`
}

// ThresholdsView is what decides what for a kind of community on a day.
type ThresholdsView struct {
	Kind     string      `json:"kind" enum:"residents,villagers"`
	Day      string      `json:"day"`
	Province string      `json:"province" doc:"Whose rules the city follows; empty for none"`
	Shares   []ShareRow  `json:"shares"`
	Figures  []FigureRow `json:"figures"`
	History  []Local     `json:"history" doc:"What the city has set, the latest first"`
	Editable bool        `json:"editable"`
}

// Thresholds are the numbers of a kind on a day, with what the city set.
func (s *Service) Thresholds(ctx context.Context, kind, day string) (ThresholdsView, error) {
	v := ThresholdsView{Kind: kind, Day: day, Shares: []ShareRow{}, Figures: []FigureRow{}}
	var err error
	if v.Province, err = s.Province(ctx, s.Log.DB, day); err != nil {
		return v, err
	}
	for _, one := range threshold.Shares(kind, v.Province, day) {
		v.Shares = append(v.Shares, ShareRow{Matter: one.Matter, Mode: one.Mode, Barred: one.Barred, Count: string(one.Count), Op: one.Op,
			Num: one.Num, Den: one.Den, Base: string(one.Base), Local: one.Local, Basis: one.Basis, Article: one.Article,
			Certainty: one.Certainty, Note: one.Note})
	}
	for _, one := range threshold.Figures(kind, v.Province, day) {
		f, _, err := s.Figure(ctx, s.Log.DB, one.Name, kind, day)
		if err != nil {
			return v, err
		}
		v.Figures = append(v.Figures, FigureRow{Name: f.Name, Min: f.Min, Max: f.Max, Unit: f.Unit, Local: f.Local, Basis: f.Basis,
			Article: f.Article, Certainty: f.Certainty, Note: f.Note, Open: open(&f)})
	}
	if v.History, err = s.History(ctx, s.Log.DB); err != nil {
		return v, err
	}
	city, _ := s.Registry.City()
	v.Editable = authority.From(ctx).Can(PermWrite, city.Code)
	return v, nil
}

// AnswerView is a decision.
type AnswerView struct {
	Passes    bool        `json:"passes"`
	Short     []ShortView `json:"short" doc:"Counts that do not suffice, the precondition's first"`
	Rule      string      `json:"rule"`
	Basis     string      `json:"basis"`
	Article   string      `json:"article"`
	Certainty string      `json:"certainty" enum:"V,S,U,D"`
}

// ShortView is a count that does not suffice.
type ShortView struct {
	Count   string `json:"count" enum:"entitled,present,cast,yes"`
	Have    int    `json:"have"`
	Need    int    `json:"need" doc:"At least; at most where most is true"`
	Most    bool   `json:"most"`
	Basis   string `json:"basis"`
	Article string `json:"article"`
}

// View is a decision as faces show it.
func View(d *threshold.Decision) AnswerView {
	v := AnswerView{Passes: d.Passes, Short: []ShortView{}, Rule: d.Rule, Basis: d.Law, Article: d.Article, Certainty: d.Certainty}
	for _, s := range d.Short {
		v.Short = append(v.Short, ShortView{Count: string(s.Count), Have: s.Have, Need: s.Need, Most: s.Most, Basis: s.Law, Article: s.Article})
	}
	return v
}

type decideInput struct {
	Body struct {
		Matter   string `json:"matter" maxLength:"40"`
		Kind     string `json:"kind" enum:"residents,villagers"`
		Mode     string `json:"mode" enum:"voters,households,representatives,groups,members"`
		On       string `json:"on" maxLength:"20"`
		Entitled *int   `json:"entitled,omitempty" minimum:"0" maximum:"100000000"`
		Present  *int   `json:"present,omitempty" minimum:"0" maximum:"100000000"`
		Cast     *int   `json:"cast,omitempty" minimum:"0" maximum:"100000000"`
		Yes      *int   `json:"yes,omitempty" minimum:"0" maximum:"100000000"`
	}
}

func (s *Service) routes(api *httpx.API) {
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/council/thresholds", Permission: PermRead,
		Summary: "What decides what in a kind of community on a day"},
		func(ctx context.Context, in *struct {
			Kind string `query:"kind" enum:"residents,villagers" default:"residents"`
			Day  string `query:"day" maxLength:"20" doc:"Today when empty"`
		}) (*httpx.Answer[ThresholdsView], error) {
			day := fold.KeepDay(in.Day)
			if day == "" {
				day = clock.Day(clock.Now(ctx))
			}
			if _, ok := fold.Day(day); !ok {
				return nil, errs.ErrInvalid.At("day", "threshold.day")
			}
			v, err := s.Thresholds(ctx, in.Kind, day)
			return httpx.NewAnswer(v), err
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/council/decide", Permission: PermRead,
		Summary: "Judge counts by the law of a day"},
		func(ctx context.Context, in *decideInput) (*httpx.Answer[AnswerView], error) {
			b := &in.Body
			d, err := s.Decide(ctx, s.Log.DB, threshold.Question{Matter: b.Matter, Kind: b.Kind, Mode: b.Mode, On: fold.KeepDay(b.On),
				Counts: threshold.Counts{Entitled: b.Entitled, Present: b.Present, Cast: b.Cast, Yes: b.Yes}})
			if err != nil {
				return nil, err
			}
			return httpx.NewAnswer(View(&d)), nil
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPut, Path: "/council/local", Permission: PermWrite,
		Summary: "Set the province, or a number where national law sets none"},
		func(ctx context.Context, in *struct {
			Body struct {
				Kind      string `json:"kind" enum:",residents,villagers"`
				Name      string `json:"name" maxLength:"60"`
				ValidFrom string `json:"validFrom" maxLength:"20"`
				Value     string `json:"value" maxLength:"20"`
				Basis     string `json:"basis" maxLength:"240"`
				Article   string `json:"article,omitempty" maxLength:"240"`
				Reason    string `json:"reason" maxLength:"1000"`
			}
		}) (*httpx.Answer[Local], error) {
			b := &in.Body
			l, err := s.Set(ctx, Local{Kind: b.Kind, Name: b.Name, ValidFrom: b.ValidFrom, Value: b.Value, Basis: b.Basis,
				Article: b.Article, Reason: b.Reason})
			if err != nil {
				return nil, err
			}
			return httpx.NewAnswer(l), nil
		})
}

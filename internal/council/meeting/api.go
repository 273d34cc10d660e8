package meeting

import (
	"context"
	"net/http"

	"linli/internal/platform/flow"
	"linli/internal/platform/httpx"
)

// MeetingPath names a meeting in an address.
type MeetingPath struct {
	ID string `path:"id" maxLength:"50"`
}

type meetingStep struct {
	MeetingPath
	Body struct {
		Version int64  `json:"version" minimum:"1"`
		Note    string `json:"note,omitempty" maxLength:"1000" doc:"Why; required to cancel"`
	}
}

const base = "/council/meetings"

func (s *Service) routes(api *httpx.API) {
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: base, Permission: permRead, Summary: "Meetings of my areas, one page"},
		func(ctx context.Context, in *Filter) (*httpx.List[MeetingRow], error) {
			found, next, err := s.List(ctx, *in)
			rows := make([]MeetingRow, len(found))
			for i := range found {
				m := &found[i]
				rows[i] = MeetingRow{ID: m.ID, Number: m.Number, Area: m.Area, AreaName: s.areaName(ctx, m.Area), Body: m.Body, Title: m.Title,
					StartsAt: m.StartsAt, State: m.State}
			}
			return httpx.NewList(rows, next), err
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: base, Permission: permKeep, Summary: "Draft a meeting",
		Status: http.StatusCreated, MaxBody: 2 << 20},
		func(ctx context.Context, in *struct {
			Body struct {
				Area    string         `json:"area" maxLength:"12" pattern:"^[0-9]+$"`
				Content MeetingContent `json:"content"`
			}
		}) (*httpx.Answer[MeetingDetail], error) {
			m, err := s.Write(ctx, "", in.Body.Area, 0, in.Body.Content)
			return s.answer(ctx, m.ID, err)
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: base + "/{id}", Permission: permRead, Summary: "A meeting with what I may do"},
		func(ctx context.Context, in *MeetingPath) (*httpx.Answer[MeetingDetail], error) {
			return s.answer(ctx, in.ID, nil)
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPut, Path: base + "/{id}", Permission: permKeep, Summary: "Change a draft", MaxBody: 2 << 20},
		func(ctx context.Context, in *struct {
			MeetingPath
			Body struct {
				Version int64          `json:"version" minimum:"1"`
				Content MeetingContent `json:"content"`
			}
		}) (*httpx.Answer[MeetingDetail], error) {
			_, err := s.Write(ctx, in.ID, "", in.Body.Version, in.Body.Content)
			return s.answer(ctx, in.ID, err)
		})
	for _, verb := range steps {
		httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: base + "/{id}/" + string(verb), Permission: permKeep,
			Summary: "Step of a meeting: " + string(verb)},
			func(ctx context.Context, in *meetingStep) (*httpx.Answer[MeetingDetail], error) {
				_, err := s.Step(ctx, in.ID, verb, in.Body.Version, flow.Input{Note: in.Body.Note})
				return s.answer(ctx, in.ID, err)
			})
	}
	s.roomRoutes(api)
	s.rosterRoutes(api)
}

// roomRoutes are what is entered while a meeting sits and after it.
func (s *Service) roomRoutes(api *httpx.API) {
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: base + "/{id}/attendance", Permission: permKeep, Summary: "Enter who attends"},
		func(ctx context.Context, in *struct {
			MeetingPath
			Body struct {
				Version int64           `json:"version" minimum:"1"`
				People  []NewAttendance `json:"people" minItems:"1" maxItems:"500"`
			}
		}) (*httpx.Answer[MeetingDetail], error) {
			_, err := s.Attend(ctx, in.ID, in.Body.Version, in.Body.People)
			return s.answer(ctx, in.ID, err)
		})
	for verb, take := range map[string]func(context.Context, string, int64, string) (Meeting, error){"leave": s.Leave, "return": s.Return} {
		httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: base + "/{id}/attendance/{entry}/" + verb, Permission: permKeep,
			Summary: "Note of one who attends: " + verb},
			func(ctx context.Context, in *struct {
				MeetingPath
				Entry string `path:"entry" maxLength:"50"`
				Body  struct {
					Version int64 `json:"version" minimum:"1"`
				}
			}) (*httpx.Answer[MeetingDetail], error) {
				_, err := take(ctx, in.ID, in.Body.Version, in.Entry)
				return s.answer(ctx, in.ID, err)
			})
	}
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: base + "/{id}/votes", Permission: permKeep, Summary: "Enter a show of hands"},
		func(ctx context.Context, in *struct {
			MeetingPath
			Body struct {
				Version int64 `json:"version" minimum:"1"`
				Hands
			}
		}) (*httpx.Answer[MeetingDetail], error) {
			_, err := s.Count(ctx, in.ID, in.Body.Version, in.Body.Hands)
			return s.answer(ctx, in.ID, err)
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: base + "/{id}/votes/{vote}/correct", Permission: permKeep,
		Summary: "Correct a count; the earlier one stays"},
		func(ctx context.Context, in *struct {
			MeetingPath
			Vote string `path:"vote" maxLength:"50"`
			Body struct {
				Version int64  `json:"version" minimum:"1"`
				Reason  string `json:"reason" maxLength:"1000"`
				Yes     int    `json:"yes" minimum:"0" maximum:"1000000"`
				No      int    `json:"no" minimum:"0" maximum:"1000000"`
				Abstain int    `json:"abstain" minimum:"0" maximum:"1000000"`
			}
		}) (*httpx.Answer[MeetingDetail], error) {
			b := &in.Body
			_, err := s.Correct(ctx, in.ID, in.Vote, b.Version, Hands{Yes: b.Yes, No: b.No, Abstain: b.Abstain}, b.Reason)
			return s.answer(ctx, in.ID, err)
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPut, Path: base + "/{id}/minutes", Permission: permKeep, Summary: "Write the minutes",
		MaxBody: 1 << 20},
		func(ctx context.Context, in *struct {
			MeetingPath
			Body struct {
				Version    int64             `json:"version" minimum:"1"`
				Text       string            `json:"text" maxLength:"40000"`
				Chair      string            `json:"chair,omitempty" maxLength:"50" doc:"Attendance of who presided"`
				Recorder   string            `json:"recorder,omitempty" maxLength:"50" doc:"Attendance of who wrote the minutes"`
				Supervisor string            `json:"supervisor,omitempty" maxLength:"50"`
				NoVote     map[string]string `json:"noVote,omitempty" doc:"Why no vote was taken, by id of the item"`
			}
		}) (*httpx.Answer[MeetingDetail], error) {
			b := &in.Body
			_, err := s.Minute(ctx, in.ID, b.Version, MeetingMinutes{Text: b.Text, Chair: b.Chair, Recorder: b.Recorder, Supervisor: b.Supervisor},
				b.NoVote)
			return s.answer(ctx, in.ID, err)
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: base + "/{id}/names", Permission: permKeep,
		Summary: "Full names for a roll call or a print, with the purpose"},
		func(ctx context.Context, in *struct {
			MeetingPath
			Body struct {
				Purpose string `json:"purpose" maxLength:"400"`
			}
		}) (*httpx.List[FullName], error) {
			names, err := s.Names(ctx, in.ID, in.Body.Purpose)
			return httpx.NewList(names, ""), err
		})
}

func (s *Service) rosterRoutes(api *httpx.API) {
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/council/representatives", Permission: permRead,
		Summary: "A community's representatives with the shares that the law demands"},
		func(ctx context.Context, in *struct {
			Area string `query:"area" maxLength:"12" pattern:"^[0-9]+$"`
		}) (*httpx.Answer[RosterView], error) {
			v, err := s.Roster(ctx, in.Area)
			if err != nil {
				return nil, err
			}
			return httpx.NewAnswer(v), nil
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/council/representatives", Permission: permRoster,
		Summary: "Enter a representative", Status: http.StatusCreated},
		func(ctx context.Context, in *struct{ Body NewRepresentative }) (*httpx.Answer[Representative], error) {
			x, err := s.Choose(ctx, in.Body)
			if err != nil {
				return nil, err
			}
			return httpx.NewAnswer(x), nil
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/council/representatives/{id}/end", Permission: permRoster,
		Summary: "End a representative's term", Status: http.StatusNoContent},
		func(ctx context.Context, in *struct {
			MeetingPath
			Body struct {
				Version int64  `json:"version" minimum:"1"`
				TermTo  string `json:"termTo" maxLength:"20"`
				Reason  string `json:"reason" maxLength:"1000"`
			}
		}) (*struct{}, error) {
			return nil, s.End(ctx, in.ID, in.Body.Version, in.Body.TermTo, in.Body.Reason)
		})
}

func (s *Service) answer(ctx context.Context, id string, err error) (*httpx.Answer[MeetingDetail], error) {
	if err != nil {
		return nil, err
	}
	d, err := s.Show(ctx, id)
	if err != nil {
		return nil, err
	}
	return httpx.NewAnswer(d), nil
}

package people

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"linli/internal/platform/audit"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/httpx"
	"linli/internal/platform/sheet"
	"linli/internal/platform/text"
)

// PersonView is a resident as lists show one: masked.
type PersonView struct {
	ID      string `json:"id"`
	Area    string `json:"area"`
	State   State  `json:"state" enum:"active,restricted,erased"`
	Roster  bool   `json:"roster" doc:"On the community's roster; else known from a case only"`
	Version int64  `json:"version"`
	Masked
}

// WholeView is a resident with tags and household.
type WholeView struct {
	PersonView
	AreaName string       `json:"areaName"`
	Tags     []Tag        `json:"tags"`
	Home     string       `json:"household" doc:"Number of the household in its community"`
	With     []PersonView `json:"with" doc:"Others of the household"`
	Same     []PersonView `json:"same" doc:"Others on rosters with the same identity number, where one may read"`
}

// PersonPath names a person in an address.
type PersonPath struct {
	ID string `path:"id" maxLength:"50"`
}

// UnmaskInput asks to see one field.
type UnmaskInput struct {
	Field   string `json:"field" enum:"name,phone,idNumber,address,email"`
	Purpose string `json:"purpose" enum:"contact,verify,service,visit,emergency,rights"`
	Note    string `json:"note,omitempty" maxLength:"100" doc:"What makes it necessary"`
}

// Plain is the one field that was asked for.
type Plain struct {
	Value string `json:"value"`
}

// ResidentInput is a resident to be added.
type ResidentInput struct {
	Area      string `json:"area" maxLength:"15" pattern:"^[0-9]+$"`
	Name      string `json:"name" maxLength:"50"`
	Phone     string `json:"phone,omitempty" maxLength:"32"`
	IDNumber  string `json:"idNumber,omitempty" maxLength:"20"`
	Address   string `json:"address,omitempty" maxLength:"200"`
	Household string `json:"household,omitempty" maxLength:"30"`
	Tags      []Tag  `json:"tags,omitempty" maxItems:"20"`
}

// CorrectionInput sets what is given and leaves the rest.
type CorrectionInput struct {
	Name      *string `json:"name,omitempty" maxLength:"50"`
	Phone     *string `json:"phone,omitempty" maxLength:"32"`
	IDNumber  *string `json:"idNumber,omitempty" maxLength:"20"`
	Address   *string `json:"address,omitempty" maxLength:"200"`
	Household *string `json:"household,omitempty" maxLength:"30"`
	Tags      *[]Tag  `json:"tags,omitempty" maxItems:"20"`
	Version   int64   `json:"version" minimum:"1"`
}

func (s *Service) routes(api *httpx.API) {
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/people/persons", Permission: PermissionRead,
		Summary: "The roster of an area, masked, one page"},
		func(ctx context.Context, in *struct {
			Area   string `query:"area" maxLength:"15" pattern:"^[0-9]*$"`
			Tag    string `query:"tag" maxLength:"20"`
			Cursor string `query:"cursor" maxLength:"100"`
			Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"50"`
		}) (*httpx.List[PersonView], error) {
			rows, next, err := s.List(ctx, in.Area, in.Tag, in.Cursor, in.Limit)
			return httpx.NewList(views(rows), next), err
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/people/export", Permission: permExport,
		Summary: "The roster of an area as CSV, masked; recorded"}, s.apiExport)
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/people/search", Permission: PermissionRead,
		Summary: "Find by a whole telephone or identity number, for a purpose; recorded"},
		func(ctx context.Context, in *struct {
			Body struct {
				Words   string `json:"q" minLength:"1" maxLength:"32"`
				Purpose string `json:"purpose" enum:"contact,verify,service,visit,emergency,rights" doc:"Recorded"`
			}
		}) (*httpx.List[PersonView], error) {
			rows, err := s.Search(ctx, in.Body.Words, in.Body.Purpose)
			return httpx.NewList(views(rows), ""), err
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/people/persons", Permission: permEdit,
		Summary: "Add a resident to the roster", Status: http.StatusCreated},
		func(ctx context.Context, in *struct{ Body ResidentInput }) (*httpx.Answer[WholeView], error) {
			b := in.Body
			id, err := s.Add(ctx, NewResident{Person: Person{Name: b.Name, Phone: b.Phone, Number: b.IDNumber, Address: b.Address},
				Area: b.Area, Household: b.Household, Tags: b.Tags})
			return s.answer(ctx, id, err)
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/people/persons/{id}", Permission: PermissionRead,
		Summary: "One resident, masked"},
		func(ctx context.Context, in *PersonPath) (*httpx.Answer[WholeView], error) {
			return s.answer(ctx, in.ID, nil)
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPut, Path: "/people/persons/{id}", Permission: permEdit,
		Summary: "Correct what is held of a resident"},
		func(ctx context.Context, in *struct {
			PersonPath
			Body CorrectionInput
		}) (*httpx.Answer[WholeView], error) {
			b := in.Body
			err := s.Correct(ctx, in.ID, Correction{Name: b.Name, Phone: b.Phone, Number: b.IDNumber, Address: b.Address,
				Household: b.Household, Tags: b.Tags, Version: b.Version})
			return s.answer(ctx, in.ID, err)
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/people/persons/{id}/move", Permission: permEdit,
		Summary: "Hand a resident over to another community of the county", Status: http.StatusNoContent},
		func(ctx context.Context, in *struct {
			PersonPath
			Body struct {
				Area    string `json:"area" maxLength:"15" pattern:"^[0-9]+$"`
				Address string `json:"address,omitempty" maxLength:"200"`
				Version int64  `json:"version" minimum:"1"`
			}
		}) (*struct{}, error) {
			return nil, s.Move(ctx, in.ID, in.Body.Area, in.Body.Address, in.Body.Version)
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/people/persons/{id}/unmask", Permission: permUnmask,
		Summary: "Show one field for a purpose; recorded"},
		func(ctx context.Context, in *struct {
			PersonPath
			Body UnmaskInput
		}) (*httpx.Answer[Plain], error) {
			v, err := s.Unmask(ctx, in.ID, Showing{in.Body.Field, in.Body.Purpose, in.Body.Note})
			return httpx.NewAnswer(Plain{v}), err
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/people/persons/{id}/looks", Permission: PermissionRead,
		Summary: "Who saw a resident's data in full"},
		func(ctx context.Context, in *PersonPath) (*httpx.List[Look], error) {
			v, err := s.Looks(ctx, in.ID)
			return httpx.NewList(v, ""), err
		})
}

func views(rows []Record) []PersonView {
	out := make([]PersonView, len(rows))
	for i, r := range rows {
		out[i] = r.view()
	}
	return out
}

func (p *Record) view() PersonView {
	return PersonView{p.ID, p.Area, p.State, p.Roster, p.Version, p.Mask()}
}

func (s *Service) answer(ctx context.Context, id string, err error) (*httpx.Answer[WholeView], error) {
	if err != nil {
		return nil, err
	}
	w, err := s.Show(ctx, id)
	if err != nil {
		return nil, err
	}
	area, _ := s.Registry.Area(w.Area)
	return httpx.NewAnswer(WholeView{w.view(), area.Name, w.Tags, w.Home.Number, views(w.With), views(w.Same)}), nil
}

// apiExport streams the masked roster and writes down that it left.
func (s *Service) apiExport(ctx context.Context, in *struct {
	Area string `query:"area" required:"true" minLength:"1" maxLength:"15" pattern:"^[0-9]+$"`
	Tag  string `query:"tag" maxLength:"20"`
}) (*huma.StreamResponse, error) {
	err := s.Log.Do(ctx, func(tx *audit.Tx) error {
		if err := tx.Require(permExport, in.Area); err != nil {
			return err
		}
		tx.Record(audit.Entry{Action: permExport, Area: in.Area, Subject: Subject, Detail: in})
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		hc.SetHeader("Content-Type", "text/csv; charset=utf-8")
		hc.SetHeader("Content-Disposition", `attachment; filename="roster-`+in.Area+`-`+clock.Day(clock.Now(ctx))+`.csv"`)
		hc.SetHeader("Cache-Control", "private, no-store")
		if err := s.writeRoster(ctx, hc.BodyWriter(), in.Area, in.Tag); err != nil {
			slog.ErrorContext(ctx, "export of a roster broke off", "error", err)
			panic(http.ErrAbortHandler) // half a table is not taken for a whole one
		}
	}}, nil
}

// writeRoster writes the masked roster of an area, page by page.
func (s *Service) writeRoster(ctx context.Context, to io.Writer, area, tag string) error {
	lang := text.From(ctx)
	w, err := sheet.NewWriter(to)
	if err != nil {
		return err
	}
	if err := w.Row(s.Words.T(lang, "people.column.area"), s.Words.T(lang, "people.column.name"), s.Words.T(lang, "people.column.id_number"),
		s.Words.T(lang, "people.column.phone"), s.Words.T(lang, "people.column.address"), s.Words.T(lang, "people.column.tags")); err != nil {
		return err
	}
	for cursor := ""; ; {
		if err := s.Log.Alive(ctx, s.Log.DB); err != nil {
			return err
		}
		rows, next, err := s.List(ctx, area, tag, cursor, 200)
		if err != nil {
			return err
		}
		tags, err := tagsOf(ctx, s.Log.DB, rows)
		if err != nil {
			return err
		}
		for _, p := range rows {
			words := make([]string, len(tags[p.ID]))
			for i, t := range tags[p.ID] {
				words[i] = s.Words.T(lang, "people.tag."+t)
			}
			m := p.Mask()
			if err := w.Row(p.Area, m.Name, m.Number, m.Phone, m.Address, strings.Join(words, ";")); err != nil {
				return err
			}
		}
		if cursor = next; next == "" {
			return w.Flush()
		}
	}
}

// tagsOf are the tags of several persons, by id, in order.
func tagsOf(ctx context.Context, r db.Reader, persons []Record) (map[string][]string, error) {
	out := map[string][]string{}
	if len(persons) == 0 {
		return out, nil
	}
	shards, ids := make([]string, len(persons)), make([]string, len(persons))
	for i, p := range persons {
		shards[i], ids[i] = db.ShardOf(p.ID), p.ID
	}
	born, args := db.In(nil, shards)
	these, args := db.In(args, ids)
	rows, err := db.All(ctx, r, func(row db.Scanner) (v [2]string, err error) { return v, row.Scan(&v[0], &v[1]) },
		`SELECT person_id, tag FROM people_tag WHERE shard IN `+born+` AND person_id IN `+these+` ORDER BY person_id, tag`, args...)
	for _, v := range rows {
		out[v[0]] = append(out[v[0]], v[1])
	}
	return out, err
}

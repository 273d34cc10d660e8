package notice

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"linli/internal/platform/authority"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
	"linli/internal/platform/httpx"
	"linli/internal/platform/storage"
	"linli/internal/platform/text"
	"linli/internal/registry"
)

// Summary is a notice as lists of staff show it.
type Summary struct {
	ID        string   `json:"id"`
	Edition   int      `json:"edition" doc:"1 for the first text, 2 for its first correction …"`
	State     string   `json:"state" enum:"draft,submitted,returned,published,replaced,withdrawn,expired,discarded"`
	Title     string   `json:"title"`
	Kind      string   `json:"kind"`
	Area      string   `json:"area" doc:"The smallest area that holds all areas that it is for"`
	Areas     []string `json:"areas"`
	Places    []string `json:"places" doc:"Names of the areas that it is for"`
	From      string   `json:"from"`
	Until     string   `json:"until"`
	Urgent    bool     `json:"urgent"`
	Pinned    bool     `json:"pinned"`
	Issuer    string   `json:"issuer"`
	Writer    string   `json:"writer"`
	WrittenAt int64    `json:"writtenAt"`
}

// EditionView is one text of a notice, whole.
type EditionView struct {
	Summary
	Titles      Title  `json:"titles"`
	Body        Body   `json:"body"`
	Approver    string `json:"approver"`
	PublishedAt int64  `json:"publishedAt" doc:"0 until it was approved"`
	EndedAt     int64  `json:"endedAt" doc:"Replaced, withdrawn, expired or discarded; else 0"`
	Reason      string `json:"reason" doc:"Of a correction"`
	EndReason   string `json:"endReason" doc:"Of a withdrawal"`
	Files       []File `json:"files"`
	Version     int64  `json:"version"`
}

// Move is a step that the reader may take now.
type Move struct {
	Verb    string       `json:"verb"`
	Fields  []flow.Field `json:"fields"`
	Danger  bool         `json:"danger"`
	Aside   bool         `json:"aside"`
	Version int64        `json:"version" doc:"Of the edition that the step is taken on"`
}

// Detail is a notice with all its texts, the newest first, and what the reader may do.
type Detail struct {
	ID       string        `json:"id"`
	Editions []EditionView `json:"editions"`
	Events   []Event       `json:"events"`
	Allowed  []Move        `json:"allowed"`
	Editable bool          `json:"editable" doc:"The newest text may be changed by the reader now"`
	Address  string        `json:"address" doc:"Page of the portal, once published"`
	Rounds   []RoundView   `json:"rounds" doc:"Tellings of those who consented, with what became of the messages"`
}

func (s *Service) summary(e *Edition, lang text.Lang) Summary {
	v := Summary{ID: e.ID, Edition: e.Seq, State: e.State, Title: e.Title.In(lang), Kind: e.Kind, Area: e.Area,
		Areas: e.Areas, From: e.From, Until: e.Until,
		Urgent: e.Urgent, Pinned: e.Pinned, Issuer: e.Issuer, Writer: e.WriterName, WrittenAt: e.WrittenAt, Places: s.places(e, lang)}
	return v
}

// in is a text in the reader's language, or in Chinese where there is no English.
func in(p text.Pair, lang text.Lang) string { return cmp.Or(p.In(lang), p.Zh) }

// places are the names of the areas of an edition.
func (s *Service) places(e *Edition, lang text.Lang) []string {
	out := []string{}
	for _, code := range e.Areas {
		name := code
		if a, ok := s.Registry.Area(code); ok {
			name = registry.NameIn(a, lang)
		}
		out = append(out, name)
	}
	return out
}

func (s *Service) view(ctx context.Context, e *Edition, lang text.Lang) (EditionView, error) {
	files, err := listFiles(ctx, s.Log.DB, e)
	if files == nil {
		files = []File{}
	}
	return EditionView{Summary: s.summary(e, lang), Titles: e.Title, Body: e.Body, Approver: e.ApproverName,
		PublishedAt: e.PublishedAt, EndedAt: e.EndedAt,
		Reason: e.Reason, EndReason: e.EndReason, Files: files, Version: e.Version}, err
}

// Show is a notice for a member of staff. Errors: NotFound outside their areas.
func (s *Service) Show(ctx context.Context, id string) (Detail, error) {
	d := Detail{ID: id, Editions: []EditionView{}, Allowed: []Move{}, Rounds: []RoundView{}}
	actor := authority.From(ctx)
	newest, err := s.latest(ctx, s.Log.DB, id)
	if err != nil {
		return d, err
	}
	if !actor.Can(permRead, newest.Area) {
		return d, errs.ErrNotFound
	}
	all, err := editions(ctx, s.Log.DB, id)
	if err != nil {
		return d, err
	}
	for i := range all {
		v, err := s.view(ctx, &all[i], text.From(ctx))
		if err != nil {
			return d, err
		}
		d.Editions = append(d.Editions, v)
		if all[i].public() {
			d.Address = "/notices/" + id
		}
	}
	if d.Events, err = listEvents(ctx, s.Log.DB, id); err != nil {
		return d, err
	}
	if d.Rounds, err = s.Consents.rounds(ctx, id); err != nil {
		return d, err
	}
	shown, err := s.published(ctx, s.Log.DB, id)
	d.Editable = lifecycle.Offers(row(verbChange), &newest, actor)
	for _, st := range steps {
		e := &newest
		if onPublished(st.verb) {
			e = &shown
		}
		if st.verb == verbCorrect && newest.Seq != shown.Seq { // one waits already
			continue
		}
		if t, ok := lifecycle.Find(flow.State(e.State), st.verb); ok && lifecycle.Offers(t, e, actor) {
			d.Allowed = append(d.Allowed, Move{Verb: string(st.verb), Fields: slices.Clip(append([]flow.Field{}, t.Fields...)),
				Danger: t.Danger, Aside: t.Aside, Version: e.Version})
		}
	}
	return d, err
}

// row is the row of a verb that has one.
func row(verb flow.Verb) *flow.Transition[*Edition] {
	i := slices.IndexFunc(lifecycle.Transitions, func(t flow.Transition[*Edition]) bool { return t.Verb == verb })
	return &lifecycle.Transitions[i]
}

// Filter narrows a list of staff.
type Filter struct {
	Area   string `query:"area" maxLength:"12" pattern:"^[0-9]*$"`
	State  string `query:"state" enum:"draft,submitted,returned,published,replaced,withdrawn,expired,discarded"`
	Kind   string `query:"kind" enum:"affairs,service,activity,utility,safety,other"`
	Urgent bool   `query:"urgent"`
	Cursor string `query:"cursor" maxLength:"80"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
}

// Staff is one page of the notices in the actor's areas, the newest text of each, the last written first, and
// the cursor of the next. Error: Malformed "cursor".
func (s *Service) Staff(ctx context.Context, f Filter) ([]Edition, string, error) {
	at, id := int64(1<<62), "~"
	if err := db.ReadCursor(f.Cursor, &at, &id); err != nil {
		return nil, "", err
	}
	var all []Edition
	for _, scope := range authority.Narrow(authority.From(ctx).Scope(permRead), f.Area) {
		some, err := db.All(ctx, s.Log.DB, scanEdition, `SELECT `+columns+` FROM notice_edition WHERE latest = 1 AND area >= $1 AND area < $2
			AND (written_at, id) < ($3, $4) AND (CAST($5 AS TEXT) = '' OR state = $5) AND (CAST($6 AS TEXT) = '' OR kind = $6) AND urgent >= $7
			ORDER BY written_at DESC, id DESC LIMIT $8`, scope, authority.PrefixEnd(scope), at, id, f.State, f.Kind, db.Bool(f.Urgent), f.Limit+1)
		if err != nil {
			return nil, "", err
		}
		all = append(all, some...)
	}
	slices.SortFunc(all, func(a, b Edition) int {
		return cmp.Or(cmp.Compare(b.WrittenAt, a.WrittenAt), strings.Compare(b.ID, a.ID))
	})
	next := ""
	if len(all) > f.Limit {
		all = all[:f.Limit]
		last := all[f.Limit-1]
		next = db.Cursor(last.WrittenAt, last.ID)
	}
	return all, next, nil
}

// Path names a notice in an address.
type Path struct {
	ID string `path:"id" maxLength:"50"`
}

type stepInput struct {
	Path
	Body struct {
		Version int64  `json:"version" minimum:"1"`
		Note    string `json:"note,omitempty" maxLength:"2000" doc:"Why; required to return, correct and withdraw"`
	}
}

type filePath struct {
	Path
	File    string `path:"file" maxLength:"50"`
	Edition int    `query:"edition" minimum:"0" maximum:"10000" doc:"The newest when 0"`
	Small   bool   `query:"small" doc:"A small picture of it"`
}

// A file is a picture or a PDF of at most 32 MiB, with the form around it.
const fileBody = storage.MaxPicture + 64<<10

func (s *Service) routes(api *httpx.API) {
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/notice/notices", Permission: permRead,
		Summary: "Notices of my areas, one page"},
		func(ctx context.Context, in *Filter) (*httpx.List[Summary], error) {
			found, next, err := s.Staff(ctx, *in)
			views := make([]Summary, len(found))
			for i := range found {
				views[i] = s.summary(&found[i], text.From(ctx))
			}
			return httpx.NewList(views, next), err
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/notice/notices", Permission: permWrite,
		Summary: "Begin a notice", Status: http.StatusCreated},
		func(ctx context.Context, in *struct{ Body Content }) (*httpx.Answer[Detail], error) {
			e, err := s.Write(ctx, in.Body)
			return s.answer(ctx, e.ID, err)
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/notice/notices/{id}", Permission: permRead,
		Summary: "A notice with its editions and what I may do"},
		func(ctx context.Context, in *Path) (*httpx.Answer[Detail], error) { return s.answer(ctx, in.ID, nil) })
	httpx.Handle(api, httpx.Route{Method: http.MethodPut, Path: "/notice/notices/{id}", Permission: permWrite, Summary: "Change a draft"},
		func(ctx context.Context, in *struct {
			Path
			Body struct {
				Content
				Version int64 `json:"version" minimum:"1"`
			}
		}) (*httpx.Answer[Detail], error) {
			_, err := s.Change(ctx, in.ID, in.Body.Version, in.Body.Content)
			return s.answer(ctx, in.ID, err)
		})
	for _, st := range steps {
		httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/notice/notices/{id}/" + string(st.verb), Permission: st.permission,
			Summary: "Step of a notice: " + string(st.verb)},
			func(ctx context.Context, in *stepInput) (*httpx.Answer[Detail], error) {
				err := s.Step(ctx, in.ID, st.verb, in.Body.Version, flow.Input{Note: in.Body.Note})
				return s.answer(ctx, in.ID, err)
			})
	}
	s.fileRoutes(api)
}

func (s *Service) answer(ctx context.Context, id string, err error) (*httpx.Answer[Detail], error) {
	if err != nil {
		return nil, err
	}
	d, err := s.Show(ctx, id)
	return httpx.NewAnswer(d), err
}

func (s *Service) fileRoutes(api *httpx.API) {
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/notice/notices/{id}/files", Permission: permWrite,
		Summary: "Attach a picture or PDF to a draft", MaxBody: fileBody},
		func(ctx context.Context, in *struct {
			Path
			RawBody huma.MultipartFormFiles[struct {
				File huma.FormFile `form:"file" required:"true"`
			}]
		}) (*httpx.Answer[File], error) {
			f := in.RawBody.Data().File
			defer f.Close()
			v, err := s.Attach(ctx, in.ID, f.Filename, f)
			return httpx.NewAnswer(v), err
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodDelete, Path: "/notice/notices/{id}/files/{file}", Permission: permWrite,
		Summary: "Take a file off a draft", Status: http.StatusNoContent},
		func(ctx context.Context, in *struct {
			Path
			File string `path:"file" maxLength:"50"`
		}) (*httpx.None, error) {
			return nil, s.Detach(ctx, in.ID, in.File)
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/notice/notices/{id}/files/{file}",
		Permission: permRead, Summary: "A file of a notice"},
		func(ctx context.Context, in *filePath) (*huma.StreamResponse, error) {
			e, err := s.editionOf(ctx, in.ID, in.Edition)
			if err == nil && !authority.From(ctx).Can(permRead, e.Area) {
				err = errs.ErrNotFound
			}
			if err != nil {
				return nil, err
			}
			f, content, err := s.OpenFile(ctx, &e, in.File, in.Small)
			if err != nil {
				return nil, err
			}
			return httpx.File(f.MediaType, f.Name, "inline", content), nil
		})
}

// editionOf is one text of a notice; the newest for 0. Error: NotFound.
func (s *Service) editionOf(ctx context.Context, id string, seq int) (Edition, error) {
	all, err := editions(ctx, s.Log.DB, id)
	for _, e := range all {
		if e.Seq == seq || seq == 0 && e.latest {
			return e, nil
		}
	}
	if err == nil {
		err = errs.ErrNotFound
	}
	return Edition{}, err
}

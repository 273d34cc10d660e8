package ballot

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"linli/internal/council/bundle"
	"linli/internal/platform/errs"
	"linli/internal/platform/fold"
	"linli/internal/platform/idcode"
	"linli/internal/platform/limit"
	"linli/internal/platform/page"
	"linli/internal/registry"
)

// portal are the pages for residents, the room and the public.
type portal struct{ *Service }

func (s *portal) pages(site *page.Site) {
	site.Get("/vote", s.pageEnter)
	site.Post("/vote", s.pageFind)
	site.Get("/vote/{code}", s.pageVoter)
	site.Post("/vote/{code}", s.pageCast)
	site.Get("/votes/{id}", s.pagePoll)
	site.Get("/votes/{id}/roll", s.pageRoll)
	site.Get("/votes/{id}/screen", s.pageScreen)
	site.Post("/votes/{id}/receipt", s.pageReceipt)
	site.Get("/votes/{id}/bundle", s.pageBundle)
	site.Get("/votes/{id}/certificate", s.pageCertificate)
	site.Section(page.Community, s.section)
}

// section shows the votes of a community: what is going on and the results of late.
func (s *portal) section(q *page.Request, area string) ([]page.Section, error) {
	found, err := listPublic(q.Context(), s.Log.DB, area, 5)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	out := page.Section{ID: "votes", Heading: q.T("council.portal.vote.votes"), Links: []page.Link{{Label: q.T("council.portal.vote.card"), Href: "/vote"}}}
	for i := range found {
		p := &found[i]
		tone := "info"
		if p.State == Closed {
			tone = "done"
		}
		out.Items = append(out.Items, page.Item{Link: page.Link{Label: p.Title, Href: "/votes/" + p.ID}, Note: page.Day(q.Lang, p.Day),
			Tags: []page.Tag{{Label: q.T("council.poll.state." + string(p.State)), Tone: tone}}})
	}
	return []page.Section{out}, nil
}

// pageEnter asks for the code of a voter card.
func (s *portal) pageEnter(q *page.Request) error { return s.enter(q, http.StatusOK) }

func (s *portal) enter(q *page.Request, status int) error {
	q.Crumb(q.T("council.portal.vote.vote"), "")
	fields := q.Fill([]page.Field{{Name: "code", Kind: page.Text, Label: q.T("council.vote.code"), Required: true, Max: 40,
		Hint: q.T("council.portal.vote.code_hint")}}, func(string) string { return "" })
	return q.Render(status, "council/vote_enter", fields)
}

func (s *portal) pageFind(q *page.Request) error {
	f, err := q.Form(nil)
	if err != nil {
		return err
	}
	code := strings.ReplaceAll(strings.ToLower(fold.Compact(f.Code("code"))), "-", "")
	if _, _, err := s.opened(q, code); err != nil {
		status, err := q.Refuse(err)
		if err != nil {
			return err
		}
		return s.enter(q, status)
	}
	return q.Redirect("/vote/" + code)
}

// opened is what a card opens; wrong codes are counted by address.
func (s *portal) opened(q *page.Request, code string) (p Poll, l line, err error) {
	ctx := q.Context()
	wrong := func(err error) bool { return errs.Of(err).Kind == errs.NotFound }
	err = s.Limits.Guard(ctx, limit.FollowCode, limit.Address(ctx), wrong, func() (err error) {
		p, l, err = s.voter(ctx, s.Log.DB, code)
		return err
	})
	return p, l, err
}

// voterPage is what the holder of a card sees.
type voterPage struct {
	Poll
	Code, Name, Status, To string
	Number                 int
	On                     bool // stands on the roll
	Ballot                 []page.Field
	For                    []forWhom // whose ballots may be given now
	Whom                   page.Field
	Receipt                string
}

type forWhom struct {
	Number int
	Name   string
}

func (s *portal) pageVoter(q *page.Request) error { return s.voterStatus(q, http.StatusOK, nil) }

func (s *portal) voterStatus(q *page.Request, status int, f *page.Form) error {
	p, l, err := s.opened(q, q.Path("code"))
	if err != nil {
		return err
	}
	d, err := s.voterOf(q, &p, &l)
	if err != nil {
		return err
	}
	value := func(name string) string {
		if f == nil {
			return ""
		}
		return f.Get(name)
	}
	if len(d.For) > 0 {
		d.Ballot = q.Fill(s.fields(q, &p), value)
		if len(d.For) > 1 || d.For[0].Number != l.Number {
			whom := page.Field{Name: "for", Kind: page.Radios, Label: q.T("council.portal.vote.for"), Required: true}
			for _, w := range d.For {
				whom.Options = append(whom.Options, page.Option{Value: strconv.Itoa(w.Number), Label: q.T("council.portal.vote.person", "number", w.Number, "name", w.Name)})
			}
			d.Whom = q.Fill([]page.Field{whom}, value)[0]
		}
	}
	q.Personal()
	q.Crumb(q.T("council.portal.vote.vote"), "/vote")
	q.Crumb(p.Title, "")
	return q.Render(status, "council/vote_voter", d)
}

// voterOf is what a card's holder may know and do.
func (s *portal) voterOf(q *page.Request, p *Poll, l *line) (voterPage, error) {
	ctx, r := q.Context(), s.Log.DB
	d := voterPage{Poll: *p, Code: q.Path("code"), To: "/vote/" + q.Path("code"), Number: l.Number, On: l.Until == 0}
	person, err := s.People.Find(ctx, r, l.Person)
	if err != nil {
		return d, err
	}
	d.Name = idcode.MaskName(person.Name)
	principals, err := s.Proxies(ctx, r, p)
	if err != nil {
		return d, err
	}
	mine := []int{l.Number}
	for _, x := range principals {
		if x.Agent == l.Number {
			mine = append(mine, x.Principal)
		}
		if x.Principal == l.Number {
			d.Status = q.T("council.portal.vote.delegated", "agent", x.Agent)
			return d, nil
		}
	}
	have, err := markOf(ctx, r, p, mine)
	if err != nil {
		return d, err
	}
	switch way := have[l.Number]; {
	case !d.On:
		d.Status = q.T("council.portal.vote.removed")
	case way != "":
		d.Status = q.T("council.portal.vote.voted." + way)
	case p.State == Open && p.Online:
		d.Status = q.T("council.portal.vote.may")
	case p.State == Open:
		d.Status = q.T("council.portal.vote.booth")
	default:
		d.Status = q.T("council.portal.vote.before")
	}
	if p.State != Open || !p.Online || !d.On {
		return d, nil
	}
	for _, n := range mine {
		if n != l.Number && have[l.Number] == "" { // one's own ballot comes first
			continue
		}
		if have[n] == "" {
			name := d.Name
			if n != l.Number {
				if name, err = s.nameOf(q, p, n); err != nil {
					return d, err
				}
			}
			d.For = append(d.For, forWhom{n, name})
		}
	}
	return d, nil
}

func (s *portal) nameOf(q *page.Request, p *Poll, number int) (string, error) {
	all, err := lines(q.Context(), s.Log.DB, p)
	if err != nil {
		return "", err
	}
	for _, l := range all {
		if l.Number == number {
			person, err := s.People.Find(q.Context(), s.Log.DB, l.Person)
			return idcode.MaskName(person.Name), err
		}
	}
	return "", nil
}

// fields are the questions of the ballot paper: for each option for, against or abstain, and names written in.
func (s *portal) fields(q *page.Request, p *Poll) (out []page.Field) {
	for i := range p.Questions {
		of := &p.Questions[i]
		for k, o := range of.Options {
			f := page.Field{Name: fmt.Sprintf("q%d.%d", i, k), Kind: page.Radios, Required: true,
				Label: q.T("council.portal.vote.option", "name", o.Name, "post", s.question(q.Lang, of), "seats", of.Seats)}
			for _, m := range []string{"y", "n", "a"} {
				f.Options = append(f.Options, page.Option{Value: m, Label: q.T("council.vote.mark." + m)})
			}
			out = append(out, f)
		}
		if of.WriteIn {
			out = append(out, page.Field{Name: fmt.Sprintf("w%d", i), Kind: page.Text, Max: 20,
				Label: q.T("council.portal.vote.write", "post", s.question(q.Lang, of)), Hint: q.T("council.portal.vote.write_hint", "seats", of.Seats)})
		}
	}
	return out
}

func (s *portal) pageCast(q *page.Request) error {
	f, err := q.Form(nil)
	if err != nil {
		return err
	}
	code := q.Path("code")
	p, l, err := s.opened(q, code)
	if err != nil {
		return err
	}
	principal, _ := strconv.Atoi(f.Code("for"))
	if principal == l.Number {
		principal = 0
	}
	choices, err := chosen(&p, f)
	receipt := ""
	if err == nil {
		receipt, err = s.Cast(q.Context(), code, principal, choices)
	}
	if err != nil {
		status, err := q.Refuse(err)
		if err != nil {
			return err
		}
		return s.voterStatus(q, status, f)
	}
	q.Personal()
	q.Crumb(q.T("council.portal.vote.vote"), "/vote")
	return q.Render(http.StatusOK, "council/vote_receipt", voterPage{Poll: p, Code: code, Receipt: receipt})
}

// chosen reads a ballot from the form. Errors: Invalid by field where an option has no mark, or more are chosen than there are seats.
func chosen(p *Poll, f *page.Form) ([]Choice, error) {
	out, refused := []Choice{}, errs.ErrInvalid
	for i := range p.Questions {
		of, c := &p.Questions[i], Choice{}
		for k := range of.Options {
			name := fmt.Sprintf("q%d.%d", i, k)
			m := f.Code(name)
			if !slices.Contains([]string{"y", "n", "a"}, m) {
				refused = refused.At(name, "field.required")
			}
			c.Marks += m
		}
		if name := fold.Line(f.Get(fmt.Sprintf("w%d", i))); name != "" && of.WriteIn {
			c.Written = []string{name}
			if !fold.Within(name, 20) {
				refused = refused.At(fmt.Sprintf("w%d", i), "field.too_long", "max", 20)
			}
		}
		if strings.Count(c.Marks, "y")+len(c.Written) > of.Seats {
			refused = refused.At(fmt.Sprintf("q%d.0", i), "council.ballot.seats", "seats", of.Seats)
		}
		out = append(out, c)
	}
	if len(refused.Fields) > 0 {
		return nil, refused
	}
	return out, nil
}

// pollPage is a vote as everybody sees it.
type pollPage struct {
	Poll
	Place, StateName, ModeName, Fingerprint, Key string
	Turnout                                      Turnout
	Given                                        int
	Figures                                      []Figure
	Law                                          []string
	Proxies                                      []Proxy
	Changes                                      []Dated[bundle.Change]
	Counts                                       []countRow
	Answer                                       string
	Fields                                       []page.Field
}

// countRow is one count of a box as everybody sees it.
type countRow struct {
	At, By, Box             string
	Issued, Found, Counted  int
	Reason                  string
	Explanation, Discrepant bool
}

// public is a poll whose roll is posted. Error: NotFound.
func (s *portal) public(q *page.Request) (Poll, error) {
	p, err := Find(q.Context(), s.Log.DB, q.Path("id"))
	if err == nil && p.State == Draft {
		err = errs.ErrNotFound
	}
	return p, err
}

func (s *portal) pagePoll(q *page.Request) error { return s.showPoll(q, http.StatusOK, "") }

func (s *portal) showPoll(q *page.Request, status int, answer string) error {
	p, err := s.public(q)
	if err != nil {
		return err
	}
	d, err := s.pollOf(q, &p)
	if err != nil {
		return err
	}
	d.Answer = answer
	d.Fields = q.Fill([]page.Field{{Name: "receipt", Kind: page.Text, Label: q.T("council.portal.vote.receipt"), Hint: q.T("council.portal.vote.receipt_hint"), Max: 40,
		Required: true}}, func(string) string { return "" })
	if area, ok := s.Registry.Area(p.Area); ok {
		d.Place = registry.NameIn(area, q.Lang)
		q.Crumb(d.Place, "/communities/"+p.Area)
	}
	q.Crumb(p.Title, "")
	return q.Render(status, "council/vote", d)
}

func (s *portal) pollOf(q *page.Request, p *Poll) (d pollPage, err error) {
	ctx, r := q.Context(), s.Log.DB
	d = pollPage{Poll: *p, StateName: q.T("council.poll.state." + string(p.State)), ModeName: q.T("council.mode." + string(p.Mode)),
		Figures: s.Figures(q.Lang, p)}
	d.Key, d.Fingerprint = s.Key()
	if p.Snapshot != nil {
		d.Law = s.law(q.Lang, p.Snapshot)
	}
	if d.Turnout, err = s.Turnout(ctx, r, p); err != nil {
		return d, err
	}
	d.Given = d.Turnout.Online + d.Turnout.Paper
	if d.Changes, err = entriesOf[bundle.Change](ctx, r, p.ID, bundle.KindChange); err != nil {
		return d, err
	}
	if p.State != Posted {
		if d.Proxies, err = s.Proxies(ctx, r, p); err != nil {
			return d, err
		}
	}
	counts, err := entriesOf[bundle.Count](ctx, r, p.ID, bundle.KindCount)
	for _, c := range counts {
		row := countRow{At: c.At, By: c.By, Box: c.Body.Box, Found: c.Body.Found, Counted: c.Body.Counted()}
		for _, b := range p.Boxes {
			if b.ID == c.Body.Box {
				row.Box, row.Issued = b.Name, b.Issued
			}
		}
		d.Counts = append(d.Counts, row)
	}
	if err != nil {
		return d, err
	}
	explains, err := entriesOf[bundle.Explanation](ctx, r, p.ID, bundle.KindExplanation)
	for _, x := range explains {
		d.Counts = append(d.Counts, countRow{At: x.At, By: x.By, Box: x.Body.Box, Issued: x.Body.Issued, Found: x.Body.Found,
			Counted: x.Body.Counted,
			Reason:  x.Body.Reason, Explanation: true})
	}
	return d, err
}

// rollPage is the posted roll; names are masked here, in full on the board.
type rollPage struct {
	Poll
	Rows     []RollRow
	Version  int
	Versions []page.Link
}

func (s *portal) pageRoll(q *page.Request) error {
	p, err := s.public(q)
	if err != nil {
		return err
	}
	d := rollPage{Poll: p, Version: p.Roll}
	if v, err := strconv.Atoi(q.Query("version")); err == nil && v >= 1 && v <= p.Roll {
		d.Version = v
	}
	for v := 1; v <= p.Roll && v <= 50; v++ {
		d.Versions = append(d.Versions, page.Link{Label: q.T("council.vote.version", "n", v), Href: fmt.Sprintf("/votes/%s/roll?version=%d", p.ID, v)})
	}
	if d.Rows, err = s.Rows(q.Context(), s.Log.DB, &p, d.Version, false); err != nil {
		return err
	}
	for i := range d.Rows {
		d.Rows[i].Name = idcode.MaskName(d.Rows[i].Name)
	}
	q.Crumb(p.Title, "/votes/"+p.ID)
	q.Crumb(q.T("council.vote.roll"), "")
	return q.Render(http.StatusOK, "council/vote_roll", d)
}

// pageScreen is the screen of the room: turnout while polling lasts, counts while boxes are counted, then the result. It reloads itself.
func (s *portal) pageScreen(q *page.Request) error {
	p, err := s.public(q)
	if err != nil {
		return err
	}
	d, err := s.pollOf(q, &p)
	if err != nil {
		return err
	}
	return q.Alone("council/vote_screen", d)
}

func (s *portal) pageReceipt(q *page.Request) error {
	p, err := s.public(q)
	if err != nil {
		return err
	}
	f, err := q.Form(nil)
	if err != nil {
		return err
	}
	there := false
	wrong := func(error) bool { return !there }
	err = s.Limits.Guard(q.Context(), limit.FollowCode, limit.Address(q.Context()), wrong, func() (err error) {
		if there, err = s.Receipt(q.Context(), p.ID, f.Code("receipt")); err == nil && !there {
			err = errs.ErrInvalid.At("receipt", "council.receipt")
		}
		return err
	})
	if err != nil {
		status, err := q.Refuse(err)
		if err != nil {
			return err
		}
		return s.showPoll(q, status, "")
	}
	key := "council.portal.vote.counted"
	if p.State == Open {
		key = "council.portal.vote.in_urn"
	}
	return s.showPoll(q, http.StatusOK, q.T(key))
}

func (s *portal) pageBundle(q *page.Request) error {
	p, err := s.public(q)
	if err != nil {
		return err
	}
	b, err := s.Bundle(q.Context(), p.ID)
	if err != nil {
		return err
	}
	return q.Stream("application/json", `attachment; filename="vote-`+p.ID+`.json"`, strings.NewReader(string(b.Encode())))
}

func (s *portal) pageCertificate(q *page.Request) error {
	p, err := s.public(q)
	if err == nil && p.Snapshot == nil {
		err = errs.ErrNotFound
	}
	if err != nil {
		return err
	}
	return q.Stream("application/pdf", `inline; filename="vote-`+p.ID+`.pdf"`, strings.NewReader(string(s.Certificate(q.Lang, &p))))
}

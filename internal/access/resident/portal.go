package resident

import (
	"net/http"
	"strings"
	"time"

	"linli/internal/access"
	"linli/internal/casework"
	"linli/internal/platform/errs"
	"linli/internal/platform/page"
)

const (
	keptResident  = "resident" // telephone number that was proven
	keptAsked     = "asked"    // telephone number that a code was asked for
	keptNext      = "next"     // page that asked to have a number proven
	residentPath  = "/me"
	residentLasts = 30 * time.Minute
)

// pages are a resident's own: signing in by a code, and their cases.
func (s *Service) pages(site *page.Site) {
	s.Follow.Proven, s.Follow.Prove = s.proven, s.prove
	site.Get("/me", s.pageMe)
	site.Post("/me", s.pageAsk)
	site.Get("/me/code", s.pageCode)
	site.Post("/me/code", s.pageEnter)
	site.Post("/me/cases/{id}", s.pageOpen)
	site.Post("/me/leave", s.leave)
}

// proven is the telephone number that the visitor has proven to be theirs.
func (s *Service) proven(q *page.Request) (phone string, found bool, err error) {
	found, err = q.Recall(keptResident, &phone)
	return phone, found, err
}

// prove begins to prove a telephone number for another page, to which pageEnter then goes on. The code is sent to any mobile
// number, within the bounds of SendCode.
func (s *Service) prove(q *page.Request, next string) error {
	if err := q.Keep(keptNext, residentLasts, next); err != nil {
		return err
	}
	return q.Redirect(residentPath)
}

// leave ends what the resident has opened: their own page, and any case that was opened from it.
// Forms that were not sent are asked about.
func (s *Service) leave(q *page.Request) error {
	if err := q.Forget(keptResident, keptAsked, keptNext); err != nil {
		return err
	}
	return s.Follow.Leave(q, residentPath)
}

type mePage struct {
	Field page.Field
	Cases []meCase
	In    bool
	Demo  bool
	Next  bool // another page asks for the number

	Sections []page.Section // of modules
}

type meCase struct {
	casework.Summary
	StateName, Due, Path string
	Tone                 string // class of the tag
	Fresh                string // how many steps they have not seen, or ""
}

func (s *Service) pageMe(q *page.Request) error {
	q.Crumb(q.T("access.page.me"), "")
	var phone string
	found, err := q.Recall(keptResident, &phone)
	if err != nil {
		return err
	}
	if !found {
		return s.renderAsk(q, http.StatusOK, "")
	}
	cases, err := s.Follow.OfPhone(q.Context(), phone)
	if err != nil {
		return err
	}
	d := mePage{In: true}
	ids := make([]string, len(cases))
	for i, c := range cases {
		ids[i] = c.ID
	}
	unread, err := s.Follow.Unread(q.Context(), ids)
	if err != nil {
		return err
	}
	for _, c := range cases {
		v := meCase{Summary: c, StateName: s.Follow.StateWords(q, &c), Due: s.Follow.DueWords(q, &c), Tone: s.Follow.OutcomeTone(&c),
			Path: s.Access.Registry.PathIn(c.Area, q.Lang)}
		if n := unread[c.ID]; n > 0 {
			v.Fresh = q.Count("access.page.fresh", n)
		}
		d.Cases = append(d.Cases, v)
	}
	d.Sections = q.Sections(page.Mine, "")
	q.Personal()
	return q.Render(http.StatusOK, "access/me", d)
}

func (s *Service) renderAsk(q *page.Request, status int, phone string) error {
	q.Personal()
	q.Open()
	wanted, err := q.Recall(keptNext, new(string))
	if err != nil {
		return err
	}
	hint := q.T("access.page.phone_hint")
	if wanted { // it need not be known from a case
		hint = ""
	}
	return q.Render(status, "access/me", mePage{Next: wanted, Field: page.Field{Name: "phone", Kind: page.Phone,
		Label: q.T("access.page.phone"),
		Hint:  hint, Required: true, Max: 30, Autocomplete: "tel", Value: phone, Error: q.Refusal().For("phone")}})
}

// pageAsk answers alike whether the number is known or not.
func (s *Service) pageAsk(q *page.Request) error {
	f, err := q.Form(nil)
	if err != nil {
		return err
	}
	phone := f.Code("phone")
	anyone, err := q.Recall(keptNext, new(string))
	if err != nil {
		return err
	}
	err = s.SendCode(q.Context(), phone, anyone, func(code string) string {
		return q.T("access.page.message", "code", code[:4]+" "+code[4:], "city", s.Access.Registry.CityIn(q.Context(), q.Lang))
	})
	if err != nil {
		status, err := q.Refuse(err)
		if err != nil {
			return err
		}
		q.Crumb(q.T("access.page.me"), "")
		return s.renderAsk(q, status, phone)
	}
	if err := q.Keep(keptAsked, residentLasts, phone); err != nil {
		return err
	}
	return q.Redirect("/me/code")
}

func (s *Service) pageCode(q *page.Request) error {
	q.Crumb(q.T("access.page.me"), residentPath)
	var phone string
	found, err := q.Recall(keptAsked, &phone)
	if err != nil {
		return err
	}
	if !found {
		return q.Redirect(residentPath)
	}
	return s.renderCode(q, http.StatusOK)
}

func (s *Service) renderCode(q *page.Request, status int) error {
	q.Personal()
	minutes := s.Access.Number(q.Context(), access.RuleCodeMinutes)
	return q.Render(status, "access/code", mePage{Demo: s.Demo(),
		Field: page.Field{Name: "code", Kind: page.Text, Label: q.T("access.page.code"),
			Hint: q.T("access.page.code_hint", "minutes", minutes), Required: true, Max: 12,
			Autocomplete: "one-time-code", Error: q.Refusal().For("code")}})
}

func (s *Service) pageEnter(q *page.Request) error {
	f, err := q.Form(nil)
	if err != nil {
		return err
	}
	var asked string
	found, err := q.Recall(keptAsked, &asked)
	if err != nil {
		return err
	}
	if !found {
		return q.Redirect(residentPath)
	}
	phone, err := s.TakeCode(q.Context(), asked, f.Code("code"))
	if err != nil {
		status, err := q.Refuse(err)
		if err != nil {
			return err
		}
		q.Crumb(q.T("access.page.me"), residentPath)
		return s.renderCode(q, status)
	}
	next := residentPath
	if _, err := q.Recall(keptNext, &next); err != nil {
		return err
	}
	if err := q.Forget(keptAsked, keptNext); err != nil {
		return err
	}
	if err := q.Keep(keptResident, residentLasts, phone); err != nil {
		return err
	}
	return q.Redirect(next)
}

// pageOpen leads to one of the resident's cases.
func (s *Service) pageOpen(q *page.Request) error {
	var phone string
	found, err := q.Recall(keptResident, &phone)
	if err != nil {
		return err
	}
	if !found {
		return q.Redirect(residentPath)
	}
	id := q.Path("id")
	if strings.TrimSpace(id) == "" {
		return errs.ErrNotFound
	}
	return s.Follow.Resume(q, phone, id)
}

package agreement

import (
	"net/http"
	"strings"

	"linli/internal/admission"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
	"linli/internal/platform/money"
	"linli/internal/platform/page"
	"linli/internal/registry"
)

func (s *Service) pages(site *page.Site) {
	site.Get("/communities/{code}/agreements", s.pageAgreements)
}

// public tells whether everybody may read an agreement: both sides have signed it.
func (a *Agreement) public() bool {
	for _, state := range []flow.State{stateSigned, stateForce, stateEnded, stateTerminated} {
		if a.State == state {
			return a.Street.At > 0 && a.Community.At > 0
		}
	}
	return false
}

type agreementPage struct {
	Name, Code string
	*Agreement
	Street, State, Days, Total string
	Rows                       []itemRow
	Signed                     []signedRow
	Years                      []page.Link
	Rated                      []ratedRow
	Waits                      bool // signed, and not rated by all sides yet
}

type itemRow struct{ Code, Text, Standard, Payer, Amount, PayBy, Conditions, Street, Community, Council string }

type signedRow struct {
	Side, By, Digest string
	At               int64
}

type ratedRow struct{ Side, Guidance, Added, Remark string }

// yuan is an amount of fen as people write it.
func yuan(q *page.Request, fen int64) string {
	return q.T("admission.portal.yuan", "amount", money.Yuan(fen))
}

func (s *Service) pageAgreements(q *page.Request) error {
	code := q.Path("code")
	area, ok := s.Lists.Registry.Area(code)
	if now := s.Lists.Registry.Resolve(code); !ok && now != code {
		return q.Redirect("/communities/" + now + "/agreements")
	}
	if !ok || area.Level != registry.LevelCommunity {
		return errs.ErrNotFound
	}
	all, err := ofCommunity(q.Context(), s.log().DB, code)
	if err != nil {
		return err
	}
	d := agreementPage{Name: registry.NameIn(area, q.Lang), Code: code}
	asked := q.Query("number")
	for i := range all {
		if !all[i].public() {
			continue
		}
		if d.Agreement == nil && (asked == "" || asked == all[i].Number) {
			d.Agreement = &all[i]
		}
		d.Years = append(d.Years, page.Link{Label: q.T("admission.portal.agreement_of", "year", all[i].Year, "number", all[i].Number),
			Href: "/communities/" + code + "/agreements?number=" + all[i].Number})
	}
	if d.Agreement == nil && asked != "" {
		return errs.ErrNotFound
	}
	if d.Agreement != nil {
		if err := s.fill(q, &d); err != nil {
			return err
		}
	}
	q.Crumb(q.T("page.door.communities"), "/communities")
	q.Crumb(d.Name, "/communities/"+code)
	q.Crumb(q.T("admission.portal.agreements"), "")
	return q.Render(http.StatusOK, "admission/agreements", d)
}

func (s *Service) fill(q *page.Request, d *agreementPage) error {
	a := d.Agreement
	d.State, d.Total = q.T("admission.agreement.state."+string(a.State)), yuan(q, a.Terms.Total())
	d.Days = q.T("admission.portal.days", "from", page.Day(q.Lang, a.From()), "until", page.Day(q.Lang, a.Until()))
	d.Street = s.areaName(q.Context(), a.Area[:min(len(a.Area), registry.CodeLength(registry.LevelStreet))])
	for side, sig := range map[Side]Signature{Street: a.Street, Community: a.Community} {
		row := signedRow{Side: q.T("admission.side." + string(side)), By: sig.By, At: sig.At, Digest: sig.Digest}
		if side == Street {
			d.Signed = append([]signedRow{row}, d.Signed...)
		} else {
			d.Signed = append(d.Signed, row)
		}
	}
	var said []Appraisal
	if a.Published > 0 {
		var err error
		if said, err = listAppraisals(q.Context(), s.log().DB, a); err != nil {
			return err
		}
	}
	d.Waits = a.Published == 0 && a.rated()
	marks := map[string]string{}
	for _, p := range said {
		r := ratedRow{Side: q.T("admission.side." + string(p.Side)), Remark: p.Remark}
		if p.Side != Street {
			r.Guidance, r.Added = q.T("admission.appraisal.guidance."+p.Guidance), q.T("admission.appraisal.added."+p.Added)
		}
		d.Rated = append(d.Rated, r)
		for _, m := range p.Marks {
			marks[string(p.Side)+" "+m.Code] = s.mark(q, &m)
		}
	}
	for _, it := range a.Terms.Items {
		r := itemRow{Code: it.Code, Text: admission.In(it.Text, q.Lang), Standard: it.Standard, Payer: it.Payer, Conditions: it.Conditions,
			Street: marks["street "+it.Code], Community: marks["community "+it.Code], Council: marks["council "+it.Code]}
		if it.Amount > 0 {
			r.Amount, r.PayBy = yuan(q, it.Amount), page.Day(q.Lang, it.PayBy)
		}
		d.Rows = append(d.Rows, r)
	}
	return nil
}

// mark is what a side says of an item, in words.
func (s *Service) mark(q *page.Request, m *Mark) string {
	var out []string
	for _, said := range [][2]string{{"done", m.Done}, {"paid", m.Paid}, {"conditions", m.Conditions}} {
		if said[1] != "" {
			out = append(out, q.T("admission.appraisal."+said[0]+"."+said[1]))
		}
	}
	if m.Remark != "" {
		out = append(out, m.Remark)
	}
	return strings.Join(out, " · ")
}

package notice

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"linli/internal/platform/idcode"
	"linli/internal/platform/notify"
	"linli/internal/platform/page"
	"linli/internal/registry"
)

const consentPath = "/notices/consent"

func (s *Consents) pages(site *page.Site) {
	site.Get(consentPath, s.pageConsent)
	site.Post(consentPath, s.pageTakeConsent)
	site.Post("/notices/consents/{id}/stop", s.pageStopOwn)
	site.Get("/notices/stop/{code}", s.pageByCode)
	site.Post("/notices/stop/{code}", s.pageStop)
	site.Get("/notices/confirm/{code}", s.pageByCode)
	site.Post("/notices/confirm/{code}", s.pageConfirm)
	site.Section(page.Mine, s.mine)
}

// consentAt is the address at which one asks for the notices of an area.
func consentAt(area, source string) string {
	return consentPath + "?" + url.Values{"area": {area}, "from": {source}}.Encode()
}

// wish is a link to where one asks to be told of the notices of an area; nil where the city has no channel for it.
func (s *Consents) wish(q *page.Request, area, source string) []page.Link {
	if len(s.Outbox.Offered()) == 0 {
		return nil
	}
	return []page.Link{{Label: q.T("notice.page.consent_link"), Href: consentAt(area, source)}}
}

type consentPage struct {
	Action, Name, Phone string
	Fields              []page.Field
	Items               []page.Item
}

func (s *Consents) pageConsent(q *page.Request) error {
	return s.renderConsent(q, http.StatusOK, nil)
}

// renderConsent shows the form to whoever has proven a telephone number; others are led to prove one.
func (s *Consents) renderConsent(q *page.Request, status int, f *page.Form) error {
	a, err := s.consentable(s.askedCode(q))
	if err != nil {
		return err
	}
	if len(s.Outbox.Offered()) == 0 {
		return q.Redirect("/notices?area=" + a.Code)
	}
	here := consentAt(a.Code, q.Query("from"))
	phone, proven, err := s.Visitors.Proven(q)
	if err != nil {
		return err
	}
	if !proven {
		q.Notice("notice.page.consent_prove", "name", registry.NameIn(a, q.Lang))
		return s.Visitors.Prove(q, here)
	}
	d := consentPage{Action: here, Name: registry.NameIn(a, q.Lang), Phone: idcode.MaskPhone(phone)}
	kept := func(name string) string {
		if f == nil {
			return ""
		}
		return strings.Join(f.Codes(name), " ")
	}
	d.Fields = q.Fill(s.consentFields(q), kept)
	if d.Items, err = s.ownItems(q, phone); err != nil {
		return err
	}
	q.Personal()
	q.Crumb(q.T("notice.page.heading"), "/notices?area="+a.Code)
	q.Crumb(q.T("notice.page.consent_heading"), "")
	return q.Render(status, "notice/consent", d)
}

// askedCode is the area that the address names, or the visitor's community, or the city.
func (s *Consents) askedCode(q *page.Request) string {
	a, err := asked(q, s.Registry)
	if err != nil {
		return ""
	}
	return a.Code
}

func (s *Consents) consentFields(q *page.Request) []page.Field {
	offered := s.Outbox.Offered()
	channels := page.Field{Name: "channels", Kind: page.Checks, Label: q.T("notice.page.channels"), Required: true}
	for _, c := range offered {
		channels.Options = append(channels.Options, page.Option{Value: string(c), Label: q.T("notify.channel." + string(c))})
	}
	out := []page.Field{channels}
	if slices.Contains(offered, notify.Mail) {
		out = append(out, page.Field{Name: "email", Kind: page.Mail, Label: q.T("notice.page.email"), Hint: q.T("notice.page.email_hint"),
			Max: 120, Autocomplete: "email"})
	}
	return out
}

func (s *Consents) pageTakeConsent(q *page.Request) error {
	f, err := q.Form(nil)
	if err != nil {
		return err
	}
	area := s.askedCode(q)
	if len(s.Outbox.Offered()) == 0 {
		return q.Redirect("/notices?area=" + area)
	}
	phone, proven, err := s.Visitors.Proven(q)
	if err != nil {
		return err
	}
	if !proven {
		return s.Visitors.Prove(q, consentAt(area, q.Query("from")))
	}
	n := NewConsent{Area: area, Channels: f.Codes("channels"), Phone: phone, Email: f.Code("email"), Source: q.Query("from"),
		Origin: q.Absolute("")}
	if !slices.Contains(n.Channels, string(notify.Mail)) {
		n.Email = ""
	}
	if err := s.Agree(q.Context(), n); err != nil {
		status, err := q.Refuse(err)
		if err != nil {
			return err
		}
		return s.renderConsent(q, status, f)
	}
	said := "notice.page.consented"
	if n.Email != "" {
		said = "notice.page.consented_mail"
	}
	q.Notice(said)
	return q.Redirect(consentAt(area, q.Query("from")))
}

// ownItems are the consents of a telephone number as rows, each with the button that ends it.
func (s *Consents) ownItems(q *page.Request, phone string) ([]page.Item, error) {
	own, err := s.Own(q.Context(), phone)
	var out []page.Item
	for i := range own {
		u := &own[i]
		note := q.T("notice.page.waits_confirm")
		if u.Given > 0 {
			note = q.T("notice.page.given", "day", page.Moment(q.Lang, u.Given), "where", q.T("notice.source."+u.Source))
		}
		out = append(out, page.Item{
			Link:  page.Link{Label: s.areaIn(u.Area, q.Lang) + " · " + q.T("notify.channel."+string(u.Channel))},
			Note:  note,
			Press: &page.Press{Action: "/notices/consents/" + u.ID + "/stop", Label: q.T("notice.page.stop")},
		})
	}
	return out, err
}

// mine are the consents of the resident who is signed in, for their page.
func (s *Consents) mine(q *page.Request, _ string) ([]page.Section, error) {
	phone, proven, err := s.Visitors.Proven(q)
	links := s.wish(q, s.askedCode(q), "mine")
	if err != nil || !proven || len(links) == 0 {
		return nil, err
	}
	items, err := s.ownItems(q, phone)
	return []page.Section{{ID: "notices-told", Heading: q.T("notice.page.told"), Items: items,
		None: q.T("notice.page.told_none"), Links: links}}, err
}

// pageStopOwn ends one consent of the resident who is signed in.
func (s *Consents) pageStopOwn(q *page.Request) error {
	if _, err := q.Form(nil); err != nil {
		return err
	}
	phone, proven, err := s.Visitors.Proven(q)
	if err != nil {
		return err
	}
	if !proven {
		return q.Redirect("/me")
	}
	if err := s.StopOwn(q.Context(), phone, q.Path("id")); err != nil {
		return err
	}
	q.Notice("notice.page.stopped")
	return q.Redirect("/me")
}

type codePage struct {
	Code, What string
	Waits      bool // a mail address is to be confirmed
	Ended      int64
}

// pageByCode shows the consent that a message's link opens, with the buttons that end or confirm it: opening it changes nothing, since
// mail programs open links by themselves.
func (s *Consents) pageByCode(q *page.Request) error {
	u, err := s.byCode(q.Context(), s.Log.DB, q.Path("code"))
	if err != nil {
		return err
	}
	q.Personal()
	q.Crumb(q.T("notice.page.heading"), "/notices?area="+u.Area)
	q.Crumb(q.T("notice.page.told"), "")
	return q.Render(http.StatusOK, "notice/stop", codePage{Code: q.Path("code"), Waits: u.Given == 0, Ended: u.Withdrawn,
		What: s.areaIn(u.Area, q.Lang) + " · " + q.T("notify.channel."+string(u.Channel))})
}

func (s *Consents) pageStop(q *page.Request) error {
	f, err := q.Form(nil)
	if err != nil {
		return err
	}
	if err := s.Stop(q.Context(), q.Path("code"), f.Code("all") == "1"); err != nil {
		return err
	}
	q.Notice("notice.page.stopped")
	return q.Redirect("/notices/stop/" + q.Path("code"))
}

func (s *Consents) pageConfirm(q *page.Request) error {
	if _, err := q.Form(nil); err != nil {
		return err
	}
	if err := s.Confirm(q.Context(), q.Path("code")); err != nil {
		return err
	}
	q.Notice("notice.page.confirmed")
	return q.Redirect("/notices/stop/" + q.Path("code"))
}

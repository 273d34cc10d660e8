package follow

import (
	"context"
	"slices"
	"strings"

	"linli/internal/casework"
	"linli/internal/platform/notify"
	"linli/internal/platform/page"
)

// TellFields ask, in a form, by which channels the reporter wants to be told; none where the city
// offers none.
func (s *Service) TellFields(q *page.Request) []page.Field {
	offered := s.Cases.Outbox.Offered()
	if len(offered) == 0 {
		return nil
	}
	tell := page.Field{Name: "tell", Kind: page.Checks, Label: q.T("casework.page.tell"), Hint: q.T("casework.page.tell_hint")}
	for _, c := range offered {
		tell.Options = append(tell.Options, page.Option{Value: string(c), Label: q.T("casework.page.tell." + string(c))})
	}
	out := []page.Field{tell}
	if slices.Contains(offered, notify.Mail) {
		out = append(out, page.Field{Name: "email", Kind: page.Mail, Label: q.T("casework.page.email"), Hint: q.T("casework.page.email_hint"),
			Max: 120, Autocomplete: "email"})
	}
	return out
}

// TellWords word the chosen channels to the one who chose them.
func TellWords(q *page.Request, tell []string) string {
	out := make([]string, len(tell))
	for i, t := range tell {
		out[i] = q.T("notify.channel." + t)
	}
	return strings.Join(out, q.T("casework.page.tell_and"))
}

// wishView is a channel on the page of a followed case.
type wishView struct {
	WishView
	Name, Since string
}

func (s *Service) wishes(q *page.Request, d *casework.Detail) []wishView {
	var out []wishView
	for _, w := range casework.SectionOf[ToldView](d, SectionTold).Channels {
		v := wishView{WishView: w, Name: q.T("notify.channel." + string(w.Channel))}
		switch {
		case w.On:
			v.Since = q.T("casework.page.tell_on", "day", page.Moment(q.Lang, *w.Given))
		case w.Withdrawn != nil:
			v.Since = q.T("casework.page.tell_off", "day", page.Moment(q.Lang, *w.Withdrawn))
		}
		out = append(out, v)
	}
	return out
}

// pageTell gives or withdraws the consent to be told by a channel.
func (s *Service) pageTell(q *page.Request, ctx context.Context, id string) error {
	f, err := q.Form(nil)
	if err != nil {
		return err
	}
	if err := s.TellBy(ctx, id, notify.Channel(f.Code("channel")), f.Code("on") == "1"); err != nil {
		return err
	}
	q.Notice("casework.page.tell_kept")
	return q.Redirect("/track/case")
}

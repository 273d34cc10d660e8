package matter

import (
	"context"
	"embed"
	"errors"
	"strings"
	"time"

	"linli/internal/casework"
	"linli/internal/council"
	"linli/internal/council/meeting"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/module"
	"linli/internal/platform/page"
	"linli/internal/platform/rule"
	"linli/internal/wiring"
)

//go:embed templates/*.html
var templates embed.FS

// lapseEvery is how often terms that are over are looked for.
const lapseEvery = 10 * time.Minute

// Room is the room of matters. meetings is that of the room of meetings, which starts before.
func Room() council.Room {
	return council.Room{Texts: texts, Rules: func() []rule.Value { return rule.Shipped(rules) }, Start: start}
}

// visitors prove telephone numbers by the room of those who follow their cases.
type visitors struct{ d *wiring.Deps }

func (v visitors) Proven(q *page.Request) (string, bool, error) {
	if v.d.Follow.Proven == nil {
		return "", false, nil
	}
	return v.d.Follow.Proven(q)
}

func (v visitors) Prove(q *page.Request, next string) error {
	if v.d.Follow.Prove == nil {
		return errors.New("nobody proves telephone numbers")
	}
	return v.d.Follow.Prove(q, next)
}

type cases struct{}

// In implements [Cases]: any case of the community by its whole number.
func (cases) In(ctx context.Context, r db.Reader, number, area string) error {
	c, err := casework.FindNumber(ctx, r, number)
	if db.IsNone(err) || err == nil && !strings.HasPrefix(c.Area, area) {
		return errs.ErrNotFound
	}
	return err
}

func start(_ context.Context, c *council.Service, d *wiring.Deps) (module.Module, error) {
	s := &Service{Council: c, Meetings: meeting.New(c, d), Registry: d.Registry, Log: d.Log, Rules: d.Rules, Ring: d.Ring, Limits: d.Limits,
		Texts: d.Texts, Visitors: visitors{d}, Cases: cases{}}
	d.Registry.Follow(s.follower())
	d.Worklist.Bring(s.todo)
	d.Facts = append(d.Facts, decisions{s}, deliberations{s})
	d.People.Personal = append(d.People.Personal, s.personal())
	return module.Module{
		Name: "council/matter",
		Tables: map[string]module.Growth{"council_matter": module.Sharded, "council_support": module.Sharded, "council_grade": module.Sharded,
			"council_opinion": module.Sharded, "council_matter_event": module.Sharded, "council_delegation": module.Sharded},
		Permissions: permissions,
		Service:     s,
		Flows:       []module.Flow{module.FlowOf(lifecycle)},
		Routes:      s.routes,
		Templates:   templates,
		Pages:       portal{s}.pages,
		Jobs:        []module.Job{{Name: "council.matter.lapse", Every: lapseEvery, Do: s.Lapse}},
		Search:      &module.Search{Heading: "council.portal.matters", Find: portal{s}.search},
		Demo:        demoCity{s}.fill,
		Reach:       s.reach(),
		PageReach:   s.pageReach(),
	}, nil
}

package apptest

import (
	"context"
	"testing"
	"time"

	"linli/internal/casework"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
	"linli/internal/registry"
)

// Office is a world whose clock a test sets: people of each post act in it at instants of their own.
type Office struct {
	*testing.T
	W     *World
	Staff map[string]*authority.Actor
}

// NewOffice lets the posts of the small city act, without accounts.
func NewOffice(t *testing.T, w *World) *Office {
	o := &Office{T: t, W: w, Staff: map[string]*authority.Actor{"system": authority.SystemActor("test")}}
	station, civil, urban := w.Body[Community+" station"], w.Body[County+" civil_affairs"],
		w.Body[County+" urban_management"]
	for name, g := range map[string]authority.Grant{
		"window":       {Role: registry.RoleWindowWorker, Area: Community, Body: station},
		"dispatcher":   {Role: registry.RoleDispatcher, Area: Community, Body: station},
		"grid":         {Role: registry.RoleGridWorker, Area: Community, Body: station},
		"clerk":        {Role: registry.RoleDepartmentClerk, Area: County, Body: civil},
		"head":         {Role: registry.RoleDepartmentHead, Area: County, Body: civil},
		"urban":        {Role: registry.RoleDepartmentClerk, Area: County, Body: urban},
		"urban head":   {Role: registry.RoleDepartmentHead, Area: County, Body: urban},
		"street":       {Role: registry.RoleSubdistrictOfficer, Area: Street},
		"other street": {Role: registry.RoleSubdistrictOfficer, Area: "320706014"},
		"county":       {Role: registry.RoleCountyOfficer, Area: County},
		"city":         {Role: registry.RoleCityOfficer, Area: CityCode},
	} {
		o.Staff[name] = authority.NewActor(w.App.Policy, name, "姓名"+name, []authority.Grant{g})
	}
	return o
}

// At is the context in which somebody acts at an instant of 2026, "03-02 10:00" or with the year.
func (o *Office) At(who, when string) context.Context {
	o.Helper()
	if len(when) == len("03-02 10:00") {
		when = "2026-" + when
	}
	t, err := time.ParseInLocation("2006-01-02 15:04", when, clock.City)
	if err != nil {
		o.Fatal(err)
	}
	actor, ok := o.Staff[who]
	if !ok {
		actor = authority.NewReporter(who) // the id of a case
	}
	return clock.With(authority.With(context.Background(), actor), t)
}

// Apply applies for somebody at the window.
func (o *Office) Apply(when string) casework.Case {
	o.Helper()
	return o.Submit(when, casework.Intake{}).Case
}

// Submit is Apply with how it is taken in; the channel is the window's.
func (o *Office) Submit(when string, in casework.Intake) casework.Opened {
	o.Helper()
	in.Channel = casework.ChannelWindow
	opened, err := o.W.Submit(o.At("window", when), in)
	o.W.must(err)
	return opened
}

// Report reports, as a member of staff out in the community.
func (o *Office) Report(when string) casework.Case {
	o.Helper()
	opened, err := Report(o.At("grid", when), o.W.App, Reported{Intake: casework.Intake{Channel: casework.ChannelField}})
	o.W.must(err)
	return opened.Case
}

// Does takes a step and fails the test when it is refused.
func (o *Office) Does(who, when string, c casework.Case, verb flow.Verb, in flow.Input) casework.Case {
	o.Helper()
	after, err := o.W.App.Casework.Move(o.At(who, when), c.Kind, casework.MoveInput{ID: c.ID, Verb: verb, Input: in})
	if err != nil {
		o.Fatalf("%s may not %s at %s: %v", who, verb, when, err)
	}
	return after
}

// Refused takes a step that must be refused by a key, and tells of which rule.
func (o *Office) Refused(who, when string, c casework.Case, verb flow.Verb, in flow.Input, key string) string {
	o.Helper()
	_, err := o.W.App.Casework.Move(o.At(who, when), c.Kind, casework.MoveInput{ID: c.ID, Verb: verb, Input: in})
	e := errs.Of(err)
	if err == nil || e.Key != key {
		o.Errorf("%s by %s at %s: %v, want %s", verb, who, when, err, key)
	}
	return e.Rule
}

// Due checks the deadlines of a case, "01-02 15:04" each; "" for none.
func (o *Office) Due(c casework.Case, promised, lawful string) {
	o.Helper()
	for _, d := range []struct {
		name string
		at   *int64
		want string
	}{{"promised", c.Clock.Due, promised}, {"lawful", c.Clock.LawDue, lawful}} {
		got := ""
		if d.at != nil {
			got = clock.Instant(*d.at).Format("01-02 15:04")
		}
		if got != d.want {
			o.Errorf("%s deadline is %q, want %q", d.name, got, d.want)
		}
	}
}

// What many steps are given: the reason to set a clock still, and a note.
var (
	Reasoned = flow.Input{Note: "等待鉴定结论", Choice: "inspection"}
	Noted    = flow.Input{Note: "说明"}
)

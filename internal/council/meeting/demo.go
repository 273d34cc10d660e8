package meeting

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/flow"
	"linli/internal/platform/module"
	"linli/internal/platform/text"
	"linli/internal/registry"
)

//go:embed demo.json
var demoJSON []byte

// demoMeeting is one meeting of the demo; days are counted from its end. A negative yes is of all present.
type demoMeeting struct {
	Village                    bool
	Body, Mode                 string
	Days                       int
	Time, Title, To, Minutes   string
	Entitled, Yes, No, Abstain int
	Items                      []AgendaItem
}

type demoText struct {
	Names                       []string
	Group, GroupVillage         string
	Place, PlaceVillage, Cancel string
	Meetings                    []demoMeeting
}

// demoLasts is how long a meeting of the demo lasts.
const demoLasts = 95 * time.Minute

// demoHome is the urban community of the demo's accounts.
const demoHome = "320703001007"

// demo makes meetings in every state, in an urban community and in a village, with their representatives.
func (s *Service) demo(ctx context.Context, city module.Demo) error {
	var d demoText
	if err := json.Unmarshal(demoJSON, &d); err != nil {
		return err
	}
	areas := map[bool]string{false: demoHome}
	for _, a := range s.Registry.Below("3207", registry.LevelCommunity) {
		if !a.Urban() {
			areas[true] = a.Code
			break
		}
	}
	for village, area := range areas {
		if _, ok := s.Registry.Area(area); !ok {
			delete(areas, village)
			continue
		}
		chosen := authority.With(clock.With(ctx, city.Now.AddDate(0, 0, -120)), authority.SystemActor("demo"))
		if err := s.demoRoster(chosen, &d, area, village); err != nil {
			return err
		}
	}
	for i := range d.Meetings {
		m := &d.Meetings[i]
		if areas[m.Village] == "" {
			continue
		}
		if err := s.demoMeeting(ctx, city, &d, m, areas[m.Village]); err != nil {
			return fmt.Errorf("%s: %w", m.Title, err)
		}
	}
	return nil
}

// demoRoster enters as many representatives as the law demands beside the committee, two of five of them women.
func (s *Service) demoRoster(ctx context.Context, d *demoText, area string, village bool) error {
	c, err := s.composition(ctx, s.Log.DB, area, registry.BodyCommittee, false, clock.Day(clock.Now(ctx)))
	if err != nil {
		return err
	}
	group := d.Group
	if village {
		group = d.GroupVillage
	}
	for i := range min(max(4*c.members, 25), len(d.Names)) {
		_, err := s.Choose(ctx, NewRepresentative{Area: area, Name: d.Names[i], Constituency: strings.ReplaceAll(group, "{n}", itoa(i/4+1)),
			Households: 32, Woman: i%5 < 2, TermFrom: clock.Day(clock.Now(ctx))})
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) demoMeeting(ctx context.Context, city module.Demo, d *demoText, n *demoMeeting, area string) error {
	day := city.Now.AddDate(0, 0, n.Days)
	convened := day.AddDate(0, 0, -14)
	if convened.After(city.Now) {
		convened = city.Now.AddDate(0, 0, -1)
	}
	as := func(at time.Time) (context.Context, error) { // villages have no account in the demo
		if n.Village {
			return authority.With(clock.With(ctx, at), authority.SystemActor("demo")), nil
		}
		return city.As(ctx, "committee", at)
	}
	before, err := as(convened)
	if err != nil {
		return err
	}
	c := MeetingContent{Body: n.Body, Mode: modesOf[n.Body][0], Title: n.Title, Place: d.Place, Day: clock.Day(day), Time: n.Time,
		Called: "committee", Entitled: n.Entitled, Items: slices.Clone(n.Items)}
	if n.Mode != "" {
		c.Mode = n.Mode
	}
	if n.Village {
		c.Place = d.PlaceVillage
	}
	for i := range c.Items {
		if c.Items[i].Decides && (n.Body == Assembly || n.Body == Representatives) {
			c.Items[i].Party = clock.Day(convened.AddDate(0, 0, -5))
		}
	}
	m, err := s.Write(before, "", area, 0, c)
	if err != nil || n.To == string(stateDraft) {
		return err
	}
	if m, err = s.Step(before, m.ID, verbConvene, m.Version, flow.Input{}); err != nil || n.To == string(stateConvened) {
		return err
	}
	if n.To == string(stateCancelled) {
		_, err = s.Step(before, m.ID, verbCancel, m.Version, flow.Input{Note: d.Cancel})
		return err
	}
	start, err := clock.Parse(clock.Day(day) + "T" + n.Time)
	if err != nil {
		return err
	}
	sits, err := as(start)
	if err != nil {
		return err
	}
	hands := func(present int) Hands {
		h := Hands{Yes: min(n.Yes, present-n.No-n.Abstain), No: n.No, Abstain: n.Abstain}
		if n.Yes < 0 {
			h.Yes = present
		}
		return h
	}
	if m, err = s.sit(sits, m, hands); err != nil {
		return err
	}
	over, err := as(start.Add(demoLasts))
	if err != nil {
		return err
	}
	if m, err = s.Step(over, m.ID, verbClose, m.Version, flow.Input{}); err != nil || n.To == string(stateClosed) {
		return err
	}
	_, err = s.record(over, m, n.Minutes)
	return err
}

// sit opens a convened meeting with five of six of those on its roster, and counts hands on every item that decides.
func (s *Service) sit(ctx context.Context, m Meeting, hands func(present int) Hands) (Meeting, error) {
	roster, err := s.roster(ctx, s.Log.DB, &m)
	if err != nil {
		return m, err
	}
	var people []NewAttendance
	for i := range roster {
		if i%6 != 5 { // some are away
			people = append(people, NewAttendance{Member: roster[i].id})
		}
	}
	for i := len(people); len(roster) == 0 && i <= m.Entitled*5/6; i++ { // a body whose people are entered by name
		people = append(people, NewAttendance{Name: s.Texts.T(text.Chinese, "council.meeting.demo.attendee", "n", i+1),
			Household: s.Texts.T(text.Chinese, "council.meeting.demo.home", "n", i+1)})
	}
	if m, err = s.Attend(ctx, m.ID, m.Version, people); err != nil {
		return m, err
	}
	if m, err = s.Step(ctx, m.ID, verbOpen, m.Version, flow.Input{}); err != nil {
		return m, err
	}
	for _, it := range m.Items {
		if !it.Decides {
			continue
		}
		h := hands(len(people))
		h.Item = it.ID
		if m, err = s.Count(ctx, m.ID, m.Version, h); err != nil {
			return m, err
		}
	}
	return m, nil
}

// record writes and signs the minutes of a closed meeting.
func (s *Service) record(ctx context.Context, m Meeting, minutes string) (Meeting, error) {
	there, err := listAttendance(ctx, s.Log.DB, &m)
	if err != nil {
		return m, err
	}
	if m, err = s.Minute(ctx, m.ID, m.Version, MeetingMinutes{Text: minutes, Chair: there[0].ID, Recorder: there[1].ID}, nil); err != nil {
		return m, err
	}
	return s.Step(ctx, m.ID, verbSign, m.Version, flow.Input{})
}

// Hold makes a meeting by its ordinary steps, from the notice to signed minutes, in which everybody present agrees to every item that
// decides (nobody, where against), and gives its votes in the order of the items; for the demo and tests of what rests on votes. As gives
// the context of whoever keeps it at an hour.
func (s *Service) Hold(area string, c MeetingContent, convened time.Time, against bool, minutes string,
	as func(at time.Time) (context.Context, error)) (m Meeting, votes []MeetingVote, err error) {
	ctx, err := as(convened)
	if err != nil {
		return m, nil, err
	}
	if m, err = s.Write(ctx, "", area, 0, c); err == nil {
		m, err = s.Step(ctx, m.ID, verbConvene, m.Version, flow.Input{})
	}
	if err != nil {
		return m, nil, err
	}
	if ctx, err = as(clock.Instant(m.StartsAt)); err != nil {
		return m, nil, err
	}
	m, err = s.sit(ctx, m, func(present int) Hands {
		if against {
			return Hands{No: present}
		}
		return Hands{Yes: present}
	})
	if err != nil {
		return m, nil, err
	}
	if ctx, err = as(clock.Instant(m.StartsAt).Add(demoLasts)); err != nil {
		return m, nil, err
	}
	if m, err = s.Step(ctx, m.ID, verbClose, m.Version, flow.Input{}); err == nil {
		m, err = s.record(ctx, m, minutes)
	}
	if err != nil {
		return m, nil, err
	}
	all, err := listVotes(ctx, s.Log.DB, &m)
	return m, current(all), err
}

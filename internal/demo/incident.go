package demo

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"linli/internal/casework"
	"linli/internal/grid"
	"linli/internal/people"
	"linli/internal/platform/authority"
	"linli/internal/platform/flow"
	"linli/internal/platform/geo"
	"linli/internal/registry"
)

const (
	streetDigits = 9
	countyDigits = 6
)

// walkIncident is 事件: report, establish, dispatch, handle, feed back, verify, close, rate.
func (s *story) walkIncident() error {
	category, _ := s.Grid.Category(s.subject)
	staff := s.staff[s.community.Code]
	told, err := s.report(&category, staff)
	if err != nil {
		return err
	}
	if err := s.tellTwin(staff); err != nil {
		return err
	}
	if chance(s.dice, 4) {
		if err := s.step(staff.dispatcher, s.end(0.1, 0.8), "dismiss", flow.Input{Note: pick(s.dice, dismissals)}); err != nil {
			return err
		}
		return s.judge(told)
	}
	if err := s.step(staff.dispatcher, s.end(0.05, 0.7), "establish", flow.Input{Note: "现场核实属实，予以立案。"}); err != nil {
		return err
	}
	unit, handler := s.handler(&category, staff)
	if err := s.step(staff.dispatcher, s.end(0.05, 0.7), "dispatch", flow.Input{Unit: unit, Note: "请按时限处理并反馈。"}); err != nil {
		return err
	}
	if category.Department != registry.BodyStation && chance(s.dice, objected) {
		if err := s.objectOnce(handler, staff.dispatcher, "dispatch"); err != nil {
			return err
		}
	}
	if s.meets("put aside", putAside) {
		if err := s.wait(staff.dispatcher, pooled); err != nil {
			return err
		}
	}
	if err := s.handle(&category, staff, handler); err != nil {
		return err
	}
	if err := s.step(staff.dispatcher, s.end(0.05, 0.7), "close", flow.Input{Note: "符合结案条件，予以结案。"}); err != nil {
		return err
	}
	return s.judge(told)
}

// handle is the work, its feedback and the verification by somebody else, twice where the first
// work was not good enough.
func (s *story) handle(category *grid.Category, staff *community, handler *authority.Actor) error {
	verifier := staff.grid
	if handler == staff.grid {
		verifier = staff.dispatcher
	}
	again := chance(s.dice, 6)
	for {
		if err := s.step(handler, s.amid(0.05, 0.4), "handle", flow.Input{Note: "已安排人员到场处理。"}); err != nil {
			return err
		}
		when := s.end(0.2, 0.85)
		files, err := s.photo(handler, when)
		if err != nil {
			return err
		}
		if err := s.step(handler, when, "feed_back", flow.Input{Note: feedback(s.dice, category), Files: files}); err != nil {
			return err
		}
		if !again {
			return s.step(verifier, s.end(0.05, 0.75), "verify",
				flow.Input{Note: "经现场核查，" + strings.TrimSuffix(category.Closing.Zh, "。") + "，与反馈一致。"})
		}
		again = false
		if err := s.step(verifier, s.amid(0.05, 0.75), "rework", flow.Input{Note: pick(s.dice, reworks)}); err != nil {
			return err
		}
	}
}

// handler is the body that the category is routed to and who works there.
func (s *story) handler(category *grid.Category, staff *community) (unit string, by *authority.Actor) {
	key := bodyKey{s.community.Code, registry.BodyStation, ""}
	if category.Department == registry.BodyStation {
		s.head = staff.dispatcher
		return s.bodies[key].ID, staff.grid
	}
	key = bodyKey{s.community.Code[:countyDigits], registry.BodyDepartment, category.Department}
	if category.Level == registry.LevelStreet {
		key.area = s.community.Code[:streetDigits]
	}
	s.head = s.duty[key].head
	return s.bodies[key].ID, s.duty[key].clerk
}

// judge lets a resident who left a name rate; what a worker found has nobody to rate it.
func (s *story) judge(told bool) error {
	if err := s.judgeTwin(); err != nil && !errors.Is(err, errPresent) {
		return err
	}
	if !told {
		return nil
	}
	return s.rate()
}

// report is the first step; told when a resident is behind it who will hear of the outcome.
func (s *story) report(category *grid.Category, staff *community) (told bool, err error) {
	area, place := s.place()
	if s.near != nil {
		area, place = s.near.Area, s.near.Place
	}
	in := grid.Incident{Category: category.Code, Area: area, Place: place, Intake: casework.Intake{Channel: s.channel},
		Description: description(s.dice, category, place.Text)}
	by := staff.grid
	switch s.channel {
	case casework.ChannelPortal:
		by, told = authority.Nobody(), !chance(s.dice, 12)
	case casework.ChannelWindow:
		by, told = staff.window, true
	}
	if told {
		p := inventPerson(s.dice, s.community.Code[:countyDigits], shortName(s.community), s.at, 20, 76)
		in.Reporter = people.Person{Name: p.name, Phone: p.phone}
	}
	if s.joins {
		in.Main = s.near.Number
	}
	if in.Files, err = s.photo(by, s.at); err != nil {
		return told, err
	}
	return told, s.opened(s.Grid.Report(s.as(by, s.at), in))
}

// place is somewhere in a grid of the community: in words, and as a point inside where the
// grid's outline is known.
func (s *story) place() (area string, p casework.Location) {
	grid := pick(s.dice, s.Registry.Children(s.community.Code))
	p.Text = fmt.Sprintf("%s%s%d号%s", shortName(s.community), pick(s.dice, roads), 1+s.dice.IntN(260), pick(s.dice, spots))
	if outline, err := s.Registry.Outline(s.ctx, grid.Code); err == nil {
		if point, ok := s.pointIn(grid.Code, outline.Shape); ok {
			p.Lng, p.Lat = &point.Lng, &point.Lat
		}
	}
	return grid.Code, p
}

// pointIn draws a point that the register finds in the grid; false in a grid too thin to hit.
func (s *story) pointIn(grid string, shape geo.Shape) (geo.Point, bool) {
	box := shape.Box()
	for range 24 {
		p := geo.Point{Lng: box.MinLng + s.dice.Float64()*(box.MaxLng-box.MinLng), Lat: box.MinLat + s.dice.Float64()*(box.MaxLat-box.MinLat)}
		if shape.Contains(p.Lng, p.Lat) && s.foundIn(grid, p) {
			return p, true
		}
	}
	p := shape.LabelPoint()
	return p, s.foundIn(grid, p)
}

func (s *story) foundIn(grid string, p geo.Point) bool {
	a, ok := s.Registry.Locate(p.Lng, p.Lat)
	return ok && a.Code == grid
}

// photo stages a picture for a step of the few incidents that have some.
func (s *story) photo(by *authority.Actor, when time.Time) ([]string, error) {
	if !s.pictured || !when.Before(s.Now) {
		return nil, nil
	}
	f, err := s.Files.UploadKept(s.as(by, when), "现场照片.jpg", pick(s.dice, s.photos))
	return []string{f.ID}, err
}

package demo

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"linli/internal/casework"
	"linli/internal/hall"
	"linli/internal/people"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/flow"
	"linli/internal/platform/form"
	"linli/internal/registry"
)

// walkApplication is 服务申请: submit, accept, review, decide, deliver, rate, and the ways off it.
func (s *story) walkApplication() error {
	item, _ := s.Hall.Item(s.subject)
	staff := s.staff[s.community.Code]
	if err := s.submit(&item, staff); err != nil {
		return err
	}
	if chance(s.dice, 12) {
		if gone, err := s.complete(&item, staff); gone || err != nil {
			return err
		}
	}
	switch {
	case chance(s.dice, 2):
		when := s.end(0.1, 0.6)
		silent, err := s.silent(when)
		if silent && err == nil {
			return s.decide(&item, staff)
		}
		if err != nil {
			return err
		}
		if err := s.step(staff.window, when, "refuse", flow.Input{Note: pick(s.dice, refusals)}); err != nil {
			return err
		}
		return s.rate()
	case chance(s.dice, 1.5):
		return s.withdraw()
	}
	soonest, latest := 0.02, 0.5
	if s.channel == casework.ChannelWindow { // on the spot
		soonest, latest = 0.003, 0.03
	}
	when := s.end(soonest, latest)
	silent, err := s.silent(when)
	if err == nil && !silent {
		err = s.step(staff.window, when, "accept", flow.Input{Note: acceptance})
	}
	if err != nil {
		return err
	}
	if chance(s.dice, 1) {
		return s.withdraw()
	}
	return s.decide(&item, staff)
}

// silent lets the law accept an application that the window would only turn to when its days are
// over, and tells whether it did.
func (s *story) silent(when time.Time) (bool, error) {
	due := s.c.Clock.LawDue
	if due == nil || clock.Millis(when) <= *due {
		return false, nil
	}
	moment := clock.Instant(*due).Add(time.Minute)
	return true, s.step(authority.SystemActor("hall.deem"), moment, "deem_accepted", flow.Input{})
}

// decide is the work of the department that the item is routed to, or of the station.
func (s *story) decide(item *hall.Item, staff *community) error {
	reviewer, decider := staff.window, staff.dispatcher
	s.head = decider
	if item.Department != registry.BodyStation {
		area := s.community.Code[:countyDigits]
		if item.Level == registry.LevelStreet {
			area = s.community.Code[:streetDigits]
		}
		d := s.duty[bodyKey{area, registry.BodyDepartment, item.Department}]
		reviewer, decider = d.clerk, d.head
		s.head = decider
		if chance(s.dice, objected) {
			if err := s.objectOnce(reviewer, staff.window, "redirect"); err != nil {
				return err
			}
		}
		if chance(s.dice, helped) {
			if err := s.helpOnce(item, reviewer); err != nil {
				return err
			}
		}
	}
	if s.meets("extended", extended) {
		if err := s.extend(decider); err != nil {
			return err
		}
	}
	if s.meets("put aside", putAside) {
		if err := s.wait(reviewer, asides); err != nil {
			return err
		}
	}
	opinion, verdict, words := "pass", flow.Verb("approve"), pick(s.dice, approvals)
	if chance(s.dice, 6) {
		opinion, verdict, words = "fail", "deny", pick(s.dice, denials)
	}
	if err := s.step(reviewer, s.amid(0.1, 0.6), "review", flow.Input{Choice: opinion, Note: pick(s.dice, reviews[opinion])}); err != nil {
		return err
	}
	if err := s.step(decider, s.end(0.1, 0.85), verdict, flow.Input{Note: words}); err != nil {
		return err
	}
	if err := s.step(staff.window, s.end(0.02, 0.5), "deliver", flow.Input{Note: pick(s.dice, deliveries)}); err != nil {
		return err
	}
	return s.rate()
}

func (s *story) withdraw() error {
	return s.answer(s.leisure(2), casework.MoveInput{Verb: "withdraw", Input: flow.Input{Note: pick(s.dice, withdrawals)}})
}

// complete sends the application back once with all that is missing; gone when the applicant
// does not bring it.
func (s *story) complete(item *hall.Item, staff *community) (gone bool, err error) {
	var lines []string
	for _, m := range item.Materials {
		if m.Required && len(lines) < 1+s.dice.IntN(2) {
			lines = append(lines, "请补交："+m.Name.Zh)
		}
	}
	if len(lines) == 0 {
		lines = []string{"请补充填写联系方式和服务时间"}
	}
	if err := s.step(staff.window, s.amid(0.05, 0.5), "return", flow.Input{Lines: lines, Note: "材料不齐，现一次性告知需要补正的全部内容。"}); err != nil {
		return true, err
	}
	switch x := s.dice.IntN(100); {
	case x < 86:
		return false, s.answer(s.leisure(6), casework.MoveInput{Verb: "resubmit", Input: flow.Input{Note: "材料已补齐。"}})
	case x < 95:
		return true, s.withdraw()
	}
	return true, nil
}

// ages are those at which an item is applied for.
var ages = map[string][2]int{"old_age_allowance": {80, 96}, "senior_card": {60, 74},
	"pension_enrolment": {18, 58}, "residence_permit": {19, 50},
	"volunteer_digital_help": {60, 82}, "volunteer_home_visit": {65, 90}, "home_care": {62, 90}, "unemployment_registration": {20, 56}}

// submit is the applicant's step in the portal, or the window worker's for somebody who came.
func (s *story) submit(item *hall.Item, staff *community) error {
	age, ok := ages[item.Code]
	if !ok {
		age = [2]int{24, 78}
	}
	p := inventPerson(s.dice, s.community.Code[:countyDigits], shortName(s.community), s.at, age[0], age[1])
	by := authority.Nobody()
	if s.channel == casework.ChannelWindow {
		by = staff.window
	}
	answers := form.Answers{}
	for _, q := range item.Form {
		if q.Required || chance(s.dice, 50) {
			answers[q.Key] = form.One(s.reply(s.dice, q, p))
		}
	}
	return s.opened(s.Hall.Submit(s.as(by, s.at), hall.Application{
		Item: item.Code, Area: s.community.Code, Intake: casework.Intake{Channel: s.channel}, Answers: answers,
		Applicant: people.Person{Name: p.name, Phone: p.phone, Number: p.number, Address: p.address},
	}))
}

// reply answers a question so that it fits its kind and, where it can, the applicant.
func (s *story) reply(r *rand.Rand, q form.Field, p person) string {
	switch q.Kind {
	case form.Choice:
		return pick(r, q.Options).Value
	case form.Number:
		return strconv.Itoa(amount(r, q))
	case form.Date:
		return s.date(r, q.Key, p).Format(time.DateOnly)
	case form.Phone:
		return inventMobile(r)
	case form.IDNumber:
		return p.number
	}
	words := "无"
	switch {
	case replies[q.Key] != nil:
		words = pick(r, replies[q.Key])
	case strings.HasSuffix(q.Key, "account"):
		words = fmt.Sprintf("6200000000%09d", r.IntN(1e9)) // no bank's
	case strings.HasSuffix(q.Key, "card"):
		words = p.number + strconv.Itoa(10+r.IntN(70))
	case strings.HasSuffix(q.Key, "name"):
		words = p.name
	case strings.HasSuffix(q.Key, "address"):
		words = p.address
	}
	if limit := q.Max; limit > 0 && len([]rune(words)) > limit {
		words = string([]rune(words)[:limit])
	}
	return words
}

// amount is a plausible number within the bounds of its question.
func amount(r *rand.Rand, q form.Field) int {
	switch {
	case strings.HasSuffix(q.Key, "income"):
		return min(q.Min+300+100*r.IntN(25), q.Max)
	case q.Min >= 100:
		return min(q.Min*(1+r.IntN(10)), q.Max)
	}
	return q.Min + r.IntN(min(q.Max-q.Min, 5))
}

func (s *story) date(r *rand.Rand, key string, p person) time.Time {
	switch key {
	case "birth_date":
		return p.birth
	case "day":
		return s.at.AddDate(0, 0, 2+r.IntN(14))
	}
	return s.at.AddDate(0, -1-r.IntN(18), -r.IntN(28))
}

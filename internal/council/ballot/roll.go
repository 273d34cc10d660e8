package ballot

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"linli/internal/council/bundle"
	"linli/internal/people"
	"linli/internal/platform/audit"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/fold"
	"linli/internal/platform/idcode"
)

// Grounds on which somebody is registered. Those of the two laws differ; a meeting's are its members.
const (
	BasisHukou    = "hukou"    // 户籍在本社区（村）
	BasisResident = "resident" // without hukou here: lives here
	BasisWorker   = "worker"   // without hukou here: works for the community (6 months), or on the village's affairs (1 year)
	BasisAway     = "away"     // villages: hukou here, lives elsewhere, declares to take part
	BasisMember   = "member"   // representative or member of a body
)

// Bases lists the grounds.
var Bases = []string{BasisHukou, BasisResident, BasisWorker, BasisAway, BasisMember}

// maxRoll bounds a roll.
const maxRoll = 20000

// Entrant is somebody to be registered.
type Entrant struct {
	Person string `json:"person" minLength:"1" maxLength:"64" doc:"Id on the roster of residents"`
	Basis  string `json:"basis" enum:"hukou,resident,worker,away,member"`
}

// line is a row of the roll.
type line struct {
	Number    int
	Person    string
	Household string
	Basis     string
	Commit    string
	Since     int
	Until     int
}

func scanLine(r db.Scanner) (l line, err error) {
	return l, r.Scan(&l.Number, &l.Person, &l.Household, &l.Basis, &l.Commit, &l.Since, &l.Until)
}

const lineColumns = `number, person_id, household_id, basis, commit_hash, since, until`

// lines are all rows of a roll, those that were removed too.
func lines(ctx context.Context, r db.Reader, p *Poll) ([]line, error) {
	return db.All(ctx, r, scanLine, `SELECT `+lineColumns+` FROM council_roll WHERE shard = $1 AND poll_id = $2 ORDER BY number`, p.shard, p.ID)
}

// stood tells whether a line stood on a version of the roll.
func (l *line) stood(version int) bool {
	return l.Since <= version && (l.Until == 0 || l.Until > version)
}

// entitled counts the roll as it stands.
func entitled(ctx context.Context, r db.Reader, p *Poll) (int, error) {
	return db.Value[int](ctx, r, `SELECT COUNT(*) FROM council_roll WHERE shard = $1 AND poll_id = $2 AND until = 0`, p.shard, p.ID)
}

// code is what a voter card bears: the county and sixteen characters. Only the holder of the root key can make it, and it is not kept.
func (s *Service) code(p *Poll, number int) string {
	sum := s.Ring.Digest("council voter card", fmt.Sprint(p.ID, " ", number))
	return p.shard + strings.ToLower(base32.StdEncoding.EncodeToString(sum[:10]))
}

// hash is SHA-256 in hexadecimal.
func hash(text string) string {
	h := sha256.Sum256([]byte(text))
	return hex.EncodeToString(h[:])
}

// voter is the poll and line that a voter card's code opens. Error: NotFound "council.card".
func (s *Service) voter(ctx context.Context, r db.Reader, code string) (p Poll, l line, err error) {
	code = strings.ToLower(fold.Compact(code))
	if len(code) != 22 {
		return p, l, errs.New(errs.NotFound, "council.card")
	}
	var poll string
	l, err = db.One(ctx, r, func(row db.Scanner) (l line, err error) {
		return l, row.Scan(&l.Number, &l.Person, &l.Household, &l.Basis, &l.Commit, &l.Since, &l.Until, &poll)
	}, `SELECT `+lineColumns+`, poll_id FROM council_roll WHERE shard = $1 AND commit_hash = $2`, code[:6], hash(code))
	if db.IsNone(err) {
		err = errs.New(errs.NotFound, "council.card")
	}
	if err == nil {
		p, err = Find(ctx, r, poll)
	}
	return p, l, err
}

// Filled is what registering everybody came to.
type Filled struct {
	Added   int `json:"added"`
	Young   int `json:"young" doc:"Below 18 on the polling day"`
	Unknown int `json:"unknown" doc:"Without an identity number: age to be told by hand"`
}

// adult tells whether somebody is 18 on a day; known is false where no identity number tells the birth.
func adult(p *people.Person, day string) (old, known bool) {
	r, err := idcode.ParseResident(p.Number, day)
	if err != nil {
		return false, false
	}
	birth, err := time.Parse(time.DateOnly, r.Birth)
	if err != nil {
		return false, false
	}
	return birth.AddDate(18, 0, 0).Format(time.DateOnly) <= day, true
}

// Fill registers everybody on the community's roster who is 18 on the polling day and not yet registered; of each household one, where
// households vote. The caller judges authority and records.
func (s *Service) Fill(ctx context.Context, tx *audit.Tx, p *Poll) (f Filled, err error) {
	if err := p.in(Draft); err != nil {
		return f, err
	}
	roster, err := s.People.RosterOf(ctx, tx, p.Area, maxRoll)
	if err != nil {
		return f, err
	}
	have, err := lines(ctx, tx, p)
	if err != nil {
		return f, err
	}
	taken := map[string]bool{}
	next := 1
	for _, l := range have {
		taken[l.Person], next = true, max(next, l.Number+1)
		if p.Mode == bundle.Households {
			taken[l.Household] = true
		}
	}
	fresh := []line{}
	for i := range roster {
		r := &roster[i]
		if r.State != people.Active || taken[r.ID] {
			continue
		}
		old, known := adult(&r.Person, p.Day)
		switch {
		case !known:
			f.Unknown++
		case !old:
			f.Young++
		case p.Mode == bundle.Households && (r.Household == "" || taken[r.Household]):
		default:
			taken[r.Household] = p.Mode == bundle.Households
			fresh = append(fresh, line{Number: next, Person: r.ID, Household: r.Household, Basis: BasisHukou})
			next++
		}
	}
	f.Added = len(fresh)
	return f, s.insertLines(ctx, tx, p, fresh)
}

func (s *Service) insertLines(ctx context.Context, tx *audit.Tx, p *Poll, fresh []line) error {
	for i := range fresh {
		l := &fresh[i]
		l.Since, l.Commit = p.Roll, hash(s.code(p, l.Number))
		if err := tx.Send(ctx, `INSERT INTO council_roll (shard, poll_id, `+lineColumns+`) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9)`,
			p.shard, p.ID, l.Number, l.Person, l.Household, l.Basis, l.Commit, l.Since, l.Until); err != nil {
			return err
		}
	}
	return nil
}

// Change adds and removes persons. Once the roll is posted it needs a reason, and the changed roll is posted anew; after polling nothing
// changes. Errors: Conflict; Invalid by field; NotFound for a person outside the community's roster. The caller judges authority and
// records.
func (s *Service) Change(ctx context.Context, tx *audit.Tx, p *Poll, add []Entrant, remove []int, reason string) error {
	if err := p.in(Draft, Posted, Open); err != nil {
		return err
	}
	reason = fold.Line(reason)
	if p.State != Draft && (reason == "" || !fold.Within(reason, 200)) {
		return errs.ErrInvalid.At("reason", "field.required").By("council.roll.reason")
	}
	all, err := lines(ctx, tx, p)
	if err != nil {
		return err
	}
	if p.State != Draft {
		p.Roll++
	}
	if err := s.remove(ctx, tx, p, all, remove); err != nil {
		return err
	}
	fresh, err := s.entrants(ctx, tx, p, all, add, remove)
	if err != nil {
		return err
	}
	if err := s.insertLines(ctx, tx, p, fresh); err != nil || p.State == Draft {
		return err
	}
	if all, err = lines(ctx, tx, p); err != nil {
		return err
	}
	standing := Lines(all, p.Roll)
	c := bundle.Change{Version: p.Roll, Reason: reason, Posted: clock.Day(tx.Now), Added: []bundle.Line{}, Removed: append([]int{}, remove...),
		Count: len(standing), Digest: bundle.Digest(standing)}
	for _, l := range fresh {
		c.Added = append(c.Added, bundle.Line{No: l.Number, Commit: l.Commit})
	}
	return s.append(ctx, tx, p, bundle.KindChange, c)
}

// Lines are the lines of a version of a roll as the bundle has them.
func Lines(all []line, version int) []bundle.Line {
	out := []bundle.Line{}
	for _, l := range all {
		if l.stood(version) {
			out = append(out, bundle.Line{No: l.Number, Commit: l.Commit})
		}
	}
	return out
}

func (s *Service) remove(ctx context.Context, tx *audit.Tx, p *Poll, all []line, numbers []int) error {
	marks, err := markOf(ctx, tx, p, numbers)
	if err != nil {
		return err
	}
	for i, n := range numbers {
		at := fmt.Sprintf("remove[%d]", i)
		switch {
		case !standing(all, n):
			return errs.ErrInvalid.At(at, "council.roll.none")
		case marks[n] != "":
			return errTwice
		}
		query := `UPDATE council_roll SET until = $4 WHERE shard = $1 AND poll_id = $2 AND number = $3 AND until = 0`
		args := []any{p.shard, p.ID, n, p.Roll}
		if p.State == Draft {
			query, args = `DELETE FROM council_roll WHERE shard = $1 AND poll_id = $2 AND number = $3`, args[:3]
		}
		if _, err := tx.Exec(ctx, query, args...); err != nil {
			return err
		}
	}
	return nil
}

func standing(all []line, number int) bool {
	for _, l := range all {
		if l.Number == number {
			return l.Until == 0
		}
	}
	return false
}

// entrants are the lines of who is added.
func (s *Service) entrants(ctx context.Context, tx *audit.Tx, p *Poll, all []line, add []Entrant, removed []int) ([]line, error) {
	taken, next := map[string]bool{}, 1
	for _, l := range all {
		next = max(next, l.Number+1)
		if l.Until == 0 && !slices.Contains(removed, l.Number) {
			taken[l.Person] = true
			taken[l.Household] = p.Mode == bundle.Households && l.Household != ""
		}
	}
	out := []line{}
	for i, e := range add {
		at := fmt.Sprintf("add[%d].person", i)
		r, err := s.People.FindRecord(ctx, tx, e.Person)
		old, known := adult(&r.Person, p.Day)
		switch {
		case db.IsNone(err) || err == nil && (!r.Roster || r.State != people.Active || people.Community(r.Area) != p.Area):
			return nil, errs.ErrInvalid.At(at, "council.roll.person")
		case err != nil:
			return nil, err
		case known && !old:
			return nil, errs.ErrInvalid.At(at, "council.roll.young").By("council." + p.Kind + ".voter.age")
		case taken[r.ID]:
			return nil, errs.ErrInvalid.At(at, "council.roll.twice")
		case p.Mode == bundle.Households && taken[r.Household]:
			return nil, errs.ErrInvalid.At(at, "council.roll.household")
		}
		taken[r.ID] = true
		taken[r.Household] = p.Mode == bundle.Households && r.Household != ""
		out = append(out, line{Number: next, Person: r.ID, Household: r.Household, Basis: e.Basis})
		next++
	}
	return out, nil
}

// Post makes the roll public and freezes it. Polling may open only after the law's days of posting: errors Conflict "council.roll.late"
// with the first possible day, Conflict "council.roll.empty". The caller judges authority and records.
func (s *Service) Post(ctx context.Context, tx *audit.Tx, p *Poll) error {
	if err := p.in(Draft); err != nil {
		return err
	}
	all, err := lines(ctx, tx, p)
	if err != nil {
		return err
	}
	if len(all) == 0 {
		return errs.New(errs.Conflict, "council.roll.empty")
	}
	p.Posted = clock.Day(tx.Now)
	days, key := 0, ""
	if p.Matter == "election" {
		days, key = figure(&p.Poll, "list.posted")
	}
	p.Least = clock.Day(tx.Now.In(clock.City).AddDate(0, 0, days))
	if p.Day < p.Least {
		return errs.New(errs.Conflict, "council.roll.late").With("days", days, "least", p.Least).By(key)
	}
	if err := s.append(ctx, tx, p, bundle.KindPoll, p.Poll); err != nil {
		return err
	}
	p.State, p.Roll = Posted, 1
	return s.append(ctx, tx, p, bundle.KindRoll, bundle.Roll{Posted: p.Posted, Lines: Lines(all, 0)})
}

// RollRow is a line of the roll for those who run the poll, and for the print that is posted.
type RollRow struct {
	Number int    `json:"number"`
	Name   string `json:"name"`
	Basis  string `json:"basis"`
	Way    string `json:"way" doc:"online or paper once a ballot was given; empty before"`
	Agent  int    `json:"agent" doc:"Number of who votes for the person, 0 for nobody"`
	Code   string `json:"code,omitempty" doc:"Of the voter card, where it was asked for"`
	Sex    string `json:"sex"`
}

// names are the persons of a roll, opened.
func (s *Service) names(ctx context.Context, r db.Reader, p *Poll, all []line) (map[string]people.Person, error) {
	roster, err := s.People.RosterOf(ctx, r, p.Area, maxRoll)
	if err != nil {
		return nil, err
	}
	out := map[string]people.Person{}
	for i := range roster {
		out[roster[i].ID] = roster[i].Person
	}
	for _, l := range all {
		if _, there := out[l.Person]; !there { // moved away since
			if out[l.Person], err = s.People.Find(ctx, r, l.Person); err != nil && !db.IsNone(err) {
				return nil, err
			}
		}
	}
	return out, nil
}

// Rows is a version of the roll with names; 0 is the one that stands. Codes are given while the cards are handed out.
func (s *Service) Rows(ctx context.Context, r db.Reader, p *Poll, version int, codes bool) ([]RollRow, error) {
	if version == 0 {
		version = p.Roll
	}
	all, err := lines(ctx, r, p)
	if err != nil {
		return nil, err
	}
	names, err := s.names(ctx, r, p, all)
	if err != nil {
		return nil, err
	}
	ways, err := listMarks(ctx, r, p)
	if err != nil {
		return nil, err
	}
	proxies, err := s.Proxies(ctx, r, p)
	if err != nil {
		return nil, err
	}
	agents := map[int]int{}
	for _, x := range proxies {
		agents[x.Principal] = x.Agent
	}
	out := []RollRow{}
	for _, l := range all {
		if !l.stood(version) {
			continue
		}
		person := names[l.Person]
		row := RollRow{Number: l.Number, Name: person.Name, Basis: l.Basis, Way: ways[l.Number].Way, Agent: agents[l.Number]}
		if id, err := idcode.ParseResident(person.Number, p.Day); err == nil {
			row.Sex = string(id.Sex)
		}
		if codes && l.Until == 0 {
			row.Code = s.code(p, l.Number)
		}
		out = append(out, row)
	}
	return out, nil
}

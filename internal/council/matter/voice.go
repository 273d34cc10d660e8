package matter

import (
	"context"
	"strings"

	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
	"linli/internal/platform/fold"
	"linli/internal/platform/idcode"
	"linli/internal/platform/limit"
	"linli/internal/registry"
)

// Person is somebody who supports a proposal or appraises a result on paper. Without a telephone number, name and address tell them apart.
// Nothing of it is kept but a keyed digest.
type Person struct {
	Name    string `json:"name" maxLength:"60"`
	Phone   string `json:"phone,omitempty" maxLength:"40"`
	Address string `json:"address,omitempty" maxLength:"200"`
	Grade   string `json:"grade,omitempty" enum:",satisfied,fair,dissatisfied" doc:"Of an appraisal"`
}

var (
	errTwice = errs.New(errs.Conflict, "council.matter.twice") // each person once
	errState = errs.New(errs.Conflict, "council.matter.state") // not in this state
)

// phoneMark is the keyed digest by which a telephone number is known, whatever the matter: so it can be erased.
func (s *Service) phoneMark(phone string) string { return s.Ring.Index("council matter phone", phone) }

// mark is the keyed digest of a person on paper. Error: Invalid by field.
func (s *Service) mark(p *Person) (string, error) {
	name, address := registry.FoldName(fold.Line(p.Name)), fold.Compact(fold.Words(p.Address))
	if name == "" {
		return "", errs.ErrInvalid.At("name", "field.required")
	}
	if p.Phone != "" {
		phone, err := idcode.ParsePhone(p.Phone)
		if err != nil {
			return "", errs.ErrInvalid.At("phone", "field.phone")
		}
		return s.phoneMark(phone.Number), nil
	}
	if address == "" {
		return "", errs.ErrInvalid.At("address", "council.matter.phone_or_address")
	}
	return s.Ring.Index("council matter paper", name+" "+address), nil
}

// system takes a verb for the platform itself, within the write under way.
func (s *Service) system(ctx context.Context, tx *audit.Tx, m *Matter, verb flow.Verb, words string) error {
	t, err := lifecycle.Take(m, verb, authority.SystemActor(subject))
	if err != nil {
		return err
	}
	return s.take(ctx, tx, m, t, verb, Sent{Note: words})
}

// supported counts a supporter, and lets the proposal go on once there are enough.
func (s *Service) supported(ctx context.Context, tx *audit.Tx, m *Matter, mark, way string) error {
	again, err := marked(ctx, tx, m, "council_support", mark)
	if err != nil {
		return err
	}
	if again {
		return errTwice
	}
	if _, err := tx.Exec(ctx, `INSERT INTO council_support (shard, matter_id, mark, way, at) VALUES ($1,$2,$3,$4,$5)`, m.Shard, m.ID, mark, way,
		clock.Millis(tx.Now)); err != nil {
		return err
	}
	m.Supporters++
	return nil
}

// settled keeps the count of supporters, and lets the proposal go on once there are enough.
func (s *Service) settled(ctx context.Context, tx *audit.Tx, m *Matter) error {
	tx.Record(audit.Entry{Action: permRaise, Area: m.Area, Subject: subject, SubjectID: m.ID,
		Detail: map[string]any{"verb": verbSupport, "supporters": m.Supporters}})
	if m.Supporters >= m.Needed {
		return s.system(ctx, tx, m, verbQualify, "")
	}
	return update(ctx, tx, m)
}

// Support supports a proposal on the portal, by a proven telephone number. Errors: NotFound; Conflict "council.matter.twice", or in another
// state; TooMany.
func (s *Service) Support(ctx context.Context, id, phone string) error {
	return s.spoken(ctx, id, func(tx *audit.Tx, m *Matter) error {
		if m.State != stateGathering {
			return errState
		}
		if err := s.supported(ctx, tx, m, s.phoneMark(phone), online); err != nil {
			return err
		}
		return s.settled(ctx, tx, m)
	})
}

// spoken lets a visitor of the portal write, within the budget of their address.
func (s *Service) spoken(ctx context.Context, id string, do func(*audit.Tx, *Matter) error) error {
	if err := s.Limits.Take(ctx, limit.MatterVoice, limit.Address(ctx)); err != nil {
		return err
	}
	return s.Log.Do(ctx, func(tx *audit.Tx) error {
		tx.Judged() // everybody may
		m, err := find(ctx, tx, id)
		if err == nil {
			err = s.loaded(ctx, tx, &m, tx.Now)
		}
		if err != nil {
			return err
		}
		return do(tx, &m)
	})
}

// Enter enters people of a list on paper, as supporters (verb support) or with their grades (verb appraise); all or none. Errors: those of
// flow.Judge; Invalid; Conflict "council.matter.twice" for one who is counted.
func (s *Service) Enter(ctx context.Context, id string, verb flow.Verb, version int64, people []Person) error {
	return s.Log.Do(ctx, func(tx *audit.Tx) error {
		m, _, err := s.judged(ctx, tx, id, verb, version)
		if err != nil {
			return err
		}
		for i := range people {
			mark, err := s.mark(&people[i])
			if err == nil && verb == verbAppraise {
				err = s.graded(ctx, tx, &m, mark, people[i].Grade, paper)
			} else if err == nil {
				err = s.supported(ctx, tx, &m, mark, paper)
			}
			if err != nil {
				return nth(err, i)
			}
		}
		if verb == verbSupport {
			if err := s.event(ctx, tx, &m, verb, itoa(len(people))); err != nil {
				return err
			}
			return s.settled(ctx, tx, &m)
		}
		return s.keep(ctx, tx, &m, verb, itoa(len(people)), m.trace())
	})
}

// nth says of which row of a list a refusal speaks.
func nth(err error, i int) error {
	e := errs.Of(err)
	if e.Kind == errs.Invalid && len(e.Fields) > 0 {
		return errs.ErrInvalid.At("people["+itoa(i)+"]."+e.Fields[0].Location, e.Fields[0].Key)
	}
	if e.Key == errTwice.Key {
		return errs.New(errs.Conflict, "council.matter.twice_row").With("row", i+1)
	}
	return err
}

// graded counts an appraisal, each person once.
func (s *Service) graded(ctx context.Context, tx *audit.Tx, m *Matter, mark, grade, way string) error {
	b := bounds{errs.ErrInvalid}
	if b.choice("grade", grade, grades...); b.err() != nil {
		return b.err()
	}
	again, err := marked(ctx, tx, m, "council_grade", mark)
	if err != nil {
		return err
	}
	if again {
		return errTwice
	}
	if m.Record.Grades == nil {
		m.Record.Grades = map[string]int{}
	}
	m.Record.Grades[grade]++
	_, err = tx.Exec(ctx, `INSERT INTO council_grade (shard, matter_id, mark, grade, way, at) VALUES ($1,$2,$3,$4,$5,$6)`, m.Shard, m.ID, mark,
		grade, way, clock.Millis(tx.Now))
	return err
}

// Appraise grades a result on the portal, by a proven telephone number. Errors: NotFound; Conflict "council.matter.twice", or once the days
// are over; Invalid; TooMany.
func (s *Service) Appraise(ctx context.Context, id, phone, grade string) error {
	return s.spoken(ctx, id, func(tx *audit.Tx, m *Matter) error {
		if m.State != stateDisclosed || m.appraised {
			return errState
		}
		if err := s.graded(ctx, tx, m, s.phoneMark(phone), grade, online); err != nil {
			return err
		}
		tx.Record(audit.Entry{Action: permRaise, Area: m.Area, Subject: subject, SubjectID: m.ID, Detail: map[string]any{"verb": verbAppraise}})
		return update(ctx, tx, m)
	})
}

// opinion is an opinion in the form in which it is kept. Error: Invalid.
func opinion(body string) (string, error) {
	body = strings.TrimSpace(strings.ReplaceAll(body, "\r\n", "\n"))
	b := bounds{errs.ErrInvalid}
	b.text("body", body, maxOpinion, true)
	return body, b.err()
}

func (s *Service) insertOpinion(ctx context.Context, tx *audit.Tx, m *Matter, body, way string) error {
	tx.Record(audit.Entry{Action: permRaise, Area: m.Area, Subject: subject, SubjectID: m.ID,
		Detail: map[string]any{"verb": verbOpinion, "way": way}})
	_, err := tx.Exec(ctx, `INSERT INTO council_opinion (shard, matter_id, id, way, body, at, withheld, withheld_by, withheld_at)
		VALUES ($1,$2,$3,$4,$5,$6,'','',0)`, m.Shard, m.ID, db.NewID(ctx), way, body, clock.Millis(tx.Now))
	return err
}

// Tell gives an opinion on the portal. Errors: NotFound; Conflict once the matter is decided; Invalid; TooMany.
func (s *Service) Tell(ctx context.Context, id, body string) error {
	body, err := opinion(body)
	if err != nil {
		return err
	}
	return s.spoken(ctx, id, func(tx *audit.Tx, m *Matter) error {
		if _, ok := lifecycle.Find(m.State, verbOpinion); !ok {
			return errState
		}
		return s.insertOpinion(ctx, tx, m, body, online)
	})
}

// Write enters an opinion that came on paper. Errors: those of flow.Judge but Stale; Invalid.
func (s *Service) Write(ctx context.Context, id, body string) error {
	body, err := opinion(body)
	if err != nil {
		return err
	}
	return s.Log.Do(ctx, func(tx *audit.Tx) error {
		m, err := find(ctx, tx, id)
		if err != nil {
			tx.Judged()
			return err
		}
		if m, _, err = s.judged(ctx, tx, id, verbOpinion, m.Version); err != nil {
			return err
		}
		return s.insertOpinion(ctx, tx, &m, body, paper)
	})
}

// Propose raises a proposal on the portal, by a proven telephone number; whoever raises it supports it. Errors: Invalid by field; TooMany.
func (s *Service) Propose(ctx context.Context, area, phone string, c Content) (Matter, error) {
	var m Matter
	if err := s.Limits.Take(ctx, limit.MatterVoice, limit.Address(ctx)); err != nil {
		return m, err
	}
	err := s.Log.Do(ctx, func(tx *audit.Tx) error {
		tx.Judged() // every resident may
		var err error
		if m, err = s.raise(ctx, tx, New{Area: area, Origin: FromResident, Content: c, owner: s.phoneMark(phone)}); err != nil {
			return err
		}
		if err := s.supported(ctx, tx, &m, s.phoneMark(phone), online); err != nil {
			return err
		}
		return s.settled(ctx, tx, &m)
	})
	return m, err
}

// Lapse ends proposals that have found too few supporters in time, and appraisals whose days are over.
func (s *Service) Lapse(ctx context.Context) error {
	now := clock.Millis(clock.Now(ctx))
	for state, verb := range map[flow.State]flow.Verb{stateGathering: verbLapse, stateDisclosed: verbConclude} {
		ids, err := db.All(ctx, s.Log.DB, func(row db.Scanner) (id string, err error) { return id, row.Scan(&id) },
			`SELECT id FROM council_matter WHERE state = $1 AND due > 0 AND due < $2 ORDER BY id LIMIT 1000`, string(state), now)
		if err != nil {
			return err
		}
		for _, id := range ids {
			err := s.Log.Do(ctx, func(tx *audit.Tx) error {
				tx.Judged()
				m, err := find(ctx, tx, id)
				if err != nil || m.State != state || m.Due >= now {
					return err
				}
				if err := s.loaded(ctx, tx, &m, tx.Now); err != nil {
					return err
				}
				return s.system(ctx, tx, &m, verb, "")
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

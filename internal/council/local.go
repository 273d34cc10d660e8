package council

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"linli/internal/platform/audit"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/fold"
	"linli/internal/threshold"
)

// Local is a value that the city sets from a day on.
type Local struct {
	Kind      string `json:"kind" doc:"residents or villagers; empty for the province"`
	Name      string `json:"name" doc:"Name of the number, or province"`
	ValidFrom string `json:"validFrom" doc:"First day, YYYY-MM-DD"`
	Value     string `json:"value" doc:"A number or a range such as 3-9; of province sichuan, hainan or empty"`
	Basis     string `json:"basis" doc:"Decision or rule of the city or province"`
	Article   string `json:"article"`
	Reason    string `json:"reason"`
	By        string `json:"by" doc:"Name of the account"`
	At        int64  `json:"at"`
}

// nameProvince is the row that names the province whose rules the city follows.
const nameProvince = "province"

// maxBasis and maxReason bound texts, in characters.
const (
	maxBasis  = 120
	maxReason = 500
)

var (
	numberShape = regexp.MustCompile(`^([1-9][0-9]{0,4})(-[1-9][0-9]{0,4})?$`)
	errLaw      = errs.New(errs.Conflict, "council.local.law")     // national law sets this number
	errUnknown  = errs.New(errs.Invalid, "council.local.unknown")  // no such number
	errPast     = errs.New(errs.Invalid, "council.local.past")     // a value holds from today at the earliest
	errProvince = errs.New(errs.Invalid, "council.local.province") // no rules of that province
)

// Province is the province whose rules the city follows on a day; "" for none.
func (s *Service) Province(ctx context.Context, r db.Reader, day string) (string, error) {
	v, err := s.local(ctx, r, "", nameProvince, day)
	return v.Value, err
}

// local is the city's value of a name on a day; the zero Local where it set none.
func (s *Service) local(ctx context.Context, r db.Reader, kind, name, day string) (Local, error) {
	v, err := db.One(ctx, r, scanLocal, `SELECT `+localColumns+` FROM council_local
		WHERE kind = $1 AND name = $2 AND valid_from <= $3 ORDER BY valid_from DESC LIMIT 1`, kind, name, day)
	if db.IsNone(err) {
		return Local{}, nil
	}
	return v, err
}

const localColumns = `kind, name, valid_from, value, basis, article, reason, actor_name, at`

func scanLocal(row db.Scanner) (l Local, err error) {
	err = row.Scan(&l.Kind, &l.Name, &l.ValidFrom, &l.Value, &l.Basis, &l.Article, &l.Reason, &l.By, &l.At)
	return l, err
}

// History lists what the city has set, the latest first.
func (s *Service) History(ctx context.Context, r db.Reader) ([]Local, error) {
	return db.All(ctx, r, scanLocal, `SELECT `+localColumns+` FROM council_local ORDER BY valid_from DESC, at DESC, kind, name LIMIT 500`)
}

// Figure is a number of a kind of community on a day: national law's, else the city's own, else that of its province. ok is false where
// nobody has set it.
func (s *Service) Figure(ctx context.Context, r db.Reader, name, kind, day string) (f threshold.Figure, ok bool, err error) {
	province, err := s.Province(ctx, r, day)
	if err != nil {
		return f, false, err
	}
	own, err := s.local(ctx, r, kind, name, day)
	if err != nil {
		return f, false, err
	}
	f, ok = threshold.FigureOf(name, kind, province, day)
	if own.Value != "" && (!ok || open(&f)) {
		return own.over(f), true, nil
	}
	return f, ok, nil
}

// open tells whether a city may set a number: national law leaves it to others.
func open(f *threshold.Figure) bool { return f.Local != "" || f.Certainty == "U" }

// over is a number with the city's value in place of what shipped.
func (l *Local) over(f threshold.Figure) threshold.Figure {
	if f.Key == "" {
		f.Key = threshold.Prefix + l.Kind + "." + l.Name
	}
	f.Kind, f.Name, f.ValidFrom, f.ValidTo = l.Kind, l.Name, l.ValidFrom, ""
	f.Value.Value, f.Basis, f.Article = l.Value, l.Basis, l.Article
	low, high, ranged := strings.Cut(l.Value, "-")
	f.Min, _ = strconv.Atoi(low)
	if f.Max = f.Min; ranged {
		f.Max, _ = strconv.Atoi(high)
	}
	return f
}

// Decide answers a question by the law of its day and the rules of the city's province.
func (s *Service) Decide(ctx context.Context, r db.Reader, q threshold.Question) (threshold.Decision, error) {
	local, err := s.Province(ctx, r, q.On)
	if err != nil {
		return threshold.Decision{}, err
	}
	q.Local = local
	return threshold.Decide(q)
}

// named tells whether some law or province knows a number of this name.
func named(kind, name string) bool {
	for _, local := range append([]string{""}, threshold.Locals...) {
		for _, day := range []string{"2020-01-01", "2026-01-01", "2100-01-01"} {
			if _, ok := threshold.FigureOf(name, kind, local, day); ok {
				return true
			}
		}
	}
	return false
}

// Set keeps a value of the city from a day on, today at the earliest. Errors: Forbidden; Invalid by field; Conflict
// "council.local.law" for a number that national law sets.
func (s *Service) Set(ctx context.Context, l Local) (Local, error) {
	l.Name, l.Value, l.ValidFrom = fold.Compact(l.Name), fold.Compact(l.Value), fold.KeepDay(l.ValidFrom)
	l.Basis, l.Article, l.Reason = fold.Line(l.Basis), fold.Line(l.Article), fold.Line(l.Reason)
	city, _ := s.Registry.City()
	err := s.Log.Do(ctx, func(tx *audit.Tx) error {
		if err := tx.Require(PermWrite, city.Code); err != nil {
			return err
		}
		if err := l.check(clock.Day(tx.Now)); err != nil {
			return err
		}
		before, err := s.local(ctx, tx, l.Kind, l.Name, l.ValidFrom)
		if err != nil {
			return err
		}
		l.By, l.At = tx.Actor.Name, clock.Millis(tx.Now)
		tx.Record(audit.Entry{Action: PermWrite, Area: city.Code, Subject: "council.local", SubjectID: l.Kind + "." + l.Name, Before: before, After: l})
		_, err = tx.Exec(ctx, `INSERT INTO council_local (kind, name, valid_from, value, basis, article, reason, actor_id, actor_name, at)
			VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10) ON CONFLICT (kind, name, valid_from) DO UPDATE SET value = excluded.value,
			basis = excluded.basis, article = excluded.article, reason = excluded.reason, actor_id = excluded.actor_id,
			actor_name = excluded.actor_name, at = excluded.at`,
			l.Kind, l.Name, l.ValidFrom, l.Value, l.Basis, l.Article, l.Reason, tx.Actor.ID, l.By, l.At)
		return err
	})
	return l, err
}

func (l *Local) check(today string) error {
	refused := errs.ErrInvalid
	for at, s := range map[string][2]any{"basis": {l.Basis, maxBasis}, "article": {l.Article, maxBasis}, "reason": {l.Reason, maxReason}} {
		if !fold.Within(s[0].(string), s[1].(int)) {
			refused = refused.At(at, "field.too_long", "max", s[1])
		}
	}
	if l.Reason == "" {
		refused = refused.At("reason", "field.required")
	}
	if day, ok := fold.Day(l.ValidFrom); !ok || day < today {
		return errPast.With("day", today)
	}
	if l.Name == nameProvince && l.Kind == "" {
		if l.Value != "" && !slices.Contains(threshold.Locals, l.Value) {
			return errProvince
		}
	} else {
		if !slices.Contains(threshold.Kinds, l.Kind) || !named(l.Kind, l.Name) {
			return errUnknown
		}
		if f, ok := threshold.FigureOf(l.Name, l.Kind, "", l.ValidFrom); ok && !open(&f) {
			return errLaw.With("basis", f.Basis, "article", f.Article).By(f.Key)
		}
		if !numberShape.MatchString(l.Value) {
			refused = refused.At("value", "council.local.number")
		}
		if l.Basis == "" {
			refused = refused.At("basis", "field.required")
		}
	}
	if len(refused.Fields) > 0 {
		return refused
	}
	return nil
}

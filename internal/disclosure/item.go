package disclosure

import (
	"context"
	_ "embed"
	"encoding/json"
	"slices"
	"strings"
	"sync/atomic"

	"linli/internal/platform/audit"
	"linli/internal/platform/calendar"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/fold"
	"linli/internal/platform/revision"
	"linli/internal/platform/shipped"
	"linli/internal/platform/text"
	"linli/internal/registry"
)

// Forms of what is disclosed under an item.
const (
	FormText    = "text"    // words and files
	FormTable   = "table"   // words, files and rows
	FormFinance = "finance" // receipts, payments and balances in fen
)

// For whom of its kinds of communities an item is.
const (
	forAll  = "all"
	forBusy = "busy" // those with busy accounts
	forCalm = "calm" // the others
)

// Item is one matter of the catalogue.
type Item struct {
	Code      string         `json:"code" maxLength:"40" doc:"Letters a to z, digits, dot"`
	Head      string         `json:"head" enum:"party,government,affairs,finance"`
	Kinds     []string       `json:"kinds" minItems:"1" maxItems:"2" doc:"residents, villagers"`
	For       string         `json:"for" enum:"all,busy,calm" doc:"All of the kinds, those with busy accounts, or the others"`
	Title     text.Pair      `json:"title"`
	What      text.Pair      `json:"what" doc:"What has to be in it"`
	Period    Period         `json:"period" enum:"yearly,halfyearly,quarterly,monthly,once"`
	Limit     calendar.Limit `json:"limit" doc:"After the last day of the period, or the day of the event"`
	Form      string         `json:"form" enum:"text,table,finance"`
	Source    string         `json:"source,omitempty" maxLength:"40" doc:"Code of the source that fills it; empty where it is written"`
	Law       text.Pair      `json:"law"`
	Certainty string         `json:"certainty" enum:"V,S,U,D"`
	Least     Period         `json:"least,omitempty" maxLength:"20" doc:"The rarest period that the law allows villages; empty where it says none"`
	Paper     bool           `json:"paper,omitempty" doc:"Also on paper on the wall, by local rule"`
	Enabled   bool           `json:"enabled" doc:"Asked of communities"`
	Version   int64          `json:"version" doc:"For a change"`
}

// Power is one micro-power (小微权力): who does what in which steps, what is published and who supervises.
type Power struct {
	Code       string      `json:"code" maxLength:"40"`
	Number     int         `json:"number" doc:"From 1, as the list numbers it"`
	Group      string      `json:"group" enum:"public,service" doc:"Decided for all, or done for one resident"`
	Name       text.Pair   `json:"name"`
	Actor      text.Pair   `json:"actor" doc:"Who does it"`
	Basis      text.Pair   `json:"basis"`
	Steps      []text.Pair `json:"steps" minItems:"1" maxItems:"20"`
	Publicity  text.Pair   `json:"publicity" doc:"What is published, where and how long"`
	Supervisor text.Pair   `json:"supervisor"`
	Version    int64       `json:"version" doc:"For a change"`
}

//go:embed items.json
var shippedItems []byte

//go:embed powers.json
var shippedPowers []byte

// RevisionCatalogue counts the changes of items and powers.
const RevisionCatalogue = "disclosure.catalogue"

// catalogue is what is in force, in memory, in the order in which it is shown.
type catalogue struct {
	items  []Item
	powers []Power
}

type catalogueHolder struct{ atomic.Pointer[catalogue] }

func parsed[T any](raw []byte) []T {
	var out []T
	if err := json.Unmarshal(raw, &out); err != nil {
		panic("disclosure: embedded catalogue: " + err.Error())
	}
	return out
}

// Items are those that ship with the program.
func Items() []Item { return parsed[Item](shippedItems) }

// Powers are those that ship with the program.
func Powers() []Power { return parsed[Power](shippedPowers) }

// set is what ships of one table of texts by code.
func set[T any](kind, table string, all []T, code func(*T) string) *shipped.Set {
	out := &shipped.Set{Kind: kind, Revision: RevisionCatalogue, Shipped: map[string]string{}}
	for i := range all {
		raw, _ := json.Marshal(all[i]) // as it was read
		out.Shipped[code(&all[i])] = string(raw)
	}
	out.Stored = func(ctx context.Context, r db.Reader) (map[string]string, error) {
		found := map[string]string{}
		_, err := db.All(ctx, r, func(sc db.Scanner) (none struct{}, err error) {
			var code, document string
			err = sc.Scan(&code, &document)
			found[code] = document
			return none, err
		}, `SELECT code, document FROM `+table)
		return found, err
	}
	out.Put = func(ctx context.Context, tx revision.Execer, name string) error {
		_, err := tx.Exec(ctx, `INSERT INTO `+table+` (code, document, version) VALUES ($1,$2,1)
			ON CONFLICT (code) DO UPDATE SET document = excluded.document, version = `+table+`.version + 1`, name, out.Shipped[name])
		return err
	}
	return out
}

func itemSet() *shipped.Set {
	return set(subjectItem, "disclosure_item", Items(), func(i *Item) string { return i.Code })
}

func powerSet() *shipped.Set {
	return set(subjectPower, "disclosure_power", Powers(), func(p *Power) string { return p.Code })
}

// Refresh reads the catalogue again.
func (s *Service) Refresh(ctx context.Context) error {
	var c catalogue
	var err error
	if c.items, err = stored(ctx, s.Log.DB, "disclosure_item", func(i *Item, version int64) { i.Version = version }); err != nil {
		return err
	}
	if c.powers, err = stored(ctx, s.Log.DB, "disclosure_power", func(p *Power, version int64) { p.Version = version }); err != nil {
		return err
	}
	place := map[string]int{}
	for i, item := range Items() {
		place[item.Code] = i - 1<<20
	}
	slices.SortStableFunc(c.items, func(a, b Item) int { return place[a.Code] - place[b.Code] })
	slices.SortStableFunc(c.powers, func(a, b Power) int { return a.Number - b.Number })
	s.catalogue.Store(&c)
	return nil
}

func stored[T any](ctx context.Context, r db.Reader, table string, with func(*T, int64)) ([]T, error) {
	return db.All(ctx, r, func(sc db.Scanner) (v T, err error) {
		var document string
		var version int64
		if err = sc.Scan(&document, &version); err == nil {
			err = json.Unmarshal([]byte(document), &v)
		}
		with(&v, version)
		return v, err
	}, `SELECT document, version FROM `+table+` ORDER BY code`)
}

// Item is one of the catalogue in force.
func (s *Service) Item(code string) (Item, bool) {
	for _, i := range s.catalogue.Load().items {
		if i.Code == code {
			return i, true
		}
	}
	return Item{}, false
}

// Catalogue is what is in force.
func (s *Service) Catalogue() []Item { return s.catalogue.Load().items }

// Powers are the micro-powers in force.
func (s *Service) Powers() []Power { return s.catalogue.Load().powers }

// rarer tells whether a period comes less often than another that recurs.
func rarer(p, than Period) bool { return than != "" && (months[p] > months[than] || p == Once) }

// check refuses an item that is incomplete, or rarer than the law allows: Invalid.
func (i *Item) check(sources []string) error {
	refused := errs.ErrInvalid
	bound := func(field, value string, most int, required bool) {
		if required && strings.TrimSpace(value) == "" {
			refused = refused.At(field, "field.required")
		} else if !fold.Within(value, most) {
			refused = refused.At(field, "field.too_long", "max", most)
		}
	}
	bound("title.zh", i.Title.Zh, 60, true)
	bound("title.en", i.Title.En, 160, true)
	bound("what.zh", i.What.Zh, 500, true)
	bound("what.en", i.What.En, 1000, true)
	bound("law.zh", i.Law.Zh, 300, true)
	bound("law.en", i.Law.En, 600, true)
	if err := i.Limit.Validate(); err != nil || i.Limit.Unit == calendar.Workhour || i.Limit.Amount > 366 {
		refused = refused.At("limit", "disclosure.item.limit")
	}
	for _, k := range i.Kinds {
		if k != registry.KindResidents && k != registry.KindVillagers {
			refused = refused.At("kinds", "field.choice")
		}
	}
	if rarer(i.Period, i.Least) && slices.Contains(i.Kinds, registry.KindVillagers) {
		rule := ruleQuarterly
		if i.Least == Monthly {
			rule = ruleMonthly
		}
		refused = refused.At("period", "disclosure.item.rarer", "least", errs.Key("disclosure.period."+string(i.Least))).By(rule)
	}
	if i.Source != "" && !slices.Contains(sources, i.Source) {
		refused = refused.At("source", "field.choice")
	}
	if len(refused.Fields) > 0 {
		return refused
	}
	return nil
}

// PutItem changes an item of the catalogue; its open duties fall due by it from now on. Errors: those of check; NotFound; Stale;
// Forbidden.
func (s faces) PutItem(ctx context.Context, code string, next Item) (Item, error) {
	err := s.put(ctx, "disclosure_item", code, next.Version, func(before string) (any, error) {
		var old Item
		if err := json.Unmarshal([]byte(before), &old); err != nil {
			return nil, err
		}
		next.Code, next.Least, next.Head, next.Form = old.Code, old.Least, old.Head, old.Form // of the catalogue itself
		next.Version = 0
		return next, next.check(append(s.sourceCodes(), old.Source))
	}, subjectItem)
	if err != nil {
		return Item{}, err
	}
	if err := s.Refresh(ctx); err != nil {
		return Item{}, err
	}
	if _, err := s.Recompute(ctx); err != nil {
		return Item{}, err
	}
	out, _ := s.Item(code)
	return out, nil
}

// PutPower changes a micro-power. Errors: Invalid; NotFound; Stale; Forbidden.
func (s faces) PutPower(ctx context.Context, code string, next Power) (Power, error) {
	err := s.put(ctx, "disclosure_power", code, next.Version, func(before string) (any, error) {
		var old Power
		if err := json.Unmarshal([]byte(before), &old); err != nil {
			return nil, err
		}
		next.Code, next.Version = old.Code, 0
		return next, next.check()
	}, subjectPower)
	if err == nil {
		err = s.Refresh(ctx)
	}
	for _, p := range s.Powers() {
		if p.Code == code {
			return p, err
		}
	}
	return Power{}, err
}

// check refuses a power of which something lacks: Invalid.
func (p *Power) check() error {
	refused := errs.ErrInvalid
	for _, f := range []struct {
		at string
		v  text.Pair
	}{{"name", p.Name}, {"actor", p.Actor}, {"basis", p.Basis}, {"publicity", p.Publicity}, {"supervisor", p.Supervisor}} {
		if strings.TrimSpace(f.v.Zh) == "" {
			refused = refused.At(f.at+".zh", "field.required")
		} else if !fold.Within(f.v.Zh, 300) || !fold.Within(f.v.En, 600) {
			refused = refused.At(f.at+".zh", "field.too_long", "max", 300)
		}
	}
	if len(p.Steps) == 0 || len(p.Steps) > 20 {
		refused = refused.At("steps", "field.required")
	}
	for _, st := range p.Steps {
		if strings.TrimSpace(st.Zh) == "" || !fold.Within(st.Zh, 200) || !fold.Within(st.En, 400) {
			refused = refused.At("steps", "field.too_long", "max", 200)
		}
	}
	if len(refused.Fields) > 0 {
		return refused
	}
	return nil
}

// put writes one text of the catalogue by its version.
func (s faces) put(ctx context.Context, table, code string, version int64, next func(before string) (any, error), subject string) error {
	return s.Log.Do(ctx, func(tx *audit.Tx) error {
		if err := tx.Require(permEdit, s.cityCode()); err != nil {
			return err
		}
		if err := revision.Bump(ctx, tx, RevisionCatalogue); err != nil {
			return err
		}
		before, err := db.Value[string](ctx, tx, `SELECT document FROM `+table+` WHERE code = $1`, code)
		if err != nil {
			return found(err)
		}
		after, err := next(before)
		if err != nil {
			return err
		}
		raw, err := json.Marshal(after)
		if err != nil {
			return err
		}
		n, err := tx.Exec(ctx, `UPDATE `+table+` SET document = $1, version = version + 1 WHERE code = $2 AND version = $3`,
			string(raw), code, version)
		if err == nil && n == 0 {
			err = errs.StaleOf(errs.Record{Subject: subject, ID: code})
		}
		tx.Record(audit.Entry{Action: permEdit, Area: s.cityCode(), Subject: subject, SubjectID: code,
			Before: json.RawMessage(before), After: after, Detail: map[string]any{"day": clock.Day(tx.Now)}})
		return err
	})
}

func (s *Service) cityCode() string {
	city, _ := s.Registry.City()
	return city.Code
}

// found turns a row that is not there into NotFound.
func found(err error) error {
	if db.IsNone(err) {
		return errs.ErrNotFound
	}
	return err
}

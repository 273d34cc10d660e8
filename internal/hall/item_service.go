package hall

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strings"

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
	"linli/internal/routing"
)

// RevisionItem counts the changes of the items.
const RevisionItem = "hall.item"

// subjectItem is how the audit log names an item.
const subjectItem = "hall.item"

// shippedItems is what ships of items.
func shippedItems() *shipped.Set {
	byCode := map[string]Item{}
	set := &shipped.Set{Kind: "hall.item", Revision: RevisionItem, Shipped: map[string]string{},
		Stored: storedItems, Untouched: untouchedItems}
	for _, item := range Items() {
		raw, _ := json.Marshal(item) // as it was read
		byCode[item.Code], set.Shipped[item.Code] = item, itemForm(string(raw), item.Enabled)
	}
	set.Put = func(ctx context.Context, tx revision.Execer, code string) error {
		if err := appendShipped(ctx, tx, code, byCode[code].Content); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `INSERT INTO hall_item (code, enabled, version) VALUES ($1,$2,1)
			ON CONFLICT (code) DO UPDATE SET enabled = excluded.enabled, version = hall_item.version + 1`, code, db.Bool(byCode[code].Enabled))
		return err
	}
	set.Drop = func(ctx context.Context, tx revision.Execer, code string) error { // its open cases go on by what it was
		_, err := tx.Exec(ctx, `UPDATE hall_item SET enabled = 0, version = version + 1 WHERE code = $1`, code)
		return err
	}
	return set
}

// itemForm is an item as it is compared with what ships.
func itemForm(document string, enabled bool) string {
	offered := "0"
	if enabled {
		offered = "1"
	}
	return `{"offered":` + offered + `,"guide":` + document + `}`
}

// storedItems are the texts in force, as they were written.
func storedItems(ctx context.Context, r db.Reader) (map[string]string, error) {
	out := map[string]string{}
	_, err := db.All(ctx, r, func(s db.Scanner) (none struct{}, err error) {
		var code, document string
		var enabled bool
		if err = s.Scan(&code, &document, db.YesNo(&enabled)); err == nil {
			out[code] = itemForm(document, enabled) // the last read is in force
		}
		return none, err
	}, `SELECT e.code, e.document, i.enabled FROM hall_edition e JOIN hall_item i ON i.code = e.code
		WHERE e.state = 'released' AND e.from_on <= $1 ORDER BY e.code, e.from_on, e.edition`, clock.Day(clock.Now(ctx)))
	return out, err
}

// untouchedItems are those that no officer has changed since they were first put there.
func untouchedItems(ctx context.Context, r db.Reader) (map[string]bool, error) {
	out := map[string]bool{}
	_, err := db.All(ctx, r, func(s db.Scanner) (code string, err error) {
		if err = s.Scan(&code); err == nil {
			out[code] = true
		}
		return code, err
	}, `SELECT code FROM hall_item WHERE version = 1 AND own = 0`)
	return out, err
}

// RefreshItems reads the catalogue again, e.g. after another process has changed it. Items that the
// program ships no more stay known to the cases that were opened by them. An edition that comes into force later is
// read with the others: which is in force is told by the day, so that no process waits for another.
func (s *Service) RefreshItems(ctx context.Context) error {
	offers, err := db.All(ctx, s.Casework.Log.DB, scanOffer, `SELECT code, own, enabled, closes_on, version FROM hall_item ORDER BY code`)
	if err != nil {
		return err
	}
	released, err := listReleased(ctx, s.Casework.Log.DB)
	if err != nil {
		return err
	}
	for i := range offers {
		for _, e := range released {
			if e.Code == offers[i].Code {
				offers[i].editions = append(offers[i].editions, e)
			}
		}
	}
	place := map[string]int{} // of the shipped catalogue is the order of the hall; what is no more in it stands last
	for i, item := range Items() {
		place[item.Code] = i - 1<<20
	}
	slices.SortStableFunc(offers, func(a, b Offer) int { return cmp.Compare(place[a.Code], place[b.Code]) })
	s.items.Store(&offers)
	return nil
}

// today is the city's day.
func today() string { return clock.Day(clock.Now(context.Background())) }

// Catalogue lists every item by what is in force today, those switched off too.
func (s *Service) Catalogue() []Item { return s.catalogue(today()) }

func (s *Service) catalogue(day string) []Item {
	var out []Item
	for i := range *s.items.Load() {
		o := &(*s.items.Load())[i]
		if e := InForce(o.editions, day); e != nil {
			out = append(out, o.as(e, day))
		}
	}
	return out
}

// Offer finds an item by its code, one that was never published too.
func (s *Service) Offer(code string) (*Offer, bool) {
	all := *s.items.Load()
	i := slices.IndexFunc(all, func(o Offer) bool { return o.Code == code })
	if i < 0 {
		return nil, false
	}
	return &all[i], true
}

// Item finds one by its code, by what is in force today.
func (s *Service) Item(code string) (Item, bool) { return s.itemOn(code, today()) }

// itemOn finds one by what is in force on a day.
func (s *Service) itemOn(code, day string) (Item, bool) {
	if o, ok := s.Offer(code); ok {
		if e := InForce(o.editions, day); e != nil {
			return o.as(e, day), true
		}
	}
	return Item{}, false
}

// made is the item by the edition that a case was made with.
func (s *Service) made(code string, number int) (Item, bool) {
	if o, ok := s.Offer(code); ok {
		for i := range o.editions {
			if o.editions[i].Number == number {
				return o.as(&o.editions[i], today()), true
			}
		}
	}
	return s.Item(code)
}

// Find lists the items on offer whose name or summary contains the words, in either language.
func (s *Service) Find(words string) []Item {
	words = fold.Words(words)
	var out []Item
	for _, item := range s.Catalogue() {
		hay := fold.Words(strings.Join([]string{item.Name.Zh, item.Name.En, item.Summary.Zh, item.Summary.En}, " | "))
		if item.Enabled && strings.Contains(hay, words) {
			out = append(out, item)
		}
	}
	return out
}

func (s *Service) itemName(code string, lang text.Lang) string {
	if item, ok := s.Item(code); ok {
		return item.Name.In(lang)
	}
	if isKind(code) {
		return s.Texts.T(lang, "hall.kind."+code)
	}
	return code
}

// The class of an item is its kind: government, volunteer or market.
func isKind(code string) bool {
	return code == string(Government) || code == string(Volunteer) || code == string(Market)
}

func (s *Service) knows(code string) bool {
	_, ok := s.Item(code)
	return ok || isKind(code)
}

func (s *Service) classOf(code string) string {
	item, _ := s.Item(code)
	return string(item.Kind)
}

// duty is the item's own reviewing unit, at its level and no other: competence is set by law.
func (s *Service) responsible(code string) routing.ResponsibleUnit {
	item, _ := s.Item(code)
	return routing.ResponsibleUnit{Department: item.Department, Level: item.Level}
}

// ItemChange is what an officer may set of an item beside its text.
type ItemChange struct {
	Promised calendar.Limit
	Enabled  bool
	ClosesOn *string // first day on which it takes no applications, or ""; nil leaves it
	Version  int64
}

// ChangeItem sets an item's promise, takes it out of the hall, or says from which day it is closed. Another promise
// is another edition, in force at once: cases keep the promise that they were made with. Errors: Invalid
// "hall.item.promise_exceeds_statutory" with its rule, "hall.item.closes_past"; Stale.
func (s *Service) ChangeItem(ctx context.Context, code string, change ItemChange) (Item, error) {
	now := clock.Now(ctx)
	day := clock.Day(now)
	item, ok := s.itemOn(code, day)
	if !ok {
		return item, errs.ErrNotFound
	}
	before := map[string]any{"promised": item.Promised.String(), "enabled": item.Switched, "closesOn": item.ClosesOn}
	promise := item.Promised != change.Promised
	item.Promised = change.Promised
	if err := item.Validate(); err != nil {
		return item, err
	}
	if c := change.ClosesOn; c != nil && *c != item.ClosesOn {
		if *c != "" && *c < day {
			return item, errs.ErrInvalid.At("closesOn", "hall.item.closes_past")
		}
		item.ClosesOn = *c
	}
	city, _ := s.Registry.City()
	err := s.Casework.Log.Do(ctx, func(tx *audit.Tx) error {
		if err := tx.Require(PermItem, city.Code); err != nil {
			return err
		}
		if err := revision.Bump(ctx, tx, RevisionItem); err != nil {
			return err
		}
		n, err := tx.Exec(ctx, `UPDATE hall_item SET enabled = $1, closes_on = $2, version = version + 1 WHERE code = $3 AND version = $4`,
			db.Bool(change.Enabled), item.ClosesOn, code, change.Version)
		if err == nil && n == 0 {
			return errs.StaleOf(errs.Record{Subject: subjectItem, ID: code})
		}
		if err != nil {
			return err
		}
		tx.Record(audit.Entry{Action: PermItem, Area: city.Code, Subject: subjectItem, SubjectID: code, Before: before,
			After: map[string]any{"promised": item.Promised.String(), "enabled": change.Enabled, "closesOn": item.ClosesOn}})
		if !promise {
			return nil
		}
		next, err := nextNumber(ctx, tx, code)
		if err != nil {
			return err
		}
		return InsertEdition(ctx, tx, &Edition{Code: code, Number: next, State: ReleasedEdition, Content: item.Content, From: day,
			Writer: tx.Actor.Name, WrittenAt: clock.Millis(now), Releaser: tx.Actor.Name, ReleasedAt: clock.Millis(now)})
	})
	if err != nil {
		return item, err
	}
	if err := s.RefreshItems(ctx); err != nil {
		return item, err
	}
	item, _ = s.itemOn(code, day)
	return item, nil
}

// DepartmentKey names who reviews an item in the catalogue of texts.
func (i *Content) DepartmentKey() string {
	if i.Department == registry.BodyStation {
		return "registry.body." + registry.BodyStation
	}
	return "registry.department." + i.Department
}

package hall

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"linli/internal/platform/audit"
	"linli/internal/platform/calendar"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/fold"
	"linli/internal/platform/revision"
	"linli/internal/platform/shipped"
	"linli/internal/platform/text"
	"linli/internal/registry"
	"linli/internal/routing"
)

// revisionItem counts the changes of the items.
const revisionItem = "hall.item"

// shippedItems is what ships of items.
func shippedItems() *shipped.Set {
	byCode := map[string]Item{}
	set := &shipped.Set{Kind: "hall.item", Revision: revisionItem, Shipped: map[string]string{},
		Stored: storedItems, Untouched: untouchedItems}
	for _, item := range Items() {
		raw, _ := json.Marshal(item) // as it was read
		byCode[item.Code], set.Shipped[item.Code] = item, itemForm(string(raw), bit(item.Enabled))
	}
	set.Put = func(ctx context.Context, tx revision.Execer, code string) error {
		raw, err := json.Marshal(byCode[code])
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO hall_item (code, document, enabled, version) VALUES ($1,$2,$3,1)
			ON CONFLICT (code) DO UPDATE SET document = excluded.document, enabled = excluded.enabled, version = hall_item.version + 1`,
			code, string(raw), bit(byCode[code].Enabled))
		return err
	}
	set.Drop = func(ctx context.Context, tx revision.Execer, code string) error { // its open cases go on by what it was
		_, err := tx.Exec(ctx, `UPDATE hall_item SET enabled = 0, version = version + 1 WHERE code = $1`, code)
		return err
	}
	return set
}

// itemForm is an item as it is compared with what ships.
func itemForm(document string, enabled int) string {
	return `{"offered":` + strconv.Itoa(enabled) + `,"guide":` + document + `}`
}

func storedItems(ctx context.Context, r db.Reader) (map[string]string, error) {
	out := map[string]string{}
	_, err := db.All(ctx, r, func(s db.Scanner) (none struct{}, err error) {
		var code, document string
		var enabled int
		if err = s.Scan(&code, &document, &enabled); err == nil {
			out[code] = itemForm(document, enabled)
		}
		return none, err
	}, `SELECT code, document, enabled FROM hall_item`)
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
	}, `SELECT code FROM hall_item WHERE version = 1`)
	return out, err
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

// RefreshItems reads the catalogue again, e.g. after another process has changed it. Items that the
// program ships no more stay known to the cases that were opened by them.
func (s *Service) RefreshItems(ctx context.Context) error {
	items, err := db.All(ctx, s.Casework.Log.DB, scanItem, `SELECT document, enabled, version FROM hall_item ORDER BY code`)
	if err != nil {
		return err
	}
	order := map[string]int{} // of the shipped catalogue is the order of the hall; what is no more in it stands last
	for i, item := range Items() {
		order[item.Code] = i - 1<<20
	}
	slices.SortStableFunc(items, func(a, b Item) int { return cmp.Compare(order[a.Code], order[b.Code]) })
	s.items.Store(&items)
	return nil
}

func scanItem(r db.Scanner) (Item, error) {
	var item Item
	var raw string
	var enabled int
	var version int64
	if err := r.Scan(&raw, &enabled, &version); err != nil {
		return item, err
	}
	err := json.Unmarshal([]byte(raw), &item)
	item.Enabled, item.Version = enabled == 1, version
	return item, err
}

// Catalogue lists every item, those switched off too.
func (s *Service) Catalogue() []Item { return *s.items.Load() }

// Item finds one by its code.
func (s *Service) Item(code string) (Item, bool) {
	for _, item := range s.Catalogue() {
		if item.Code == code {
			return item, true
		}
	}
	return Item{}, false
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
func (s *Service) duty(code string) routing.Duty {
	item, _ := s.Item(code)
	return routing.Duty{Department: item.Department, Level: item.Level}
}

// ItemChange is what an officer may set of an item.
type ItemChange struct {
	Promised calendar.Limit
	Enabled  bool
	Version  int64
}

// ChangeItem sets an item's promise, or takes it out of the hall. Errors: Invalid
// "hall.item.promise_exceeds_statutory" with its rule; Stale.
func (s *Service) ChangeItem(ctx context.Context, code string, change ItemChange) (Item, error) {
	item, ok := s.Item(code)
	if !ok {
		return item, errs.ErrNotFound
	}
	before := map[string]any{"promised": item.Promised.String(), "enabled": item.Enabled}
	item.Promised, item.Enabled = change.Promised, change.Enabled
	if err := item.Validate(); err != nil {
		return item, err
	}
	item.Version = 0 // it stands beside the document: an item that is put back as it was is as it shipped
	raw, err := json.Marshal(item)
	if err != nil {
		return item, err
	}
	enabled := bit(item.Enabled)
	city, _ := s.Registry.City()
	err = s.Casework.Log.Do(ctx, func(tx *audit.Tx) error {
		if err := tx.Require(permItem, city.Code); err != nil {
			return err
		}
		if err := revision.Bump(ctx, tx, revisionItem); err != nil {
			return err
		}
		n, err := tx.Exec(ctx, `UPDATE hall_item SET document = $1, enabled = $2, version = version + 1 WHERE code = $3 AND version = $4`,
			string(raw), enabled, code, change.Version)
		if err == nil && n == 0 {
			return errs.StaleOf(errs.Record{Subject: "hall.item", ID: code})
		}
		tx.Record(audit.Entry{Action: permItem, Area: city.Code, Subject: "hall.item", SubjectID: code,
			Before: before, After: map[string]any{"promised": item.Promised.String(), "enabled": item.Enabled}})
		return err
	})
	if err != nil {
		return item, err
	}
	if err := s.RefreshItems(ctx); err != nil {
		return item, err
	}
	item, _ = s.Item(code)
	return item, nil
}

// departmentKey names who reviews an item in the catalogue of texts.
func (i *Item) departmentKey() string {
	if i.Department == registry.BodyStation {
		return "registry.body." + registry.BodyStation
	}
	return "registry.department." + i.Department
}

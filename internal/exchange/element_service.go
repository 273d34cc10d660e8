package exchange

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/fold"
	"linli/internal/platform/revision"
	"linli/internal/platform/shipped"
)

// revisionElement counts the changes of the elements.
const revisionElement = "exchange.element"

const subjectElement = "exchange.element"

// register is what is kept in memory of the elements.
type register struct {
	elements []Element
	matcher  *Matcher
}

// shippedElements is what ships of elements.
func shippedElements() *shipped.Set {
	byCode := map[string]Element{}
	set := &shipped.Set{Kind: "exchange.element", Revision: revisionElement, Shipped: map[string]string{}, Stored: storedElements}
	for _, e := range Elements() {
		byCode[e.Code], set.Shipped[e.Code] = e, elementForm(e.document(), "1")
	}
	set.Put = func(ctx context.Context, tx revision.Execer, code string) error {
		e := byCode[code]
		_, err := insertElement(ctx, tx, &e, ` ON CONFLICT (code) DO UPDATE SET document = excluded.document, enabled = excluded.enabled,
			version = exchange_element.version + 1`)
		return err
	}
	set.Drop = func(ctx context.Context, tx revision.Execer, code string) error { // forms that name it go on
		_, err := tx.Exec(ctx, `UPDATE exchange_element SET enabled = 0, version = version + 1 WHERE code = $1`, code)
		return err
	}
	return set
}

// document is an element as it is kept; enabled and version stand beside it.
func (e *Element) document() string {
	kept := *e
	kept.Enabled, kept.Version = true, 1
	raw, err := json.Marshal(kept)
	if err != nil {
		panic(err) // texts
	}
	return string(raw)
}

// elementForm is an element as it is compared with what ships.
func elementForm(document, enabled string) string {
	return `{"offered":` + enabled + `,"element":` + document + `}`
}

func storedElements(ctx context.Context, r db.Reader) (map[string]string, error) {
	out := map[string]string{}
	_, err := db.All(ctx, r, func(s db.Scanner) (none struct{}, err error) {
		var code, document string
		var enabled int
		if err = s.Scan(&code, &document, &enabled); err == nil {
			out[code] = elementForm(document, strconv.Itoa(enabled))
		}
		return none, err
	}, `SELECT code, document, enabled FROM exchange_element`)
	return out, err
}

func insertElement(ctx context.Context, tx revision.Execer, e *Element, onConflict string) (int64, error) {
	return tx.Exec(ctx, `INSERT INTO exchange_element (code, document, enabled, version) VALUES ($1,$2,$3,1)`+onConflict,
		e.Code, e.document(), db.Bool(e.Enabled))
}

func listElements(ctx context.Context, r db.Reader) ([]Element, error) {
	return db.All(ctx, r, func(row db.Scanner) (e Element, err error) {
		var raw string
		var enabled bool
		var version int64
		if err = row.Scan(&raw, db.YesNo(&enabled), &version); err == nil {
			err = json.Unmarshal([]byte(raw), &e)
		}
		e.Enabled, e.Version = enabled, version
		return e, err
	}, `SELECT document, enabled, version FROM exchange_element ORDER BY code`)
}

// RefreshElements reads the elements again, e.g. after another process has changed one.
func (s *Service) RefreshElements(ctx context.Context) error {
	elements, err := listElements(ctx, s.Log.DB)
	if err == nil {
		s.register.Store(&register{elements: elements, matcher: NewMatcher(elements, s.bound())})
	}
	return err
}

// bound are the elements that some holder answers for.
func (s *Service) bound() map[string]bool {
	out := Bound()
	for code := range s.holders {
		out[code] = true
	}
	return out
}

// Elements are all elements, those that are not offered any more too, by code.
func (s *Service) Elements() []Element { return s.register.Load().elements }

// Element finds one by its code, those that are not offered any more too.
func (s *Service) Element(code string) (Element, bool) {
	i := slices.IndexFunc(s.Elements(), func(e Element) bool { return e.Code == code })
	if i < 0 {
		return Element{}, false
	}
	return s.Elements()[i], true
}

// Found are the elements whose code, name, owner or synonyms hold the words, of a group unless it is "".
func (s *Service) Found(words, group string) []Element {
	words = fold.Words(words)
	var out []Element
	for _, e := range s.Elements() {
		all := fold.Words(strings.Join(append(e.wordings(), e.Code, e.Owner.Zh, e.Owner.En), "\n"))
		if (group == "" || e.Group == group) && strings.Contains(all, words) {
			out = append(out, e)
		}
	}
	return out
}

// AddElement adds an element. Errors: those of [Element.Validate]; Conflict "exchange.element.exists"; Forbidden unless the
// actor may edit elements of the city.
func (s *Service) AddElement(ctx context.Context, e Element) (Element, error) {
	e.Version = 1
	return s.keepElement(ctx, &e, nil, func(tx *audit.Tx) error {
		n, err := insertElement(ctx, tx, &e, ` ON CONFLICT (code) DO NOTHING`)
		if err == nil && n == 0 {
			err = errs.New(errs.Conflict, "exchange.element.exists").At("code", "exchange.element.exists", "code", e.Code).With("code", e.Code)
		}
		return err
	})
}

// ChangeElement sets everything of an element but its code, by its version. An element is never deleted: forms name it.
// Errors: those of [Element.Validate]; NotFound; Stale.
func (s *Service) ChangeElement(ctx context.Context, e Element) (Element, error) {
	before, ok := s.Element(e.Code)
	if !ok {
		return e, errs.ErrNotFound
	}
	return s.keepElement(ctx, &e, &before, func(tx *audit.Tx) error {
		n, err := tx.Exec(ctx, `UPDATE exchange_element SET document = $1, enabled = $2, version = version + 1 WHERE code = $3 AND version = $4`,
			e.document(), db.Bool(e.Enabled), e.Code, e.Version)
		if err == nil && n == 0 {
			err = errs.StaleOf(errs.Record{Subject: subjectElement, ID: e.Code})
		}
		return err
	})
}

func (s *Service) keepElement(ctx context.Context, e, before *Element, do func(*audit.Tx) error) (Element, error) {
	e.tidy()
	city, _ := s.Registry.City()
	err := s.Log.Do(ctx, func(tx *audit.Tx) error {
		if err := tx.Require(permElement, city.Code); err != nil {
			return err
		}
		if err := e.Validate(); err != nil {
			return err
		}
		if err := revision.Bump(ctx, tx, revisionElement); err != nil {
			return err
		}
		entry := audit.Entry{Action: permElement, Area: city.Code, Subject: subjectElement, SubjectID: e.Code, After: e.record()}
		if before != nil {
			entry.Before = before.record()
		}
		tx.Record(entry)
		return do(tx)
	})
	if err == nil {
		err = s.RefreshElements(ctx)
	}
	if err != nil {
		return *e, err
	}
	kept, _ := s.Element(e.Code)
	return kept, nil
}

// record is what the audit log keeps of an element.
func (e *Element) record() map[string]any {
	return map[string]any{"name": e.Name, "type": e.Type, "owner": e.Owner.Zh, "source": e.Source.Zh, "sharing": e.Sharing,
		"conditions": e.Conditions.Zh, "law": e.Law, "synonyms": e.Synonyms, "enabled": e.Enabled}
}

func (s *Service) elementOf(code string) (Element, error) {
	e, ok := s.Element(code)
	if !ok {
		return e, errs.ErrNotFound
	}
	return e, nil
}

// ValueOf is what is held of an element for a community today. Errors: Forbidden outside the actor's areas; NotFound.
func (s *Service) ValueOf(ctx context.Context, code, area string) (HeldValue, error) {
	if err := authority.Require(ctx, permElementRead, area); err != nil {
		return HeldValue{}, err
	}
	if _, ok := s.Registry.Area(area); !ok {
		return HeldValue{}, errs.ErrNotFound
	}
	if _, err := s.elementOf(code); err != nil {
		return HeldValue{}, err
	}
	h := s.holder(code)
	if h == nil {
		return HeldValue{}, nil
	}
	v, known, err := h.Value(ctx, s.Log.DB, code, area, clock.Day(clock.Now(ctx)))
	return HeldValue{Known: known, Value: v}, err
}

package grid

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"

	"linli/internal/platform/audit"
	"linli/internal/platform/calendar"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/revision"
	"linli/internal/platform/shipped"
	"linli/internal/platform/text"
	"linli/internal/routing"
)

// revisionCategory counts the changes of the categories.
const revisionCategory = "grid.category"

// shippedCategories is what ships of categories.
func shippedCategories() *shipped.Set {
	byCode := map[string]Category{}
	set := &shipped.Set{Kind: "grid.category", Revision: revisionCategory, Shipped: map[string]string{},
		Stored: storedCategories, Untouched: untouchedCategories}
	for _, c := range Categories() {
		raw, _ := json.Marshal(c) // as it was read
		byCode[c.Code], set.Shipped[c.Code] = c, categoryForm(string(raw), enabledOf(&c))
	}
	set.Put = func(ctx context.Context, tx revision.Execer, code string) error {
		c := byCode[code]
		_, err := insertCategory(ctx, tx, &c, ` ON CONFLICT (code) DO UPDATE SET document = excluded.document, enabled = excluded.enabled,
			version = grid_category.version + 1`)
		return err
	}
	set.Drop = func(ctx context.Context, tx revision.Execer, code string) error { // its open cases go on by what it was
		_, err := tx.Exec(ctx, `UPDATE grid_category SET enabled = 0, version = version + 1 WHERE code = $1`, code)
		return err
	}
	return set
}

// categoryForm is a category as it is compared with what ships.
func categoryForm(document string, enabled int) string {
	return `{"offered":` + strconv.Itoa(enabled) + `,"category":` + document + `}`
}

func storedCategories(ctx context.Context, r db.Reader) (map[string]string, error) {
	out := map[string]string{}
	_, err := db.All(ctx, r, func(s db.Scanner) (none struct{}, err error) {
		var code, document string
		var enabled int
		if err = s.Scan(&code, &document, &enabled); err == nil {
			out[code] = categoryForm(document, enabled)
		}
		return none, err
	}, `SELECT code, document, enabled FROM grid_category`)
	return out, err
}

// untouchedCategories are those that no officer has changed since they were first put there.
func untouchedCategories(ctx context.Context, r db.Reader) (map[string]bool, error) {
	out := map[string]bool{}
	_, err := db.All(ctx, r, func(s db.Scanner) (code string, err error) {
		if err = s.Scan(&code); err == nil {
			out[code] = true
		}
		return code, err
	}, `SELECT code FROM grid_category WHERE version = 1`)
	return out, err
}

// RefreshCategories reads the categories again, e.g. after another process has changed one.
func (s *Service) RefreshCategories(ctx context.Context) error {
	categories, err := listCategories(ctx, s.Casework.Log.DB)
	if err == nil {
		s.categories.Store(&categories)
	}
	return err
}

// List is every category, those switched off too, each class before its sub-classes.
func (s *Service) List() []Category { return *s.categories.Load() }

// Offered lists what can be reported: the sub-classes that are switched on, and their classes.
func (s *Service) Offered() []Category {
	var out []Category
	for _, c := range s.List() {
		offered := s.offered(&c)
		if c.IsClass() {
			offered = slices.ContainsFunc(s.List(), func(sub Category) bool { return sub.Parent == c.Code && s.offered(&sub) })
		}
		if offered {
			out = append(out, c)
		}
	}
	return out
}

// offered tells whether a category is a sub-class that is switched on, together with its class.
func (s *Service) offered(c *Category) bool {
	class, ok := s.Category(c.Parent)
	return ok && c.Enabled && class.Enabled
}

// Category finds one by its code, those switched off too: open cases still need it.
func (s *Service) Category(code string) (Category, bool) {
	for _, c := range s.List() {
		if c.Code == code {
			return c, true
		}
	}
	return Category{}, false
}

func (s *Service) categoryName(code string, lang text.Lang) string {
	c, ok := s.Category(code)
	if !ok {
		return code
	}
	name := c.Name.In(lang)
	if class, ok := s.Category(c.Parent); ok {
		return class.Name.In(lang) + " / " + name
	}
	return name
}

func (s *Service) knows(code string) bool {
	_, ok := s.Category(code)
	return ok
}

func (s *Service) classOf(code string) string {
	c, _ := s.Category(code)
	return c.Parent
}

// duty is the category's own unit; a department is looked for at its level and then above.
func (s *Service) responsible(code string) routing.ResponsibleUnit {
	c, _ := s.Category(code)
	return routing.ResponsibleUnit{Department: c.Department, Level: c.Level, Upward: true}
}

// AddCategory adds a class, or a sub-class of one that is there. Errors: those of
// [CheckCategories], with "twice" for a code that was ever used.
func (s *Service) AddCategory(ctx context.Context, c Category) (Category, error) {
	c.Version = 1
	if c.IsClass() {
		c.Parent, c.Limit, c.Department, c.Level, c.Closing, c.Certainty, c.Source = "", calendar.Limit{}, "", 0, Text{}, "", Text{}
	}
	return s.keepCategory(ctx, &c, func(tx *audit.Tx, all []Category) ([]Category, *Category, error) {
		_, err := insertCategory(ctx, tx, &c, "")
		if db.IsUnique(err) {
			err = refuse("twice")
		}
		return append(all, c), nil, err
	})
}

// ChangeCategory sets everything of a category but its code, class and kind, by its version. A
// category is never deleted: its cases name it. Errors: those of [Category.Validate]; NotFound;
// Stale.
func (s *Service) ChangeCategory(ctx context.Context, c Category) (Category, error) {
	return s.keepCategory(ctx, &c, func(tx *audit.Tx, all []Category) ([]Category, *Category, error) {
		i := slices.IndexFunc(all, func(o Category) bool { return o.Code == c.Code })
		if i < 0 {
			return nil, nil, errs.ErrNotFound
		}
		before := all[i]
		c.Kind, c.Parent = before.Kind, before.Parent
		if c.IsClass() {
			c.Limit, c.Department, c.Level, c.Closing, c.Certainty, c.Source = before.Limit, before.Department, before.Level,
				before.Closing, before.Certainty, before.Source
		}
		all[i] = c
		return all, &before, updateCategory(ctx, tx, &c)
	})
}

// keepCategory runs one change of the categories and checks the whole set that comes of it.
func (s *Service) keepCategory(ctx context.Context, c *Category,
	do func(*audit.Tx, []Category) ([]Category, *Category, error)) (Category, error) {
	city, _ := s.Registry.City()
	err := s.Casework.Log.Do(ctx, func(tx *audit.Tx) error {
		if err := tx.Require(permCategory, city.Code); err != nil {
			return err
		}
		if err := revision.Bump(ctx, tx, revisionCategory); err != nil {
			return err
		}
		all, err := listCategories(ctx, tx)
		if err != nil {
			return err
		}
		all, before, err := do(tx, all)
		if err != nil {
			return err
		}
		if err := CheckCategories(all); err != nil {
			return err
		}
		entry := audit.Entry{Action: permCategory, Area: city.Code, Subject: "grid.category", SubjectID: c.Code, After: c.record()}
		if before != nil {
			entry.Before = before.record()
		}
		tx.Record(entry)
		return nil
	})
	if err != nil {
		return Category{}, err
	}
	if err := s.RefreshCategories(ctx); err != nil {
		return Category{}, err
	}
	kept, _ := s.Category(c.Code)
	return kept, nil
}

// record is what the audit log keeps of a category.
func (c *Category) record() map[string]any {
	return map[string]any{"name": c.Name, "limit": c.Limit.String(), "department": c.Department, "level": c.Level,
		"closing": c.Closing, "certainty": c.Certainty, "source": c.Source, "enabled": c.Enabled}
}

func listCategories(ctx context.Context, r db.Reader) ([]Category, error) {
	return db.All(ctx, r, func(row db.Scanner) (c Category, err error) {
		var raw string
		var enabled int
		var version int64
		if err = row.Scan(&raw, &enabled, &version); err == nil {
			err = json.Unmarshal([]byte(raw), &c)
		}
		c.Enabled, c.Version = enabled == 1, version
		return c, err
	}, `SELECT document, enabled, version FROM grid_category ORDER BY code`)
}

func insertCategory(ctx context.Context, tx revision.Execer, c *Category, onConflict string) (int64, error) {
	raw, err := json.Marshal(c)
	if err != nil {
		return 0, err
	}
	return tx.Exec(ctx, `INSERT INTO grid_category (code, document, enabled, version) VALUES ($1,$2,$3,1)`+onConflict,
		c.Code, string(raw), enabledOf(c))
}

func updateCategory(ctx context.Context, tx *audit.Tx, c *Category) error {
	document := *c
	document.Version = 1 // it stands beside the document: a category that is put back as it was is as it shipped
	raw, err := json.Marshal(document)
	if err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `UPDATE grid_category SET document = $1, enabled = $2, version = version + 1 WHERE code = $3 AND version = $4`,
		string(raw), enabledOf(c), c.Code, c.Version)
	if err == nil && n == 0 {
		return errs.StaleOf(errs.Record{Subject: "grid.category", ID: c.Code})
	}
	return err
}

func enabledOf(c *Category) int {
	if c.Enabled {
		return 1
	}
	return 0
}

// Package rule keeps what law, standard or the city sets: thresholds, limits and citations, as
// data with dates of validity and a mark of how sure they are. Code asks for the value of a
// key on a day; a refusal names the key, and its citation is shown.
package rule

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"sort"
	"strconv"
	"strings"
	"sync/atomic"

	"linli/internal/platform/db"
	"linli/internal/platform/revision"
	"linli/internal/platform/shipped"
)

// Value is one rule during one time.
type Value struct {
	Key       string `json:"key"`
	ValidFrom string `json:"validFrom" doc:"First day, YYYY-MM-DD"`
	ValidTo   string `json:"validTo" doc:"Last day, or empty while it lasts"`
	Value     string `json:"value"`
	Unit      string `json:"unit"`
	Basis     string `json:"basis" doc:"Name of the law, standard or decision"`
	Article   string `json:"article"`
	Certainty string `json:"certainty" enum:"V,S,U,D" doc:"V read in the text, S second-hand, U not verified: configuration, D derived"`
	Note      string `json:"note"`
}

// Parse reads CSV rows rule,valid_from,valid_to,value,unit,basis,article,certainty,note below
// a header line.
func Parse(r io.Reader) ([]Value, error) {
	rows, err := csv.NewReader(r).ReadAll()
	if err != nil {
		return nil, err
	}
	var out []Value
	for i, c := range rows {
		if i == 0 {
			continue
		}
		if len(c) != 9 || c[0] == "" || c[1] == "" {
			return nil, fmt.Errorf("rule line %d: nine columns, the first two filled, are needed", i+1)
		}
		out = append(out, Value{Key: c[0], ValidFrom: c[1], ValidTo: c[2], Value: c[3], Unit: c[4], Basis: c[5],
			Article: c[6], Certainty: c[7], Note: c[8]})
	}
	return out, nil
}

// Shipped reads the rules that a module embeds; a mistake in them is a fault of the program.
func Shipped(raw []byte) []Value {
	values, err := Parse(bytes.NewReader(raw))
	if err != nil {
		panic("shipped rules: " + err.Error())
	}
	return values
}

// Cache is the current set of rules, safe for use by many.
type Cache struct {
	values atomic.Pointer[map[string][]Value]
}

// NewCache holds the given values.
func NewCache(values []Value) *Cache {
	b := &Cache{}
	b.set(values)
	return b
}

func (b *Cache) set(values []Value) {
	m := map[string][]Value{}
	for _, v := range values {
		m[v.Key] = append(m[v.Key], v)
	}
	for _, vs := range m {
		sort.Slice(vs, func(i, j int) bool { return vs[i].ValidFrom < vs[j].ValidFrom })
	}
	b.values.Store(&m)
}

// Set is what ships of rules, each under its key and first day.
func (b *Cache) Set(values []Value) *shipped.Set {
	set := &shipped.Set{Kind: "rule", Revision: Revision, Shipped: map[string]string{}, Stored: stored}
	byName := map[string]Value{}
	for _, v := range values {
		set.Shipped[v.name()], byName[v.name()] = v.form(), v
	}
	set.Put = func(ctx context.Context, tx revision.Execer, name string) error { return put(ctx, tx, byName[name]) }
	set.Drop = func(ctx context.Context, tx revision.Execer, name string) error {
		key, from, _ := strings.Cut(name, " ")
		_, err := tx.Exec(ctx, `DELETE FROM rule_value WHERE rule = $1 AND valid_from = $2`, key, from)
		return err
	}
	return set
}

func (v Value) name() string { return v.Key + " " + v.ValidFrom }

// form is a value as it is compared with what ships.
func (v Value) form() string {
	raw, _ := json.Marshal(map[string]string{"validTo": v.ValidTo, "value": v.Value, "unit": v.Unit, "basis": v.Basis, "article": v.Article,
		"certainty": v.Certainty, "note": v.Note}) // texts
	return string(raw)
}

func stored(ctx context.Context, r db.Reader) (map[string]string, error) {
	values, err := list(ctx, r)
	out := map[string]string{}
	for _, v := range values {
		out[v.name()] = v.form()
	}
	return out, err
}

// Revision counts the changes of the rules.
const Revision = "rule"

// Put sets a value inside a write, in the place of one that begins on the same day. Refresh
// makes it known; other processes notice by the revision.
func (b *Cache) Put(ctx context.Context, tx *db.Tx, v Value) error {
	if err := revision.Bump(ctx, tx, Revision); err != nil {
		return err
	}
	return put(ctx, tx, v)
}

func put(ctx context.Context, tx revision.Execer, v Value) error {
	_, err := tx.Exec(ctx, `INSERT INTO rule_value (rule, valid_from, valid_to, value, unit, basis, article, certainty, note)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9) ON CONFLICT (rule, valid_from) DO UPDATE SET valid_to = excluded.valid_to, value = excluded.value,
		unit = excluded.unit, basis = excluded.basis, article = excluded.article, certainty = excluded.certainty, note = excluded.note`,
		v.Key, v.ValidFrom, v.ValidTo, v.Value, v.Unit, v.Basis, v.Article, v.Certainty, v.Note)
	return err
}

// Refresh reads all values into the book.
func (b *Cache) Refresh(ctx context.Context, d *db.DB) error {
	values, err := list(ctx, d)
	if err != nil {
		return err
	}
	b.set(values)
	return nil
}

func list(ctx context.Context, r db.Reader) ([]Value, error) {
	return db.All(ctx, r, scan, `SELECT rule, valid_from, valid_to, value, unit, basis, article, certainty, note FROM rule_value`)
}

func scan(s db.Scanner) (v Value, err error) {
	err = s.Scan(&v.Key, &v.ValidFrom, &v.ValidTo, &v.Value, &v.Unit, &v.Basis, &v.Article, &v.Certainty, &v.Note)
	return v, err
}

// On is the value of a key on a day (YYYY-MM-DD), and whether there is one.
func (b *Cache) On(key, day string) (Value, bool) {
	vs := (*b.values.Load())[key]
	for i := len(vs) - 1; i >= 0; i-- {
		if vs[i].ValidFrom <= day && (vs[i].ValidTo == "" || day <= vs[i].ValidTo) {
			return vs[i], true
		}
	}
	return Value{}, false
}

// Int is the whole number of a key on a day. It panics on a key that no module ships: that is
// a fault of the program, found by its tests.
func (b *Cache) Int(key, day string) int {
	v, ok := b.On(key, day)
	n, err := strconv.Atoi(v.Value)
	if !ok || err != nil {
		panic(fmt.Sprintf("rule %s has no whole number on %s", key, day))
	}
	return n
}

// All lists every value by key and date.
func (b *Cache) All() []Value {
	var out []Value
	for _, vs := range *b.values.Load() {
		out = append(out, vs...)
	}
	sort.Slice(out, func(i, j int) bool {
		if out[i].Key != out[j].Key {
			return out[i].Key < out[j].Key
		}
		return out[i].ValidFrom < out[j].ValidFrom
	})
	return out
}

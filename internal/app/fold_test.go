package app_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"linli/internal/app/apptest"
	"linli/internal/platform/audit"
	"linli/internal/platform/notify"
	"linli/internal/platform/text"
)

// full is a text as a Chinese input method may write it.
func full(s string) string {
	return strings.Map(func(r rune) rune {
		if r > ' ' && r <= '~' {
			return r + 0xfee0
		}
		return r
	}, s)
}

// disguises are ways in which a code is typed or pasted that mean the code itself.
var disguises = []func(string) string{
	full,
	func(s string) string { return "\u3000 " + s + "\u00a0\t" },
	func(s string) string { return "\u202d\ufeff" + s[:len(s)/2] + "\u200b" + s[len(s)/2:] + "\u202c" },
}

// free are the inputs of the API that are texts or secrets and are kept as they are written; every other is a
// number, code, choice, date or search.
var free = map[string]bool{"name": true, "note": true, "notice": true, "source": true, "reason": true,
	"answer": true, "description": true, "text": true,
	"address": true, "zh": true, "en": true, "password": true, "current": true, "new": true, "csv": true,
	"outline": true, "head": true, "lines": true,
	"post": true, "pilot": true, "file": true, "clientKey": true, "Idempotency-Key": true, "answers": true,
	"query": true, "title": true, "label": true, "differs": true, "duplicate": true,
	"askedBy": true}

// freeAt are texts of a name that is a code elsewhere: a step's basis is a number or code, a thing's a law and its article.
var freeAt = map[string]bool{"POST /api/v1/burden/inventory basis": true, "PUT /api/v1/burden/inventory/{id} basis": true}

// known are values that lead to something in the small city, by name of the input.
var known = map[string]string{"code": apptest.Community, "area": apptest.Community, "parent": apptest.Street,
	"q": "垃圾", "kind": "incident", "category": "0101",
	"item": "senior_card", "on": "2026-03-02", "year": "2026", "lang": "zh", "view": "all", "level": "5",
	"login": "clerk", "phone": "13800138000",
	"effective": "2026-03-02", "month": "2026-03", "limit": "20", "work": "2026-02-14",
	"email": "li@example.cn", "idNumber": "11010519491231002X"}

// foldWalk sends to one city what is plain and to its twin the same in disguise.
type foldWalk struct {
	*surface
	t     *testing.T
	plain *hostileWalk
	twin  *hostileWalk
	sent  int
}

// key is the member of a body that names what a write creates, "" for none: each write names another, or only the first
// would reach what it writes. It is where the route's probe says {fresh}.
func (f *foldWalk) key(place string) string {
	p := f.plain.w.App.ModuleProbe(strings.Replace(place, "/api/v1", "", 1))
	if p == nil {
		return ""
	}
	return freshIn(p.Body)
}

func freshIn(body map[string]any) string {
	for name, v := range body {
		switch v := v.(type) {
		case string:
			if v == "{fresh}" {
				return name
			}
		case map[string]any:
			if in := freshIn(v); in != "" {
				return name + "/" + in
			}
		}
	}
	return ""
}

// answerOf is what two answers to the same question share: all but ids, instants and codes.
func answerOf(a apptest.Answer) string {
	raw := regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\b1[0-9]{12}\b|"(?:token|secret|cursor|next|code|instance|address|digest|hash|path|root|signature|link)":"[^"]*"`).ReplaceAllString(a.Raw, "~")
	faults := strings.Split(raw, "},{") // of a map in any order
	slices.Sort(faults)
	return fmt.Sprint(a.Status, " ", a.Header.Get("Location"), faults)
}

func (f *foldWalk) value(name string, x *schema, number bool) string {
	x = f.deref(x)
	switch {
	case known[name] != "" && (x.MaxLength == 0 || len(known[name]) <= x.MaxLength) && len(x.Enum) == 0:
		return known[name]
	case len(x.Enum) > 0:
		return fmt.Sprint(x.Enum[0])
	case number:
		return "1"
	case strings.Contains(x.Pattern, "a-z"):
		return "name"
	case x.MaxLength == 7:
		return "2026-03"
	}
	return plainOf(x)
}

// both sends the plain value to one city and its disguises to the other, and compares what comes back. It
// returns the statuses of the plain ones.
func (f *foldWalk) both(place, permission, value string, send func(c *apptest.Caller, v string) apptest.Answer) (statuses []int) {
	for _, disguise := range disguises {
		f.sent++
		plain, disguised := send(f.plain.caller(permission), value), send(f.twin.caller(permission), disguise(value))
		if want, got := answerOf(plain), answerOf(disguised); want != got {
			f.t.Errorf("%s: %q is answered with\n%.300s\nand %q with\n%.300s", place, value, want, disguise(value), got)
			return statuses
		}
		statuses = append(statuses, plain.Status)
	}
	return statuses
}

func (f *foldWalk) operation(method, path string, op operation) {
	place := method + " " + path
	address := func(name, value string) string {
		out, query := strings.TrimPrefix(path, "/api/v1"), url.Values{}
		for _, p := range op.Parameters {
			v := f.value(p.Name, p.Schema, f.deref(p.Schema).is("integer"))
			if p.Name == "code" && strings.Contains(path, "/items/{code}") {
				v = known["item"]
			}
			if p.Name == name {
				v = value
			}
			switch {
			case p.In == "path":
				out = strings.ReplaceAll(out, "{"+p.Name+"}", url.PathEscape(v))
			case p.In == "query" && (p.Required || p.Name == name):
				query.Set(p.Name, v)
			}
		}
		return out + "?" + query.Encode()
	}
	body := f.deref(op.RequestBody.Content["application/json"].Schema)
	send := func(c *apptest.Caller, address, raw string) apptest.Answer {
		if raw == "" {
			return c.Send(method, address, "", nil)
		}
		return c.Send(method, address, "application/json", strings.NewReader(raw))
	}
	for _, p := range op.Parameters {
		if p.In == "header" || free[p.Name] {
			continue
		}
		raw := ""
		if body != nil {
			raw = f.sample(body, "", "", 0)
		}
		f.both(place+" "+p.In+" "+p.Name, op.Permission, f.value(p.Name, p.Schema, !f.deref(p.Schema).is("string")),
			func(c *apptest.Caller, v string) apptest.Answer {
				return send(c, address(p.Name, v), raw)
			})
	}
	if body == nil {
		return
	}
	creates, conflicts := 0, 0
	for _, at := range slices.Sorted(slices.Values(f.texts(body, "", 0))) {
		name := nameAt(at)
		if free[name] || freeAt[place+" "+at] || strings.Contains(at, "{}") || at == f.key(place) {
			continue
		}
		statuses := f.both(place+" "+at, op.Permission, f.value(name, f.at(body, at), false), func(c *apptest.Caller, v string) apptest.Answer {
			literal, _ := json.Marshal(v)
			raw := f.sample(body, at, string(literal), 0)
			if to := f.key(place); to != "" {
				raw = named(f.t, raw, to, letters(f.sent))
			}
			return send(c, address("", ""), raw)
		})
		if len(statuses) > 0 {
			creates += count(statuses[0] == http.StatusCreated)
			conflicts += count(statuses[0] == http.StatusConflict)
		}
	}
	if creates > 0 && conflicts > 0 {
		f.t.Errorf("%s: %d writes created something, %d were refused by what is there: let the probe say {fresh} where one names what it creates",
			place, creates, conflicts)
	}
}

// letters is a number in letters, for names that have no digits.
func letters(n int) string {
	out := ""
	for ; n > 0; n /= 26 {
		out = string(rune('a'+n%26)) + out
	}
	return out
}

func count(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// named is a body with one of its members put to a value.
func named(t *testing.T, raw, at, value string) string {
	t.Helper()
	var body map[string]any
	must(t, json.Unmarshal([]byte(raw), &body))
	parts := strings.Split(at, "/")
	member := body
	for _, name := range parts[:len(parts)-1] {
		member = member[name].(map[string]any)
	}
	member[parts[len(parts)-1]] = value
	out, err := json.Marshal(body)
	must(t, err)
	return string(out)
}

// nameAt is the last name of a place in a body.
func nameAt(at string) string {
	parts := strings.Split(strings.TrimSuffix(at, "/[]"), "/")
	return parts[len(parts)-1]
}

// at is the schema at a place of a body.
func (s *surface) at(x *schema, at string) *schema {
	for name := range strings.SplitSeq(at, "/") {
		if x = s.deref(x); name == "[]" {
			x = x.Items
		} else {
			x = x.Properties[name]
		}
	}
	return s.deref(x)
}

// Every number, code, choice, date and search of the API means the same in full width, among blanks and with
// marks that are not seen: two cities that begin alike and are asked the plain and the disguised value answer alike to
// the end, and nothing is kept in disguise. An input that is new is folded, or named in free.
func TestInputsOfTheAPIAreFolded(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		raw, err := w.App.Document()
		must(t, err)
		twin := w.Twin()
		s := &surface{}
		must(t, json.Unmarshal(raw, s))
		walker := func(w *apptest.World) *hostileWalk {
			return &hostileWalk{surface: s, t: t, w: w, callers: map[string]*apptest.Caller{}, got: map[string]int{}}
		}
		f := &foldWalk{surface: s, t: t, plain: walker(w), twin: walker(twin)}
		for _, method := range []string{"GET", "POST", "PUT", "DELETE"} {
			for _, path := range slices.Sorted(maps.Keys(s.Paths)) {
				if op, ok := s.Paths[path][strings.ToLower(method)]; ok && !ends(path) && !strings.HasSuffix(path, "/export") {
					f.operation(method, path, op)
				}
			}
		}
		if f.sent < 1500 {
			t.Errorf("only %d values were compared", f.sent)
		}
		t.Logf("%d values", f.sent)
		for _, row := range everything(t, twin.App.DB) {
			if i := strings.IndexFunc(row, func(r rune) bool {
				return r == '\u200b' || r == '\u202d' || r >= '０' && r <= '９' || r >= 'Ａ' && r <= 'ｚ'
			}); i >= 0 {
				t.Errorf("kept in disguise: %.200q", row[max(0, i-100):])
			}
		}
	})
}

// The number of a case finds it however it is written, whole, without hyphens or by its last digits, in the lists
// of console and field app, and in the portal for whoever has proven their telephone.
func TestCaseNumbersAreFoundHoweverTheyAreWritten(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		sent := outbox{}
		w.App.Residents.Notify = &sent
		opened := w.Nobody().OpenCase(map[string]any{"category": "0101", "description": "垃圾", "area": apptest.Community,
			"place": map[string]any{"text": "东门"}, "reporter": map[string]any{"name": "李梅", "phone": "13800138000"}}).Want(201)
		number := opened.Text("number")
		bare := strings.ReplaceAll(number, "-", "")
		writings := []string{number, bare, bare[:8] + " " + bare[8:], number[len(number)-5:], number[len(number)-12:]}
		for _, n := range slices.Clone(writings) {
			for _, disguise := range disguises {
				writings = append(writings, disguise(n))
			}
		}
		visitor := w.Nobody()
		visitor.Page("POST", "/me", url.Values{"phone": {full("13800138000")}}).Want(http.StatusSeeOther)
		visitor.Page("POST", "/me/code", url.Values{"code": {full(sent.code())}}).Want(http.StatusSeeOther)
		dispatcher, grid := w.As("dispatcher"), w.As("grid")
		for _, n := range writings {
			for _, c := range []*apptest.Caller{dispatcher, grid} {
				for _, view := range []string{"unit", "all"} {
					if found := c.Do("GET", "/casework/cases?view="+view+"&q="+url.QueryEscape(n), nil).Want(200).Items(); len(found) != 1 &&
						view == "unit" {
						t.Errorf("%q finds %d cases in %s", n, len(found), view)
					}
				}
			}
			if found := w.As("street").Do("GET", "/casework/cases?view=all&q="+url.QueryEscape(n), nil).Want(200).Items(); len(found) != 1 {
				t.Errorf("%q finds %d cases for the street", n, len(found))
			}
			if got := visitor.Page("POST", "/track", url.Values{"code": {n}}); got.Status != http.StatusSeeOther {
				t.Errorf("%q leads its reporter to %d", n, got.Status)
			}
		}
		for _, lang := range text.Languages { // a number is no secret
			stranger := w.Nobody()
			stranger.Lang = string(lang)
			if got := stranger.Page("POST", "/track", url.Values{"code": {number}}); got.Status != 422 ||
				!strings.Contains(got.Raw, w.App.Catalogue.T(lang, "error.casework.code_number")) {
				t.Errorf("a stranger with the number gets %d", got.Status)
			}
			stranger.Page("POST", "/track", url.Values{"code": {number[len(number)-5:]}}).Want(422)
			visitor.Page("POST", "/track", url.Values{"code": {number[:len(number)-1] + "9"}}).Want(422)
		}
	})
}

// outbox keeps the last message.
type outbox struct{ text string }

// Add implements notify.Sender.
func (o *outbox) Add(_ context.Context, _ *audit.Tx, m notify.Message) error {
	o.text = m.Text
	return nil
}

// code is the one-time code of the message.
func (o *outbox) code() string { return regexp.MustCompile(`\d{4} \d{4}`).FindString(o.text) }

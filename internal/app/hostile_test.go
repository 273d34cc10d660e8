package app_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"linli/internal/app/apptest"
	"linli/internal/platform/authority"
	"linli/internal/platform/db/dbtest"
	"linli/internal/registry"
)

// hostile is a value as bytes, and where it differs as a JSON string.
type hostile struct {
	raw, json string
	bad       bool // no text: refused before any handler
}

var hostiles = []hostile{
	{raw: "\x00", json: `"\u0000"`, bad: true},
	{raw: "前\x00后", json: `"前\u0000后"`, bad: true},
	{raw: "前\x00后", json: "\"前\x00后\"", bad: true},
	{raw: "\xff", bad: true},
	{raw: "半\xe4\xb8", bad: true},
	{raw: "\xc0\x80", bad: true},
	{raw: "\xed\xa0\x80", bad: true},
	{raw: "\xf4\x90\x80\x80", bad: true},
	{raw: "\xed\xa0\xbd", json: `"\ud83d"`, bad: true},
	{raw: "\xed\xb0\x80", json: `"\udc00 x"`, bad: true},
	{raw: "\xed\xa0\xbdA", json: `"\ud83d\u0041"`, bad: true},
	{raw: "\xed\xb8\x80\xed\xa0\xbd", json: `"\ude00\ud83d"`, bad: true},
	{raw: "\U0001F600", json: `"\ud83d\ude00"`},
	{raw: `\u0000`, json: `"\\u0000"`},
	{raw: "\u202e1\u200b2\ufeff"},
	{raw: "\uffff\ufffe\U0010ffff"},
	{raw: `';--"<%00>`},
	{raw: "\r\n\t\x01\x7f"},
	{raw: "１２３－４"},
	{raw: strings.Repeat("长", 3000)},
}

// literal is the value as it stands in JSON.
func (h hostile) literal() string {
	if h.json != "" {
		return h.json
	}
	if h.bad {
		return `"` + h.raw + `"`
	}
	raw, _ := json.Marshal(h.raw)
	return string(raw)
}

// surface is the OpenAPI document as the walk reads it.
type surface struct {
	Paths      map[string]map[string]operation
	Components struct{ Schemas map[string]*schema }
}

type operation struct {
	Permission string `json:"x-permission"`
	Parameters []struct {
		Name, In string
		Schema   *schema
		Required bool
	}
	RequestBody struct {
		Content map[string]struct{ Schema *schema }
	}
}

type schema struct {
	Ref        string `json:"$ref"`
	Type       any
	Properties map[string]*schema
	Required   []string
	Items      *schema
	Enum       []any
	Pattern    string
	MinLength  int
	MaxLength  int
	Characters int `json:"x-maxCharacters"`
	Minimum    float64
	Additional any `json:"additionalProperties"`
}

func (s *surface) deref(x *schema) *schema {
	for x != nil && x.Ref != "" {
		x = s.Components.Schemas[x.Ref[strings.LastIndex(x.Ref, "/")+1:]]
	}
	return x
}

func (x *schema) is(kind string) bool {
	if all, ok := x.Type.([]any); ok {
		return slices.Contains(all, any(kind))
	}
	return x.Type == kind
}

// sample is a value of a schema as JSON with at the place path the literal put; path "" is the value
// itself. What is not on the way holds only what is required.
func (s *surface) sample(x *schema, path, put string, depth int) string {
	x = s.deref(x)
	switch {
	case x == nil || depth > 8:
		return "null"
	case path == "" && put != "":
		return put
	case x.is("object"):
		var parts []string
		head, rest, _ := strings.Cut(path, "/")
		for name, p := range x.Properties {
			if name == head {
				parts = append(parts, fmt.Sprintf("%q:%s", name, s.sample(p, rest, put, depth+1)))
			} else if slices.Contains(x.Required, name) {
				parts = append(parts, fmt.Sprintf("%q:%s", name, s.sample(p, "", "", depth+1)))
			}
		}
		slices.Sort(parts)
		if head == "{}" {
			extra, _ := json.Marshal(x.Additional)
			var of schema
			_ = json.Unmarshal(extra, &of)
			parts = append(parts, `"键":`+s.sample(&of, rest, put, depth+1))
		}
		return "{" + strings.Join(parts, ",") + "}"
	case x.is("array"):
		if _, rest, _ := strings.Cut(path, "/"); path != "" {
			return "[" + s.sample(x.Items, rest, put, depth+1) + "]"
		}
		return "[]"
	case len(x.Enum) > 0:
		raw, _ := json.Marshal(x.Enum[0])
		return string(raw)
	case x.is("string"):
		return `"` + plainOf(x) + `"`
	case x.is("boolean"):
		return "false"
	}
	return fmt.Sprint(max(x.Minimum, 1))
}

func plainOf(x *schema) string {
	switch {
	case strings.Contains(x.Pattern, "[0-5]"):
		return "09:00"
	case strings.Contains(x.Pattern, "[0-9]"):
		return apptest.Community
	case x.MaxLength == 10:
		return "2026-03-02"
	}
	return "x"
}

// texts lists the places of a schema at which a text may stand.
func (s *surface) texts(x *schema, at string, depth int) (out []string) {
	x = s.deref(x)
	if x == nil || depth > 8 {
		return nil
	}
	join := func(name string) string { return strings.TrimPrefix(at+"/"+name, "/") }
	if x.is("string") && at != "" {
		out = append(out, at)
	}
	for name, p := range x.Properties {
		out = append(out, s.texts(p, join(name), depth+1)...)
	}
	if x.Items != nil {
		out = append(out, s.texts(x.Items, join("[]"), depth+1)...)
	}
	if m, ok := x.Additional.(map[string]any); ok && m["type"] == "string" {
		out = append(out, join("{}"))
	}
	return out
}

// walk sends each hostile value in the place of each text of each operation and keeps the statuses.
type hostileWalk struct {
	*surface
	t       *testing.T
	w       *apptest.World
	callers map[string]*apptest.Caller
	got     map[string]int
	sent    int
}

func (h *hostileWalk) caller(permission string) *apptest.Caller {
	login := "dispatcher"
	for role, l := range map[authority.Role]string{registry.RoleWindowWorker: "window", registry.RoleDepartmentHead: "head",
		registry.RoleCommunityBuilding: "builder",
		registry.RoleAuditor:           "auditor", registry.RoleSecurityAdministrator: "security", registry.RoleSystemAdministrator: "admin",
		registry.RoleCityOfficer: "city", registry.RoleSubdistrictOfficer: "street"} {
		if !h.w.App.Policy.Holds(registry.RoleDispatcher, permission) && h.w.App.Policy.Holds(role, permission) &&
			(login == "dispatcher" || l < login) {
			login = l
		}
	}
	if permission == authority.Public {
		login = ""
	}
	if c := h.callers[login]; c != nil && (login == "" || c.Do("GET", "/session", nil).Status == http.StatusOK) {
		return c
	}
	c := h.w.Nobody()
	if login != "" {
		c = h.w.As(login)
	}
	h.callers[login] = c
	return c
}

func (h *hostileWalk) check(place string, n int, got apptest.Answer) {
	h.t.Helper()
	h.sent++
	key := fmt.Sprintf("%s #%d", place, n)
	h.got[key] = got.Status
	switch {
	case got.Status >= 500:
		h.t.Errorf("%s: %d %.200s", key, got.Status, got.Raw)
	case hostiles[n].bad && (got.Status != http.StatusBadRequest || got.JSON["key"] != "malformed_text" &&
		!strings.Contains(place, "name of file")):
		h.t.Errorf("%s: %d %.200s; what cannot be stored is refused first", key, got.Status, got.Raw)
	}
}

// ends are the operations after which the caller is somebody else: only what is refused is sent.
func ends(place string) bool {
	return strings.Contains(place, "/session") || strings.Contains(place, "/setup")
}

func (h *hostileWalk) operation(method, path string, op operation) {
	place := strings.ToUpper(method) + " " + path
	caller := h.caller(op.Permission)
	fill := func(name, value string) string {
		query := url.Values{}
		out := strings.TrimPrefix(path, "/api/v1")
		for _, p := range op.Parameters {
			x := h.deref(p.Schema)
			v := strings.Trim(h.sample(x, "", "", 0), `"`)
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
	content := ""
	var body *schema
	for kind, c := range op.RequestBody.Content {
		content, body = kind, c.Schema
	}
	send := func(address, raw string) apptest.Answer {
		if raw == "" {
			return caller.Send(strings.ToUpper(method), address, "", nil)
		}
		return caller.Send(strings.ToUpper(method), address, content, strings.NewReader(raw))
	}
	for n, v := range hostiles {
		if ends(place) && !v.bad {
			continue
		}
		for _, p := range op.Parameters {
			if x := h.deref(p.Schema); x == nil || !x.is("string") {
				continue
			}
			raw := ""
			if content == "application/json" {
				raw = h.sample(body, "", "", 0)
			}
			if p.In == "header" && strings.ContainsAny(v.raw, "\x00\r\n\x01") {
				continue // net/http refuses it on both sides
			}
			caller.Header = http.Header{}
			if p.In == "header" {
				caller.Header.Set(p.Name, v.raw)
			}
			h.check(place+" "+p.In+" "+p.Name, n, send(fill(p.Name, v.raw), raw))
		}
		caller.Header = nil
		switch content {
		case "application/json":
			for _, at := range h.texts(body, "", 0) {
				h.check(place+" "+at, n, send(fill("", ""), h.sample(body, at, v.literal(), 0)))
			}
		case "multipart/form-data":
			kind, raw := fileNamed(v.raw)
			h.check(place+" name of file", n, caller.Send(strings.ToUpper(method), fill("", ""), kind, raw))
		}
	}
}

// fileNamed is a form with one file whose name is sent as its bytes are.
func fileNamed(name string) (string, io.Reader) {
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	kind := m.FormDataContentType()
	escape := strings.NewReplacer("\\", "\\\\", `"`, "%22", "\r", "", "\n", "", "\x00", "\\\x00").Replace(name)
	fmt.Fprintf(&b, "--%s\r\nContent-Disposition: form-data; name=\"file\"; filename=\"%s.csv\"\r\nContent-Type: text/csv\r\n\r\n姓名\r\n--%s--\r\n", m.Boundary(), escape, m.Boundary())
	return kind, &b
}

// Every text of the API, with twenty hostile values each: no fault, what no database should store is
// refused before any handler, both engines answer alike, and no NUL is kept.
func TestHostileTextsAreAnsweredAlike(t *testing.T) {
	answers := map[string]map[string]int{}
	dbtest.EachAddress(t, func(t *testing.T, address string) {
		w := apptest.Open(t, address)
		raw, err := w.App.Document()
		must(t, err)
		h := &hostileWalk{surface: &surface{}, t: t, w: w, callers: map[string]*apptest.Caller{}, got: map[string]int{}}
		must(t, json.Unmarshal(raw, h.surface))
		for _, path := range slices.Sorted(maps.Keys(h.Paths)) {
			for _, method := range slices.Sorted(maps.Keys(h.Paths[path])) {
				h.operation(method, path, h.Paths[path][method])
			}
		}
		if h.sent < 10_000 {
			t.Errorf("only %d values were sent", h.sent)
		}
		t.Logf("%d values", h.sent)
		if strings.ContainsRune(fmt.Sprint(everything(t, w.App.DB)), 0) {
			t.Error("a NUL is kept")
		}
		answers[address] = h.got
	})
	var engines []map[string]int
	for _, got := range answers {
		engines = append(engines, got)
	}
	if len(engines) == 2 {
		for place, status := range engines[0] {
			if other := engines[1][place]; other != status && other != http.StatusTooManyRequests && status != http.StatusTooManyRequests {
				t.Errorf("%s: %d and %d", place, status, other)
			}
		}
	}
}

// The portal's forms and addresses refuse the same, in a sentence.
func TestThePortalRefusesWhatIsNoText(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		visitor := w.Nobody()
		for _, body := range []string{"description=a%00b&area=" + apptest.Community, "description=%FF", "a%00=1", "description=\xff"} {
			got := visitor.Post("/report/send", "application/x-www-form-urlencoded", strings.NewReader(body))
			if got.Status != http.StatusBadRequest || !strings.Contains(got.Raw, "无法保存的字符") {
				t.Errorf("%q: %d %.300s", body, got.Status, got.Raw)
			}
		}
		for _, value := range []string{"a\x00b", "\xff"} {
			var b bytes.Buffer
			m := multipart.NewWriter(&b)
			must(t, m.WriteField("description", value))
			must(t, m.Close())
			if got := visitor.Post("/report/send", m.FormDataContentType(), &b); got.Status != http.StatusBadRequest {
				t.Errorf("%q: %d %.300s", value, got.Status, got.Raw)
			}
			for _, address := range []string{"/?q=", "/areas/", "/items/", "/follow?code="} {
				if got := visitor.Page("GET", address+url.QueryEscape(value), nil); got.Status != http.StatusBadRequest {
					t.Errorf("%s%q: %d", address, value, got.Status)
				}
			}
		}
	})
}

package app_test

import (
	"html"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"linli/internal/app/apptest"
)

// formField is an input of a form as a page shows it.
type formField struct{ name, kind, value string }

type shownForm struct {
	action string
	post   bool
	fields []formField
}

var (
	formTag    = regexp.MustCompile(`(?s)<form\b([^>]*)>(.*?)</form>`)
	inputTag   = regexp.MustCompile(`(?s)<(input|button)\b([^>]*)>|<(textarea)\b([^>]*)>[^<]*</textarea>|<(select)\b([^>]*)>(.*?)</select>`)
	optionTag  = regexp.MustCompile(`<option value="([^"]+)"`)
	randomPart = regexp.MustCompile(`(?:draft|back)=[^"&]+|[0-9A-F]{6}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}|\d{8}-\d{6}-\d{5}|[0-9a-f]{8}-[0-9a-f-]{27}|\d+:\d{2}|\d{4} \d{4}`)
)

func attribute(tag, name string) string {
	m := regexp.MustCompile(`\b` + name + `="([^"]*)"`).FindStringSubmatch(tag)
	if m == nil {
		return ""
	}
	return html.UnescapeString(m[1])
}

// formsOf lists the forms of a page.
func formsOf(raw string) []shownForm {
	var out []shownForm
	for _, m := range formTag.FindAllStringSubmatch(raw, -1) {
		f := shownForm{action: attribute(m[1], "action"), post: strings.EqualFold(attribute(m[1], "method"), "post")}
		for _, t := range inputTag.FindAllStringSubmatch(m[2], -1) {
			field := formField{kind: t[1] + t[3] + t[5]}
			tag := t[2] + t[4] + t[6]
			if field.name = attribute(tag, "name"); field.name == "" {
				continue
			}
			field.value = attribute(tag, "value")
			if field.kind == "input" {
				field.kind = attribute(tag, "type")
			}
			if field.kind == "select" {
				if first := optionTag.FindStringSubmatch(t[7]); first != nil {
					field.value = first[1]
				}
			}
			if !slices.ContainsFunc(f.fields, func(o formField) bool { return o.name == field.name }) {
				f.fields = append(f.fields, field)
			}
		}
		out = append(out, f)
	}
	return out
}

// foldVisitor is one of two cities with the browser of one visitor.
type foldVisitor struct {
	*apptest.Caller
	sent     outbox
	code     string // follow code of the visitor's case
	disguise func(string) string
}

// Texts of one line that are kept as they are written; an answer of an application's form is one where its
// kind is text.
var portalTexts = map[string]bool{"name": true, "address": true, "text": true, "note": true, "description": true}

func (s *foldVisitor) value(path string, f formField) string {
	switch {
	case f.name == "code" && strings.HasPrefix(path, "/me"):
		return s.sent.code()
	case f.name == "code":
		return s.code
	case f.kind == "tel":
		return "13800138000"
	case f.kind == "email":
		return "li@example.cn"
	case f.kind == "date":
		return "1949-12-31"
	case f.kind == "number":
		return "3"
	case f.name == "idNumber":
		return "11010519491231002X"
	case f.name == "q", f.name == "words":
		return "yq"
	case f.name == "lng":
		return "119.31"
	case f.name == "lat":
		return "34.71"
	case f.value == "" && portalTexts[f.name], f.kind == "textarea":
		return "东门"
	}
	return f.value
}

// open brings the visitor to a page as if it were for the first time.
func (s *foldVisitor) open(path string) []shownForm {
	switch {
	case path == "/track":
		s.Page("POST", "/track/leave", nil)
	case strings.HasPrefix(path, "/track/case"):
		s.Page("POST", "/track", url.Values{"code": {s.code}})
	case strings.HasPrefix(path, "/me"):
		s.Page("POST", "/me/leave", nil)
		if path == "/me/code" {
			s.Page("POST", "/me", url.Values{"phone": {"13800138000"}})
		}
	}
	return formsOf(s.Page("GET", path, nil).Raw)
}

// send fills a form in and sends it, with one field in the visitor's disguise.
func (s *foldVisitor) send(path string, form shownForm, disguised string) apptest.Answer {
	values := url.Values{}
	for _, f := range form.fields {
		if f.kind == "file" || f.kind == "button" && f.name != disguised || f.kind == "image" {
			continue
		}
		v := s.value(path, f)
		if f.name == disguised && v != "" {
			v = s.disguise(v)
		}
		values.Set(f.name, v)
	}
	action := form.action
	if action == "" {
		action = path
	}
	if form.post {
		return s.Page("POST", action, values)
	}
	return s.Page("GET", action+"?"+values.Encode(), nil)
}

func sharedOf(a apptest.Answer) string {
	return randomPart.ReplaceAllString(a.Header.Get("Location")+" "+a.Raw, "~")
}

// Every field of every form of the portal that is a number, code, choice, date or search means the same in
// disguise: two visitors of cities that began alike are led alike. A field that is new is folded, or a text by its kind or
// by portalTexts.
func TestFormsOfThePortalAreFolded(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		sides := []*foldVisitor{{Caller: w.Nobody(), disguise: func(s string) string { return s }}, {}}
		twin := w.Twin()
		sides[1].Caller = twin.Nobody()
		for i, x := range []*apptest.World{w, twin} {
			x.App.Residents.Notify = &sides[i].sent
			for _, limited := range []string{"resident_code.address", "follow_code.address", "code_ask.address", "code_ask.all", "report.address",
				"report.visitor", "visit.address", "candidates.address"} {
				x.Rule("limit."+limited, "1000")
			}
			sides[i].code = x.Nobody().OpenCase(
				map[string]any{"category": "0101", "description": "垃圾", "area": apptest.Community,
					"place": map[string]any{"text": "东门"}, "reporter": map[string]any{"name": "李梅", "phone": "13800138000"}}).Want(201).Text("code")
		}
		pages := []string{"/", "/search?q=yq", "/communities", "/communities/" + apptest.Community, "/report/what", "/report/where",
			"/report/send", "/track", "/me", "/me/code",
			"/track/case", "/track/case/withdraw", "/track/case/person", "/about"}
		pages = append(pages, apptest.FormPages(w.App)...)
		compared := 0
		for _, path := range pages {
			forms := sides[0].open(path)
			for i := range forms {
				for _, field := range forms[i].fields {
					if field.kind == "textarea" || field.kind == "file" || field.kind == "image" || field.kind == "text" &&
						(portalTexts[field.name] || strings.Contains(path, "/apply/1")) {
						continue
					}
					for k, disguise := range disguises {
						sides[1].disguise = disguise
						got, gone := [2]string{}, 0
						for n, s := range sides {
							if current := s.open(path); i < len(current) {
								got[n] = sharedOf(s.send(path, current[i], field.name))
							} else {
								gone++ // what can be asked once was asked
							}
						}
						if gone == len(sides) {
							break
						}
						compared++
						if got[0] != got[1] {
							t.Errorf("%s, %s %s in disguise %d:\n%.200s\ninstead of\n%.200s", path, field.kind, field.name, k,
								differsFrom(got[1], got[0]), differsFrom(got[0], got[1]))
							break
						}
					}
				}
			}
		}
		if compared < 200 {
			t.Errorf("only %d values were compared", compared)
		}
		t.Logf("%d values", compared)
	})
}

// differsFrom is a text from where it differs from another.
func differsFrom(a, b string) string {
	i := 0
	for i < min(len(a), len(b)) && a[i] == b[i] {
		i++
	}
	return strings.ToValidUTF8(a[max(0, i-60):], "")
}

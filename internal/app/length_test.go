package app_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"mime/multipart"
	"regexp"
	"slices"
	"strings"
	"testing"

	"linli/internal/app/apptest"
	"linli/internal/platform/text"
)

// characters are one character each, as people see them: plain, of several code points, with marks, a flag.
var characters = []string{"绿", "👨‍👩‍👧‍👦", "e\u0301\u0323", "🏴\U000E0067\U000E0062\U000E0065\U000E006E\U000E0067\U000E007F", "葛\U000E0100"}

// Every bounded free text of the API takes as many characters as the document says, whatever they are made of, and
// one more is refused in both languages with the bound: two cities that begin alike answer alike.
func TestTextsAreBoundedInCharacters(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		raw, err := w.App.Document()
		must(t, err)
		s := &surface{}
		must(t, json.Unmarshal(raw, s))
		walker := func(w *apptest.World) *hostileWalk {
			return &hostileWalk{surface: s, t: t, w: w, callers: map[string]*apptest.Caller{}, got: map[string]int{}}
		}
		plain, twin := walker(w), walker(w.Twin())
		walked := 0
		for _, path := range slices.Sorted(maps.Keys(s.Paths)) {
			for _, method := range slices.Sorted(maps.Keys(s.Paths[path])) {
				op := s.Paths[path][method]
				body := s.deref(op.RequestBody.Content["application/json"].Schema)
				if body == nil || ends(path) {
					continue
				}
				address := pathPlace.ReplaceAllString(strings.TrimPrefix(path, "/api/v1"), "320703")
				for _, at := range s.texts(body, "", 0) {
					if strings.Contains(at, "{}") {
						continue
					}
					x := s.at(body, at)
					if x.Characters == 0 {
						if x.MaxLength > 10 && x.MaxLength < 10_000 && free[nameAt(at)] && nameAt(at) != "password" && nameAt(at) != "current" &&
							nameAt(at) != "new" && nameAt(at) != "clientKey" {
							t.Errorf("%s %s: %s is bounded in code points", method, path, at)
						}
						continue
					}
					walked++
					send := func(h *hostileWalk, lang text.Lang, value string) apptest.Answer {
						literal, _ := json.Marshal(value)
						c := h.caller(op.Permission)
						c.Lang = string(lang)
						return c.Send(strings.ToUpper(method), address, "application/json", strings.NewReader(s.sample(body, at, string(literal), 0)))
					}
					for _, one := range characters[1:] {
						want := send(plain, text.Chinese, strings.Repeat(characters[0], x.Characters))
						got := send(twin, text.Chinese, strings.Repeat(one, x.Characters))
						if lengthless(got, one) != lengthless(want, characters[0]) {
							t.Errorf("%s %s %s: %d of %q: %.300s instead of %.300s", method, path, at, x.Characters, one,
								lengthless(got, one), lengthless(want, characters[0]))
						}
						if bounded.MatchString(want.Raw) {
							t.Errorf("%s %s %s: %d characters are too many: %.300s", method, path, at, x.Characters, want.Raw)
						}
						for _, lang := range text.Languages {
							over := send(twin, lang, strings.Repeat(one, x.Characters+1))
							location := strings.ReplaceAll(strings.ReplaceAll(at, "/[]", "[0]"), "/", ".")
							if over.Status != 422 || !strings.Contains(over.Raw, fmt.Sprint(x.Characters)) ||
								!strings.Contains(over.Raw, `"location":"`+location+`"`) {
								t.Errorf("%s %s %s: %d of %q: %d %.300s", method, path, at, x.Characters+1, one, over.Status, over.Raw)
							}
						}
					}
				}
			}
		}
		if walked < 80 {
			t.Errorf("only %d texts were walked", walked)
		}
		t.Logf("%d texts", walked)
	})
}

var bounded = regexp.MustCompile(`最多 \d+`)

// lengthless is an answer without the text that was sent.
func lengthless(a apptest.Answer, one string) string {
	return regexp.MustCompile(`(`+regexp.QuoteMeta(one)+`)+`).ReplaceAllString(answerOf(a), "…")
}

// A file keeps its ending however long its name is, in every face.
func TestFilesKeepTheirEnding(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		for _, one := range characters {
			name := strings.Repeat(one, 230) + ".pdf"
			got := w.As("dispatcher").Upload(name, apptest.PDF("x")).Want(200)
			if !strings.HasSuffix(got.Text("name"), one+".pdf") {
				t.Errorf("named %q", got.Text("name"))
			}
			visitor := w.Nobody()
			visitor.Page("POST", "/report/what", map[string][]string{"category": {"0101"}, "description": {"垃圾"}}).Want(303)
			kind, body := formWithFile(name, apptest.PDF("x"))
			shown := visitor.Post("/report/send", kind, body)
			if page := visitor.Page("GET", "/report/send", nil).Raw + shown.Raw; shown.Status < 500 && strings.Contains(page, one+one) &&
				!strings.Contains(page, one+".pdf") {
				t.Errorf("the portal shows %.400s", page)
			}
		}
	})
}

// formWithFile is a portal's form with one paper.
func formWithFile(name string, content []byte) (kind string, body io.Reader) {
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	_ = m.WriteField("upload", "1")
	part, _ := m.CreateFormFile("files", name)
	_, _ = part.Write(content)
	_ = m.Close()
	return m.FormDataContentType(), &b
}

package page

import (
	"bytes"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"linli/internal/platform/clock"
	"linli/internal/platform/errs"
	"linli/internal/platform/httpx"
	"linli/internal/platform/rule"
	"linli/internal/platform/seal"
	"linli/internal/platform/text"
)

func site(t *testing.T, routes func(*Site)) http.Handler {
	t.Helper()
	words := fstest.MapFS{
		"texts/zh.json": {Data: []byte(`{"error.not_found":"没有","error.internal":"出错","error.too_large":"太大","error.malformed":"看不懂","error.invalid":"请修改","error.field.required":"请填写"}`)},
		"texts/en.json": {Data: []byte(`{"error.not_found":"none","error.internal":"fault","error.too_large":"large","error.malformed":"unreadable","error.invalid":"correct","error.field.required":"fill in"}`)},
	}
	c, err := text.New(Texts(), words)
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	s := NewSite(mux, Options{Speaker: &httpx.Negotiator{Catalogue: c, Rules: rule.NewCache(nil)}, Ring: seal.Fresh()})
	s.Add("test", fstest.MapFS{"templates/one.html": {Data: []byte(
		`{{define "title"}}T{{end}}{{define "main"}}<h1>{{.Data.Said}}</h1>{{range .Data.Fields}}{{template "page/field" .}}{{end}}{{end}}`)}})
	routes(s)
	if err := s.Build(); err != nil {
		t.Fatal(err)
	}
	return httpx.Language(mux)
}

type one struct {
	Said   string
	Fields []Field
}

func ask(h http.Handler, r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestBuildRefusesABrokenTemplate(t *testing.T) {
	t.Parallel()
	c, err := text.New(Texts())
	if err != nil {
		t.Fatal(err)
	}
	s := NewSite(http.NewServeMux(), Options{Speaker: &httpx.Negotiator{Catalogue: c, Rules: rule.NewCache(nil)}})
	s.Add("test", fstest.MapFS{"templates/one.html": {Data: []byte(`{{define "main"}}{{nothing}}{{end}}`)}})
	if s.Build() == nil {
		t.Error("a template with an unknown function was built")
	}
}

func TestAPanicAndAFaultShowTheSamePlainPage(t *testing.T) {
	t.Parallel()
	h := site(t, func(s *Site) {
		s.Get("/panic", func(*Request) error { panic("secret") })
		s.Get("/fault", func(*Request) error { return errors.New("secret") })
	})
	for _, path := range []string{"/panic", "/fault"} {
		w := ask(h, httptest.NewRequest(http.MethodGet, path+"?lang=en", nil))
		if w.Code != http.StatusInternalServerError || strings.Contains(w.Body.String(), "secret") ||
			!strings.Contains(w.Body.String(), "Something went wrong") {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
	}
}

func TestAWrongFieldIsNamedOnTopAndBeside(t *testing.T) {
	t.Parallel()
	h := site(t, func(s *Site) {
		s.Post("/form", func(q *Request) error {
			f, err := q.Form(nil)
			if err != nil {
				return err
			}
			status, err := q.Refuse(errs.ErrInvalid.At("person.name", "field.required"), "person.")
			if err != nil {
				return err
			}
			return q.Render(status, "test/one", one{Fields: q.Fill([]Field{{Name: "name", Label: "姓名", Kind: Text, Required: true},
				{Name: "note", Label: "说明", Kind: Textarea}}, f.Get)})
		})
	})
	r := httptest.NewRequest(http.MethodPost, "/form", strings.NewReader("note=%3Cb%3E&name="))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := ask(h, r)
	for _, want := range []string{`role="alert"`, `<a href="#f-name">姓名：请填写</a>`, `id="f-name-wrong"`, `aria-invalid="true"`,
		`>&lt;b&gt;</textarea>`, "<title>有误："} {
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("the page lacks %s\n%s", want, w.Body)
		}
	}
	if w.Code != http.StatusUnprocessableEntity {
		t.Errorf("status %d", w.Code)
	}
}

type refusing struct{ arrived, done int }

func (r *refusing) Arrive(string, string, io.Reader) error { r.arrived++; return errs.ErrTooLarge }
func (r *refusing) Done(err error) error                   { r.done++; return err }

func TestWordsAreKeptWhenAFileIsRefused(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	_ = m.WriteField("before", "一")
	part, _ := m.CreateFormFile("files", "big.bin")
	_, _ = part.Write(make([]byte, 1<<20))
	_ = m.WriteField("after", "二")
	m.Close()
	h := site(t, func(s *Site) {
		s.Post("/form", func(q *Request) error {
			files := &refusing{}
			f, err := q.Form(files)
			if !errors.Is(err, errs.ErrTooLarge) || files.arrived != 1 || files.done != 1 || f.Get("before") != "一" || f.Get("after") != "二" {
				t.Errorf("%v, %+v, %q and %q", err, files, f.Get("before"), f.Get("after"))
			}
			return nil
		})
	})
	r := httptest.NewRequest(http.MethodPost, "/form", &b)
	r.Header.Set("Content-Type", m.FormDataContentType())
	ask(h, r)
}

func TestCleanWords(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in, want string
		max      int
	}{
		{" a\r\nb ", "a\nb", 9}, {"a\x00b\x1b[31m", "ab[31m", 9}, {"\xff\xfe一", "一", 9}, {"一二三四", "一二", 2},
	} {
		if got := clean(c.in, c.max); got != c.want {
			t.Errorf("clean(%q, %d) = %q", c.in, c.max, got)
		}
	}
}

func TestLocalPaths(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"/a?b=1": "/a?b=1", "": "/", "a": "/", "//x": "/", "/\\x": "/", "http://x/": "/",
		"javascript:alert(1)": "/", "/\r\nx": "/", "/a#b": "/a#b",
	} {
		if got := local(in); got != want {
			t.Errorf("local(%q) = %q", in, got)
		}
	}
}

func TestDatesAndNumbers(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 25, 9, 5, 0, 0, clock.City)
	ms := clock.Millis(at)
	for want, got := range map[string]string{
		"2026年11月25日": Day(text.Chinese, at), "25 Nov 2026": Day(text.English, "2026-11-25"), "11月25日": ShortDay(text.Chinese, ms, at),
		"2027年1月4日": ShortDay(text.Chinese, "2027-01-04", at), "25 Nov 2026, 09:05": Moment(text.English, &ms), "?": Day(text.Chinese, "?"),
		"1,685": Number3(1685), "-1,685": Number3(-1685), "999": Number3(999), "-999": Number3(-999),
		"1,000,000": Number3(1000000), "0": Number3(0),
	} {
		if got != want {
			t.Errorf("%q, not %q", got, want)
		}
	}
}

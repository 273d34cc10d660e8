package app_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"linli/internal/app/apptest"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/httpx"
)

// frontPages are pages that a visitor opens, with the steps of a form.
func frontPages(c *apptest.Portal) []string {
	items := apptest.FormPages(c.App)[0]
	out := []string{items, items + "?q=老", apptest.ItemPage,
		"/", "/search?q=院前", "/search?q=补贴", "/about", "/accessibility", "/communities", "/communities?q=yq", "/communities/3207",
		"/communities/320703", "/communities/320703001", "/communities/" + apptest.Community, "/communities/320706017014",
		"/report/what", "/report/where", "/report/send", "/track", "/manual", "/manual/grid"}
	for _, step := range []string{"applicant", "community", "1", "files", "check"} {
		out = append(out, apptest.ItemPage+"/apply/"+step)
	}
	return out
}

var (
	untranslated = regexp.MustCompile(`\b(page|portal|registry|casework|hall|grid|manual|error|role)\.[a-z_]+(\.[a-z_0-9]+)*\b`)
	tags         = regexp.MustCompile(`(?s)<[^>]*>`)
	han          = regexp.MustCompile(`\p{Han}`)
)

func TestEveryPageInBothLanguages(t *testing.T) {
	t.Parallel()
	apptest.EachPortal(t, func(c *apptest.Portal) {
		for _, lang := range []string{"zh", "en"} {
			c.Get("/language?to=" + lang + "&back=/about")
			for _, path := range frontPages(c) {
				a := c.Want(c.Get(path), http.StatusOK, "<h1", `<main id="main"`, `class="demo"`, `class="skip"`)
				if key := untranslated.FindString(tags.ReplaceAllString(a.Body, " ")); key != "" {
					c.Errorf("%s in %s shows the key %s", path, lang, key)
				}
				if strings.Contains(a.Body, "<no value>") || strings.Contains(a.Body, "ZgotmplZ") {
					c.Errorf("%s in %s has an empty value", path, lang)
				}
				if strings.Contains(a.Body, "<script>") || regexp.MustCompile(`\son[a-z]+=`).MatchString(a.Body) {
					c.Errorf("%s has a script inside the page", path)
				}
				if lang == "en" && path == "/accessibility" && han.MatchString(strings.NewReplacer("简体中文", "").Replace(a.Body)) {
					c.Errorf("%s in English holds Chinese", path)
				}
			}
		}
	})
}

// A page with all that it loads must come to an old phone in 60 kB.
func TestAPageIsSmallWithAllThatItLoads(t *testing.T) {
	t.Parallel()
	c := apptest.OpenPortal(t)
	loaded := regexp.MustCompile(`(?:src|href)="((?:/assets/|/communities/map)[^"]*)"`)
	zipped := func(path string) int {
		r, _ := http.NewRequest(http.MethodGet, c.Server.URL+path, nil)
		r.Header.Set("Accept-Encoding", "gzip")
		a := c.Do(r)
		if a.Header.Get("Content-Encoding") != "gzip" && len(a.Body) > 1024 {
			c.Errorf("%s is not compressed", path)
		}
		return len(a.Body)
	}
	for _, path := range frontPages(c) {
		sum := zipped(path)
		seen := map[string]bool{}
		for _, m := range loaded.FindAllStringSubmatch(c.Get(path).Body, -1) {
			if !seen[m[1]] {
				seen[m[1]] = true
				sum += zipped(strings.ReplaceAll(m[1], "&amp;", "&"))
			}
		}
		if sum > 60_000 {
			c.Errorf("%s and what it loads are %d bytes", path, sum)
		}
	}
}

func TestAssetsAreNamedByContentAndKept(t *testing.T) {
	t.Parallel()
	c := apptest.OpenPortal(t)
	sheet := regexp.MustCompile(`/assets/portal\.[0-9a-f]{12}\.css`).FindString(c.Get("/").Body)
	a := c.Want(c.Get(sheet), http.StatusOK, "--ll-primary")
	if got := a.Header.Get("Cache-Control"); !strings.Contains(got, "immutable") {
		c.Errorf("Cache-Control of %s is %q", sheet, got)
	}
	first := c.Get("/about")
	r, _ := http.NewRequest(http.MethodGet, c.Server.URL+"/about", nil)
	r.Header.Set("If-None-Match", first.Header.Get("ETag"))
	c.Want(c.Do(r), http.StatusNotModified)
}

func TestCommunityPageTellsWhoAndWhatIsMissing(t *testing.T) {
	t.Parallel()
	c := apptest.OpenPortal(t)
	a := c.Want(c.Get("/communities/"+apptest.Community), http.StatusOK, "院前社区服务站", "0518-80000000", "正在值班", "站长", "尚未登记", "示意（演示数据）", "<path d=")
	if strings.Contains(a.Body, "<b>张小兰") || !strings.Contains(a.Body, "&lt;b&gt;张小兰") {
		c.Error("a name is not escaped")
	}
	c.Want(c.Get("/communities/000000"), http.StatusNotFound, "没有找到这个页面")
	c.Want(c.Post("/communities/"+apptest.Community+"/mine", nil), http.StatusOK, "设为我的社区。", "这是我的社区")
	c.Want(c.Get("/"), http.StatusOK, "/communities/"+apptest.Community, "院前社区居委会")
}

func TestACommunityIsFoundByNameAndOnTheMap(t *testing.T) {
	t.Parallel()
	c := apptest.OpenPortal(t)
	for _, words := range []string{"院前", "yuanqian", "yq", apptest.Community} {
		c.Want(c.Get("/communities?q="+url.QueryEscape(words)), http.StatusOK, `href="/communities/`+apptest.Community+`"`, "墟沟街道")
	}
	click := func(from string, x, y int) string {
		return c.Post("/communities/at", url.Values{"area": {from}, "at.x": {fmt.Sprint(x)}, "at.y": {fmt.Sprint(y)}}).Request.URL.Path
	}
	if got := click("3207", 20, 144); got != "/communities/320703" {
		c.Errorf("a click on the city's map leads to %s", got)
	}
	if got := click("320703001", 40, 144); got != "/communities/"+apptest.Community {
		c.Errorf("a click on the street's map leads to %s", got)
	}
	c.Want(c.Post("/communities/at", url.Values{"lng": {"119.31"}, "lat": {"34.71"}}), http.StatusOK, "院前社区居委会")
	c.Want(c.Post("/communities/at", url.Values{"lng": {"10"}, "lat": {"10"}}), http.StatusOK, "不在已知的社区范围内")
}

func TestSwitchesStayOnThisSite(t *testing.T) {
	t.Parallel()
	c := apptest.OpenPortal(t)
	c.Client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	for back, want := range map[string]string{"/communities?q=1": "/communities?q=1", "//evil.example": "/",
		"https://evil.example/": "/", `/\evil.example`: "/", "": "/"} {
		if got := c.Get("/language?to=en&back=" + url.QueryEscape(back)).Header.Get("Location"); got != want {
			c.Errorf("back=%q leads to %q", back, got)
		}
	}
	c.Get("/large-print?on=1&back=/")
	c.Want(c.Get("/"), http.StatusOK, `<html lang="en" data-large>`)
}

func TestFaultsShowNoInternals(t *testing.T) {
	t.Parallel()
	c := apptest.OpenPortal(t)
	c.Want(c.Get("/nothing"), http.StatusNotFound, "没有找到这个页面")
	c.Want(c.Get(apptest.FormPages(c.App)[0]+"/nothing/apply/1"), http.StatusNotFound)
	c.Want(c.Get("/report/nothing"), http.StatusNotFound)
	c.Want(c.Post("/track", url.Values{"code": {strings.Repeat("x", 1<<20)}}), http.StatusRequestEntityTooLarge)
	r, _ := http.NewRequest(http.MethodPost, c.Server.URL+"/track", strings.NewReader("{}"))
	r.Header.Set("Content-Type", "application/json")
	c.Want(c.Do(r), http.StatusBadRequest)
	if err := c.App.DB.Write(context.Background(), func(tx *db.Tx) error {
		_, err := tx.Exec(context.Background(), "DROP TABLE registry_member")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	a := c.Want(c.Get("/communities/"+apptest.Community), http.StatusInternalServerError, "系统出了问题")
	if id := a.Header.Get(httpx.RequestIDHeader); id == "" || !strings.Contains(a.Body, "问题编号 "+id) {
		c.Errorf("the page does not tell the id %q by which the log is searched", id)
	}
	api := c.Want(c.Get("/api/v1/registry/areas/"+apptest.Community+"/bodies"), http.StatusInternalServerError)
	if id := api.Header.Get(httpx.RequestIDHeader); !strings.Contains(api.Body, `"instance":"urn:linli:request:`+id) {
		c.Errorf("the answer does not tell the id %q: %s", id, api.Body)
	}
	if strings.Contains(a.Body, "SQL") || strings.Contains(a.Body, "registry_member") {
		c.Error("the page shows what went wrong inside")
	}
}

func TestADraftLapses(t *testing.T) {
	t.Parallel()
	c := apptest.OpenPortal(t)
	now := clock.Now(context.Background())
	handler := c.App.Handler()
	c.Server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		handler.ServeHTTP(w, r.WithContext(clock.With(r.Context(), now)))
	})
	c.Post("/report/what", url.Values{"category": {"0101"}, "description": {"垃圾成堆"}})
	c.Want(c.Get(c.FormAt("/report/what")), http.StatusOK, "垃圾成堆")
	now = now.Add(2*time.Hour + time.Second)
	if strings.Contains(c.Get(c.FormAt("/report/what")).Body, "垃圾成堆") {
		c.Error("what was entered is still there after two hours")
	}
}

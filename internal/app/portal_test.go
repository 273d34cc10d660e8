package app

import (
	"bytes"
	"context"
	"fmt"
	"html"
	"image"
	"image/png"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/textproto"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"linli/internal/casework"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/db/dbtest"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
	"linli/internal/platform/geo"
	"linli/internal/platform/httpx"
	"linli/internal/platform/seal"
	"linli/internal/registry"
	"linli/internal/registry/change"
)

const areas = `code,name,level,parent
3207,连云港市,2,32
320703,连云区,3,3207
320706,海州区,3,3207
320703001,墟沟街道,4,320703
320703001007,院前社区居委会,5,320703001
320703001009,南巷社区居委会,5,320703001
320706017,新东街道,4,320706
320706017014,文昌社区居委会,5,320706017
`

const yuanqian = "320703001007"

// city is a portal over a small register, and a browser of one visitor.
type city struct {
	*testing.T
	app    *App
	server *httptest.Server
	client *http.Client
	draft  string // query of the form on the page that was shown last, which names its draft
}

func openCity(t *testing.T, address string) *city {
	t.Helper()
	dir := t.TempDir()
	if address == "" {
		address = filepath.Join(dir, "linli.db")
	}
	a, err := Open(context.Background(), Options{Data: dir, Database: address, Ring: seal.Fresh(), Relaxed: true})
	if err != nil {
		t.Fatal(err)
	}
	dbtest.OnEnd(t, func() { a.Close() })
	a.Site.Demo = true
	seed(t, a)
	server := httptest.NewServer(a.Handler())
	dbtest.OnEnd(t, server.Close)
	jar, _ := cookiejar.New(nil)
	return &city{T: t, app: a, server: server, client: &http.Client{Jar: jar}}
}

func eachCity(t *testing.T, test func(c *city)) {
	t.Run("sqlite", func(t *testing.T) { test(openCity(t, "")) })
	t.Run("postgres", func(t *testing.T) { test(openCity(t, dbtest.PostgresURL(t))) })
}

func system() context.Context {
	return authority.With(context.Background(), authority.SystemActor("test"))
}

func seed(t *testing.T, a *App) {
	t.Helper()
	ctx := system()
	if _, err := a.Changes.Import(ctx, []change.Source{change.FromReader("areas.csv", strings.NewReader(areas))},
		change.ImportOptions{}); err != nil {
		t.Fatal(err)
	}
	var outlines []registry.Outline
	for i, code := range []string{yuanqian, "320703001009", "320706017014"} {
		west := 119.3 + 0.02*float64(i)
		shape, err := geo.NewShape([]geo.Polygon{{{{Lng: west, Lat: 34.7}, {Lng: west + 0.02, Lat: 34.7},
			{Lng: west + 0.02, Lat: 34.72}, {Lng: west, Lat: 34.72}}}})
		if err != nil {
			t.Fatal(err)
		}
		outlines = append(outlines, registry.Outline{Area: code, Shape: shape, Source: "test", Invented: true})
	}
	if err := a.Outlines.PutOutlines(ctx, outlines); err != nil {
		t.Fatal(err)
	}
	always := []registry.Hours{{Days: []int{1, 2, 3, 4, 5, 6, 7}, From: "00:00", To: "24:00"}}
	_, err := a.Bodies.LoadBodies(ctx, []registry.Body{
		{Area: yuanqian, Kind: registry.BodyStation, Name: "院前社区服务站", Phone: "0518-80000000", Address: "海棠路 1 号", Hours: always,
			Members: []registry.Member{{Name: "<b>张小兰</b>", Post: "station_chief", Phone: "0518-80000001", TermFrom: "2024-01-01", Duty: always}}},
		{Area: "320706", Kind: registry.BodyDepartment, Department: "civil_affairs", Name: "海州区民政局"},
	})
	if err != nil {
		t.Fatal(err)
	}
}

type answer struct {
	*http.Response
	body string
}

func (c *city) do(r *http.Request) answer {
	c.Helper()
	res, err := c.client.Do(r)
	if err != nil {
		c.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		c.Fatal(err)
	}
	if named := draftOf.FindSubmatch(raw); named != nil {
		c.draft = html.UnescapeString(string(named[1]))
	}
	return answer{res, string(raw)}
}

var draftOf = regexp.MustCompile(`action="[^"]*[?](draft=[^"]*)"`)

// formAt is the address of a form's page as its action names it: with the draft.
func (c *city) formAt(path string) string {
	if c.draft == "" || strings.Contains(path, "?") || !strings.HasPrefix(path, "/report/") && !strings.Contains(path, "/apply/") {
		return path
	}
	return path + "?" + c.draft
}

func (c *city) get(path string) answer {
	c.Helper()
	r, err := http.NewRequest(http.MethodGet, c.server.URL+path, nil)
	if err != nil {
		c.Fatal(err)
	}
	return c.do(r)
}

func (c *city) post(path string, values url.Values) answer {
	c.Helper()
	r, err := http.NewRequest(http.MethodPost, c.server.URL+c.formAt(path), strings.NewReader(values.Encode()))
	if err != nil {
		c.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return c.do(r)
}

// send posts a form with one file.
func (c *city) send(path string, values url.Values, file []byte) answer {
	c.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for k, vs := range values {
		for _, v := range vs {
			_ = w.WriteField(k, v)
		}
	}
	part, err := w.CreatePart(textproto.MIMEHeader{"Content-Disposition": {`form-data; name="files"; filename="photo.png"`},
		"Content-Type": {"image/png"}})
	if err != nil {
		c.Fatal(err)
	}
	_, _ = part.Write(file)
	w.Close()
	r, err := http.NewRequest(http.MethodPost, c.server.URL+c.formAt(path), &b)
	if err != nil {
		c.Fatal(err)
	}
	r.Header.Set("Content-Type", w.FormDataContentType())
	return c.do(r)
}

func (c *city) want(a answer, status int, words ...string) answer {
	c.Helper()
	if a.StatusCode != status {
		c.Fatalf("%s: status %d, not %d\n%s", a.Request.URL.Path, a.StatusCode, status, a.body)
	}
	for _, w := range words {
		if !strings.Contains(a.body, w) {
			c.Errorf("%s lacks %q\n%s", a.Request.URL.Path, w, a.body)
		}
	}
	return a
}

func photo() []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 20, 10))); err != nil {
		panic(err)
	}
	return b.Bytes()
}

var frontPages = []string{
	"/", "/search?q=院前", "/search?q=补贴", "/about", "/accessibility", "/communities", "/communities?q=yq", "/communities/3207",
	"/communities/320703", "/communities/320703001", "/communities/" + yuanqian, "/communities/320706017014",
	"/hall", "/hall?q=老", "/hall/subsistence_allowance", "/hall/subsistence_allowance/apply/applicant",
	"/hall/subsistence_allowance/apply/community", "/hall/subsistence_allowance/apply/1", "/hall/subsistence_allowance/apply/files",
	"/hall/subsistence_allowance/apply/check", "/report/what", "/report/where", "/report/send", "/track", "/manual", "/manual/grid",
}

var (
	untranslated = regexp.MustCompile(`\b(page|portal|registry|casework|hall|grid|manual|error|role)\.[a-z_]+(\.[a-z_0-9]+)*\b`)
	tags         = regexp.MustCompile(`(?s)<[^>]*>`)
	han          = regexp.MustCompile(`\p{Han}`)
)

func TestEveryPageInBothLanguages(t *testing.T) {
	t.Parallel()
	eachCity(t, func(c *city) {
		for _, lang := range []string{"zh", "en"} {
			c.get("/language?to=" + lang + "&back=/about")
			for _, path := range frontPages {
				a := c.want(c.get(path), http.StatusOK, "<h1", `<main id="main"`, `class="demo"`, `class="skip"`)
				if key := untranslated.FindString(tags.ReplaceAllString(a.body, " ")); key != "" {
					c.Errorf("%s in %s shows the key %s", path, lang, key)
				}
				if strings.Contains(a.body, "<no value>") || strings.Contains(a.body, "ZgotmplZ") {
					c.Errorf("%s in %s has an empty value", path, lang)
				}
				if strings.Contains(a.body, "<script>") || regexp.MustCompile(`\son[a-z]+=`).MatchString(a.body) {
					c.Errorf("%s has a script inside the page", path)
				}
				if lang == "en" && path == "/accessibility" && han.MatchString(strings.NewReplacer("简体中文", "").Replace(a.body)) {
					c.Errorf("%s in English holds Chinese", path)
				}
			}
		}
	})
}

// A page with all that it loads must come to an old phone in 60 kB.
func TestAPageIsSmallWithAllThatItLoads(t *testing.T) {
	t.Parallel()
	c := openCity(t, "")
	loaded := regexp.MustCompile(`(?:src|href)="((?:/assets/|/communities/map)[^"]*)"`)
	zipped := func(path string) int {
		r, _ := http.NewRequest(http.MethodGet, c.server.URL+path, nil)
		r.Header.Set("Accept-Encoding", "gzip")
		a := c.do(r)
		if a.Header.Get("Content-Encoding") != "gzip" && len(a.body) > 1024 {
			c.Errorf("%s is not compressed", path)
		}
		return len(a.body)
	}
	for _, path := range frontPages {
		sum := zipped(path)
		seen := map[string]bool{}
		for _, m := range loaded.FindAllStringSubmatch(c.get(path).body, -1) {
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
	c := openCity(t, "")
	sheet := regexp.MustCompile(`/assets/portal\.[0-9a-f]{12}\.css`).FindString(c.get("/").body)
	a := c.want(c.get(sheet), http.StatusOK, "--ll-primary")
	if got := a.Header.Get("Cache-Control"); !strings.Contains(got, "immutable") {
		c.Errorf("Cache-Control of %s is %q", sheet, got)
	}
	first := c.get("/about")
	r, _ := http.NewRequest(http.MethodGet, c.server.URL+"/about", nil)
	r.Header.Set("If-None-Match", first.Header.Get("ETag"))
	c.want(c.do(r), http.StatusNotModified)
}

func TestCommunityPageTellsWhoAndWhatIsMissing(t *testing.T) {
	t.Parallel()
	c := openCity(t, "")
	a := c.want(c.get("/communities/"+yuanqian), http.StatusOK, "院前社区服务站", "0518-80000000", "正在值班", "站长", "尚未登记", "示意（演示数据）", "<path d=")
	if strings.Contains(a.body, "<b>张小兰") || !strings.Contains(a.body, "&lt;b&gt;张小兰") {
		c.Error("a name is not escaped")
	}
	c.want(c.get("/communities/000000"), http.StatusNotFound, "没有找到这个页面")
	c.want(c.post("/communities/"+yuanqian+"/mine", nil), http.StatusOK, "设为我的社区。", "这是我的社区")
	c.want(c.get("/"), http.StatusOK, "/communities/"+yuanqian, "院前社区居委会")
}

func TestACommunityIsFoundByNameAndOnTheMap(t *testing.T) {
	t.Parallel()
	c := openCity(t, "")
	for _, words := range []string{"院前", "yuanqian", "yq", yuanqian} {
		c.want(c.get("/communities?q="+url.QueryEscape(words)), http.StatusOK, `href="/communities/`+yuanqian+`"`, "墟沟街道")
	}
	click := func(from string, x, y int) string {
		return c.post("/communities/at", url.Values{"area": {from}, "at.x": {fmt.Sprint(x)}, "at.y": {fmt.Sprint(y)}}).Request.URL.Path
	}
	if got := click("3207", 20, 144); got != "/communities/320703" {
		c.Errorf("a click on the city's map leads to %s", got)
	}
	if got := click("320703001", 40, 144); got != "/communities/"+yuanqian {
		c.Errorf("a click on the street's map leads to %s", got)
	}
	c.want(c.post("/communities/at", url.Values{"lng": {"119.31"}, "lat": {"34.71"}}), http.StatusOK, "院前社区居委会")
	c.want(c.post("/communities/at", url.Values{"lng": {"10"}, "lat": {"10"}}), http.StatusOK, "不在已知的社区范围内")
}

var followCode = regexp.MustCompile(`class="code">([0-9A-Z-]+)<`)

// fill walks the steps of an application and returns the page on which it is checked.
func (c *city) fill() answer {
	c.Helper()
	base := "/hall/senior_card/apply"
	c.want(c.get(base), http.StatusOK, "第 1 步")
	a := c.want(c.post(base+"/applicant", url.Values{"name": {"王<秀>英"}, "phone": {"12"}}), http.StatusUnprocessableEntity,
		`class="refusal"`, `href="#f-phone"`, `id="f-phone-wrong"`, "王&lt;秀&gt;英")
	if strings.Contains(a.body, "<秀>") {
		c.Error("input is not escaped")
	}
	c.want(c.post(base+"/applicant", url.Values{"name": {"王<秀>英"}, "phone": {"13800138000"}, "idNumber": {"11010519491231002X"}}),
		http.StatusOK, "第 2 步")
	c.want(c.post(base+"/community", url.Values{}), http.StatusUnprocessableEntity, "请选择社区")
	c.want(c.post(base+"/community", url.Values{"words": {"yq"}, "find": {"1"}}), http.StatusOK, `value="`+yuanqian+`"`, "墟沟街道")
	c.want(c.post(base+"/community", url.Values{"area": {yuanqian}}), http.StatusOK, "第 3 步")
	c.want(c.post(base+"/1", url.Values{"birth_date": {"1949-12-31"}, "fetch": {"window"}}), http.StatusOK, "第 4 步")
	c.want(c.send(base+"/files", url.Values{"upload": {"1"}}, photo()), http.StatusOK, "photo.png")
	c.want(c.get("/language?to=en&back="+url.QueryEscape(c.formAt(base+"/check"))), http.StatusOK,
		"Check your answers", "王&lt;秀&gt;英", "31 Dec 1949")
	return c.want(c.get("/language?to=zh&back="+url.QueryEscape(c.formAt(base+"/check"))), http.StatusOK, "核对后提交", "13800138000", "photo.png")
}

func TestAnApplicationIsMadeReturnedAndRatedWithoutAScript(t *testing.T) {
	t.Parallel()
	eachCity(t, func(c *city) {
		check := c.fill()
		here, _ := url.Parse(c.server.URL + "/hall/senior_card/apply/check")
		drafts := c.client.Jar.Cookies(here)
		done := c.want(c.post("/hall/senior_card/apply/check", nil), http.StatusOK, "已经提交", "王** 138****8000")
		code := followCode.FindStringSubmatch(done.body)
		if code == nil {
			c.Fatalf("no code is shown\n%s", done.body)
		}
		if strings.Contains(done.Request.URL.String(), code[1]) {
			c.Error("the code stands in the address")
		}
		// The same form sent again, as by a second press of the button, opens nothing new.
		for _, k := range drafts {
			k.Path = "/hall/senior_card/apply"
		}
		c.client.Jar.SetCookies(here, drafts)
		again := c.want(c.post("/hall/senior_card/apply/check", nil), http.StatusOK, "已经提交")
		if got := followCode.FindStringSubmatch(again.body); got == nil || got[1] != code[1] {
			c.Error("pressed twice, two cases were opened")
		}
		_ = check
		c.want(c.post("/track", url.Values{"code": {"320703-0000-0000-0000"}}), http.StatusUnprocessableEntity,
			"没有找到这个查询码", "320703-0000-0000-0000")
		shown := c.want(c.post("/track", url.Values{"code": {strings.ToLower(code[1])}}), http.StatusOK, "申请已提交", "您本人", "工作日", "第 1 张，共 1 张")
		file := regexp.MustCompile(`/track/case/files/[0-9a-f-]+`).FindString(shown.body)
		if got := c.get(file); got.Header.Get("Content-Type") != "image/png" || got.StatusCode != http.StatusOK {
			c.Errorf("%s answers %s", file, got.Status)
		}
		if got := c.get(file + "/thumbnail"); got.Header.Get("Content-Type") != "image/jpeg" || got.StatusCode != http.StatusOK {
			c.Errorf("the thumbnail of %s answers %s", file, got.Status)
		}
		c.want(c.get(strings.Replace(file, "/files/", "/photos/", 1)), http.StatusOK, "第 1 张，共 1 张", "打开原图", "返回办理过程")
		id := c.caseOf(code[1])
		c.step(id, "return", flow.Input{Lines: []string{"户口簿 <b>复印件</b>"}})
		c.want(c.get("/track"), http.StatusOK, "需要补齐的内容", "户口簿 &lt;b&gt;复印件", "重新提交")
		c.want(c.send("/track/case/resubmit", url.Values{"note": {"补上了"}}, bytes.Repeat([]byte("x"), 50)),
			http.StatusUnprocessableEntity, "只能上传照片", "补上了")
		c.want(c.send("/track/case/resubmit", url.Values{"note": {"补上了"}}, photo()), http.StatusOK, "已重新提交", "补上了")
		c.want(c.get("/track/case/withdraw"), http.StatusOK, "确定撤回")
		c.step(id, "refuse", flow.Input{Note: "不在范围内"})
		c.want(c.get("/track"), http.StatusOK, "不在范围内", "评价这次办理")
		c.want(c.post("/track/case/rate", url.Values{"note": {"话"}}), http.StatusUnprocessableEntity, `href="#f-level"`)
		c.want(c.post("/track/case/rate", url.Values{"level": {"4"}, "note": {"挺好"}}), http.StatusOK, "评价已提交", "满意")
		c.want(c.post("/track/case/rate", url.Values{"level": {"1"}}), http.StatusConflict)
		c.want(c.post("/track/leave", nil), http.StatusOK, "查询码")
		c.want(c.get("/track/case"), http.StatusOK, "请重新输入查询码")
	})
}

func (c *city) caseOf(code string) string {
	c.Helper()
	_, id, err := c.app.Follow.Follow(context.Background(), code)
	if err != nil {
		c.Fatal(err)
	}
	return id
}

// step takes a step of staff, whose own journeys are tested elsewhere.
func (c *city) step(id, verb string, in flow.Input) {
	c.Helper()
	if _, err := c.app.Casework.StepAs(system(), id, flow.Verb(verb), 0, nil, casework.StepInput{Input: in}); err != nil {
		c.Fatalf("%s: %v", verb, errs.Of(err))
	}
}

func TestAnIncidentIsReportedWithoutAScript(t *testing.T) {
	t.Parallel()
	eachCity(t, func(c *city) {
		c.want(c.get("/report?area="+yuanqian), http.StatusOK, "问题类别", "暴露垃圾")
		c.want(c.post("/report/what", url.Values{"category": {"0101"}}), http.StatusUnprocessableEntity,
			`href="#f-description"`, `value="0101" selected`)
		c.want(c.post("/report/what", url.Values{"category": {"0101"}, "description": {"垃圾 <script>alert(1)</script>"}}),
			http.StatusOK, "在哪里", "院前社区居委会")
		c.want(c.post("/report/where", url.Values{"at.x": {"144"}, "at.y": {"144"}, "text": {"海棠路"}}), http.StatusOK, "已在地图上标出位置", "海棠路")
		c.want(c.post("/report/where", url.Values{"area": {yuanqian}, "text": {"海棠路"}}), http.StatusOK, "照片和联系方式")
		big := append(photo(), make([]byte, 33<<20)...)
		c.want(c.send("/report/send", url.Values{"name": {"李四"}, "phone": {"13900139000"}}, big), http.StatusRequestEntityTooLarge,
			"不超过 32 MB", "李四", "13900139000", "海棠路")
		a := c.want(c.send("/report/send", url.Values{"name": {"李四"}, "phone": {"13900139000"}}, photo()), http.StatusOK, "已经提交")
		code := followCode.FindStringSubmatch(a.body)
		if code == nil {
			c.Fatal("no code is shown")
		}
		shown := c.want(c.post("/track", url.Values{"code": {code[1]}}), http.StatusOK, "问题已上报", "海棠路", "垃圾 &lt;script&gt;")
		if strings.Contains(shown.body, "<script>alert") {
			c.Error("input is not escaped")
		}
		if strings.Contains(shown.body, "13900139000") {
			c.Error("the telephone is not masked")
		}
	})
}

func TestSwitchesStayOnThisSite(t *testing.T) {
	t.Parallel()
	c := openCity(t, "")
	c.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	for back, want := range map[string]string{"/hall?q=1": "/hall?q=1", "//evil.example": "/",
		"https://evil.example/": "/", `/\evil.example`: "/", "": "/"} {
		if got := c.get("/language?to=en&back=" + url.QueryEscape(back)).Header.Get("Location"); got != want {
			c.Errorf("back=%q leads to %q", back, got)
		}
	}
	c.get("/large-print?on=1&back=/")
	c.want(c.get("/"), http.StatusOK, `<html lang="en" data-large>`)
}

func TestFaultsShowNoInternals(t *testing.T) {
	t.Parallel()
	c := openCity(t, "")
	c.want(c.get("/nothing"), http.StatusNotFound, "没有找到这个页面")
	c.want(c.get("/hall/nothing/apply/1"), http.StatusNotFound)
	c.want(c.get("/report/nothing"), http.StatusNotFound)
	c.want(c.post("/track", url.Values{"code": {strings.Repeat("x", 1<<20)}}), http.StatusRequestEntityTooLarge)
	r, _ := http.NewRequest(http.MethodPost, c.server.URL+"/track", strings.NewReader("{}"))
	r.Header.Set("Content-Type", "application/json")
	c.want(c.do(r), http.StatusBadRequest)
	if err := c.app.DB.Write(context.Background(), func(tx *db.Tx) error {
		_, err := tx.Exec(context.Background(), "DROP TABLE registry_member")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	a := c.want(c.get("/communities/"+yuanqian), http.StatusInternalServerError, "系统出了问题")
	if id := a.Header.Get(httpx.RequestIDHeader); id == "" || !strings.Contains(a.body, "问题编号 "+id) {
		c.Errorf("the page does not tell the id %q by which the log is searched", id)
	}
	api := c.want(c.get("/api/v1/registry/areas/"+yuanqian+"/bodies"), http.StatusInternalServerError)
	if id := api.Header.Get(httpx.RequestIDHeader); !strings.Contains(api.body, `"instance":"urn:linli:request:`+id) {
		c.Errorf("the answer does not tell the id %q: %s", id, api.body)
	}
	if strings.Contains(a.body, "SQL") || strings.Contains(a.body, "registry_member") {
		c.Error("the page shows what went wrong inside")
	}
}

func TestADraftLapses(t *testing.T) {
	t.Parallel()
	c := openCity(t, "")
	now := clock.Now(context.Background())
	handler := c.app.Handler()
	c.server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		handler.ServeHTTP(w, r.WithContext(clock.With(r.Context(), now)))
	})
	c.post("/report/what", url.Values{"category": {"0101"}, "description": {"垃圾成堆"}})
	c.want(c.get(c.formAt("/report/what")), http.StatusOK, "垃圾成堆")
	now = now.Add(2*time.Hour + time.Second)
	if strings.Contains(c.get(c.formAt("/report/what")).body, "垃圾成堆") {
		c.Error("what was entered is still there after two hours")
	}
}

// A limit that runs into a year whose holidays are not decreed is taken all the same.
func TestADeadlineBeyondTheCalendarIsToldAsOpen(t *testing.T) {
	t.Parallel()
	c := openCity(t, "")
	handler := c.app.Handler()
	c.server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		handler.ServeHTTP(w, r.WithContext(clock.With(r.Context(), time.Date(2026, 12, 30, 9, 0, 0, 0, clock.City))))
	})
	c.fill()
	c.want(c.post("/hall/senior_card/apply/check", nil), http.StatusOK, "已经提交", "2027 年的节假日安排国务院尚未公布")
}

package hall_test

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"linli/internal/app/apptest"
	"linli/internal/casework"
	"linli/internal/platform/clock"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
)

// filled walks the steps of an application and returns the page on which it is checked.
func filled(c *apptest.Portal) apptest.Shown {
	c.Helper()
	base := "/hall/senior_card/apply"
	c.Want(c.Get(base), http.StatusOK, "第 1 步")
	a := c.Want(c.Post(base+"/applicant", url.Values{"name": {"王<秀>英"}, "phone": {"12"}}), http.StatusUnprocessableEntity,
		`class="refusal"`, `href="#f-phone"`, `id="f-phone-wrong"`, "王&lt;秀&gt;英")
	if strings.Contains(a.Body, "<秀>") {
		c.Error("input is not escaped")
	}
	c.Want(c.Post(base+"/applicant", url.Values{"name": {"王<秀>英"}, "phone": {"13800138000"}, "idNumber": {"11010519491231002X"}}),
		http.StatusOK, "第 2 步")
	c.Want(c.Post(base+"/community", url.Values{}), http.StatusUnprocessableEntity, "请选择社区")
	c.Want(c.Post(base+"/community", url.Values{"words": {"yq"}, "find": {"1"}}), http.StatusOK, `value="`+apptest.Community+`"`, "墟沟街道")
	c.Want(c.Post(base+"/community", url.Values{"area": {apptest.Community}}), http.StatusOK, "第 3 步")
	c.Want(c.Post(base+"/1", url.Values{"birth_date": {"1949-12-31"}, "fetch": {"window"}}), http.StatusOK, "第 4 步")
	c.Want(c.Send(base+"/files", url.Values{"upload": {"1"}}, apptest.Photo()), http.StatusOK, "photo.png")
	c.Want(c.Get("/language?to=en&back="+url.QueryEscape(c.FormAt(base+"/check"))), http.StatusOK,
		"Check your answers", "王&lt;秀&gt;英", "31 Dec 1949")
	return c.Want(c.Get("/language?to=zh&back="+url.QueryEscape(c.FormAt(base+"/check"))), http.StatusOK, "核对后提交", "13800138000", "photo.png")
}

func TestAnApplicationIsMadeReturnedAndRatedWithoutAScript(t *testing.T) {
	t.Parallel()
	apptest.EachPortal(t, func(c *apptest.Portal) {
		check := filled(c)
		here, _ := url.Parse(c.Server.URL + "/hall/senior_card/apply/check")
		drafts := c.Client.Jar.Cookies(here)
		done := c.Want(c.Post("/hall/senior_card/apply/check", nil), http.StatusOK, "已经提交", "王** 138****8000")
		code := apptest.FollowCode.FindStringSubmatch(done.Body)
		if code == nil {
			c.Fatalf("no code is shown\n%s", done.Body)
		}
		if strings.Contains(done.Request.URL.String(), code[1]) {
			c.Error("the code stands in the address")
		}
		// The same form sent again, as by a second press of the button, opens nothing new.
		for _, k := range drafts {
			k.Path = "/hall/senior_card/apply"
		}
		c.Client.Jar.SetCookies(here, drafts)
		again := c.Want(c.Post("/hall/senior_card/apply/check", nil), http.StatusOK, "已经提交")
		if got := apptest.FollowCode.FindStringSubmatch(again.Body); got == nil || got[1] != code[1] {
			c.Error("pressed twice, two cases were opened")
		}
		_ = check
		c.Want(c.Post("/track", url.Values{"code": {"320703-0000-0000-0000"}}), http.StatusUnprocessableEntity,
			"没有找到这个查询码", "320703-0000-0000-0000")
		shown := c.Want(c.Post("/track", url.Values{"code": {strings.ToLower(code[1])}}), http.StatusOK, "申请已提交", "您本人", "工作日", "第 1 张，共 1 张")
		file := regexp.MustCompile(`/track/case/files/[0-9a-f-]+`).FindString(shown.Body)
		if got := c.Get(file); got.Header.Get("Content-Type") != "image/png" || got.StatusCode != http.StatusOK {
			c.Errorf("%s answers %s", file, got.Status)
		}
		if got := c.Get(file + "/thumbnail"); got.Header.Get("Content-Type") != "image/jpeg" || got.StatusCode != http.StatusOK {
			c.Errorf("the thumbnail of %s answers %s", file, got.Status)
		}
		c.Want(c.Get(strings.Replace(file, "/files/", "/photos/", 1)), http.StatusOK, "第 1 张，共 1 张", "打开原图", "返回办理过程")
		id := caseOf(c, code[1])
		step(c, id, "return", flow.Input{Lines: []string{"户口簿 <b>复印件</b>"}})
		c.Want(c.Get("/track"), http.StatusOK, "需要补齐的内容", "户口簿 &lt;b&gt;复印件", "重新提交")
		c.Want(c.Send("/track/case/resubmit", url.Values{"note": {"补上了"}}, bytes.Repeat([]byte("x"), 50)),
			http.StatusUnprocessableEntity, "只能上传照片", "补上了")
		c.Want(c.Send("/track/case/resubmit", url.Values{"note": {"补上了"}}, apptest.Photo()), http.StatusOK, "已重新提交", "补上了")
		c.Want(c.Get("/track/case/withdraw"), http.StatusOK, "确定撤回")
		step(c, id, "refuse", flow.Input{Note: "不在范围内"})
		c.Want(c.Get("/track"), http.StatusOK, "不在范围内", "评价这次办理")
		c.Want(c.Post("/track/case/rate", url.Values{"note": {"话"}}), http.StatusUnprocessableEntity, `href="#f-level"`)
		c.Want(c.Post("/track/case/rate", url.Values{"level": {"4"}, "note": {"挺好"}}), http.StatusOK, "评价已提交", "满意")
		c.Want(c.Post("/track/case/rate", url.Values{"level": {"1"}}), http.StatusConflict)
		c.Want(c.Post("/track/leave", nil), http.StatusOK, "查询码")
		c.Want(c.Get("/track/case"), http.StatusOK, "请重新输入查询码")
	})
}

func caseOf(c *apptest.Portal, code string) string {
	c.Helper()
	_, id, err := c.App.Follow.Follow(context.Background(), code)
	if err != nil {
		c.Fatal(err)
	}
	return id
}

// step takes a step of staff, whose own journeys are tested elsewhere.
func step(c *apptest.Portal, id, verb string, in flow.Input) {
	c.Helper()
	if _, err := c.App.Casework.StepAs(c.System(), id, flow.Verb(verb), 0, nil, casework.StepInput{Input: in}); err != nil {
		c.Fatalf("%s: %v", verb, errs.Of(err))
	}
}

// A limit that runs into a year whose holidays are not decreed is taken all the same.
func TestADeadlineBeyondTheCalendarIsToldAsOpen(t *testing.T) {
	t.Parallel()
	c := apptest.OpenPortal(t)
	handler := c.App.Handler()
	c.Server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		handler.ServeHTTP(w, r.WithContext(clock.With(r.Context(), time.Date(2026, 12, 30, 9, 0, 0, 0, clock.City))))
	})
	filled(c)
	c.Want(c.Post("/hall/senior_card/apply/check", nil), http.StatusOK, "已经提交", "2027 年的节假日安排国务院尚未公布")
}

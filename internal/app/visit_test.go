package app

import (
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"

	"linli/internal/platform/db"
	"linli/internal/platform/page"
)

// browser is another browser at the same portal.
func (c *city) browser() *city {
	jar, _ := cookiejar.New(nil)
	return &city{T: c.T, app: c.app, server: c.server, client: &http.Client{Jar: jar}}
}

// tab is another tab of the same browser.
func (c *city) tab() *city {
	return &city{T: c.T, app: c.app, server: c.server, client: c.client}
}

func (c *city) cookie(name string) string {
	at, _ := url.Parse(c.server.URL)
	for _, k := range c.client.Jar.Cookies(at) {
		if k.Name == name {
			return k.Value
		}
	}
	return ""
}

func what(words string) url.Values {
	return url.Values{"category": {"0101"}, "description": {words}}
}

// report sends a whole report and answers with its follow code.
func (c *city) report(words string) string {
	c.Helper()
	c.get("/report/what?area=" + yuanqian)
	c.want(c.post("/report/what", what(words)), http.StatusOK)
	c.want(c.post("/report/where", url.Values{"area": {yuanqian}, "text": {words}}), http.StatusOK)
	done := c.want(c.post("/report/send", url.Values{}), http.StatusOK, "已经提交")
	return followCode.FindStringSubmatch(done.body)[1]
}

func TestTwoTabsFillInTwoForms(t *testing.T) {
	eachCity(t, func(c *city) {
		one, two := c.tab(), c.tab()
		one.get("/report/what?area=" + yuanqian)
		two.get("/report/what?area=" + yuanqian)
		one.want(one.post("/report/what", what("一号楼门前积水")), http.StatusOK)
		two.want(two.post("/report/what", what("二号楼路灯不亮")), http.StatusOK)
		one.want(one.post("/report/where", url.Values{"area": {yuanqian}, "text": {"一号楼"}}), http.StatusOK, "一号楼门前积水")
		done := one.want(one.post("/report/send", url.Values{}), http.StatusOK, "已经提交")
		one.want(one.post("/track", url.Values{"code": {followCode.FindStringSubmatch(done.body)[1]}}), http.StatusOK, "一号楼门前积水")
		two.post("/report/where", url.Values{"area": {yuanqian}, "text": {"二号楼"}})
		two.want(two.get(two.formAt("/report/send")), http.StatusOK, "二号楼路灯不亮")
	})
}

// A form that was sent and is sent once more, by a second press or the way back, opens nothing new.
func TestAFormThatWasSentLeadsToItsReceipt(t *testing.T) {
	eachCity(t, func(c *city) {
		code := c.report("路灯不亮")
		for _, again := range []answer{c.post("/report/send", url.Values{}), c.get(c.formAt("/report/where"))} {
			c.want(again, http.StatusOK, "已经提交", code)
		}
		if n, err := db.Value[int](system(), c.app.DB, `SELECT COUNT(*) FROM casework_case`); n != 1 || err != nil {
			t.Errorf("%d cases %v", n, err)
		}
	})
}

// The next person at a shared screen is offered what was begun without a word of it, and one
// confirmed press clears it.
func TestADraftIsOfferedAndCleared(t *testing.T) {
	eachCity(t, func(c *city) {
		c.get("/hall/senior_card/apply/applicant")
		c.want(c.post("/hall/senior_card/apply/applicant",
			url.Values{"name": {"王秀英"}, "phone": {"13800138000"}, "idNumber": {"11010519491231002X"}}), http.StatusOK)
		kept := c.formAt("/hall/senior_card/apply/applicant")
		offered := c.want(c.get("/hall/senior_card/apply"), http.StatusOK, "继续填写", "重新开始", kept)
		for _, fresh := range []answer{offered, c.get("/hall/senior_card/apply/applicant"), c.get("/leave")} {
			if strings.Contains(fresh.body, "王秀英") || strings.Contains(fresh.body, "11010519491231002X") {
				t.Errorf("%s greets the next person with what was typed", fresh.Request.URL)
			}
		}
		c.want(c.get(kept), http.StatusOK, "王秀英")
		c.want(c.get("/leave"), http.StatusOK, "1 份没有提交的表单")
		secret := c.cookie(page.VisitCookie)
		c.want(c.post("/leave", nil), http.StatusOK, "已清除")
		if c.cookie(page.VisitCookie) != "" {
			t.Error("the cookie outlives the visit")
		}
		at, _ := url.Parse(c.server.URL)
		c.client.Jar.SetCookies(at, []*http.Cookie{{Name: page.VisitCookie, Value: secret, Path: "/"}})
		if a := c.want(c.get(kept), http.StatusOK); strings.Contains(a.body, "王秀英") {
			t.Error("a copied cookie still opens the draft")
		}
	})
}

// A draft, a shown case and a resident's own page end on the server: a copy of the cookie opens
// nothing any more.
func TestLeavingEndsWhatWasOpen(t *testing.T) {
	eachCity(t, func(c *city) {
		code := c.report("路灯不亮")
		c.want(c.post("/track", url.Values{"code": {code}}), http.StatusOK, "路灯不亮")
		secret := c.cookie(page.VisitCookie)
		c.post("/track/leave", nil)
		for _, b := range []*city{c, c.browser()} {
			at, _ := url.Parse(c.server.URL)
			b.client.Jar.SetCookies(at, []*http.Cookie{{Name: page.VisitCookie, Value: secret, Path: "/"}})
			for _, path := range []string{"/track/case", "/track/case/person", "/track/done"} {
				if a := b.get(path); strings.Contains(a.body, "路灯不亮") || strings.Contains(a.body, code) {
					t.Errorf("%s still shows the case", path)
				}
			}
		}
	})
}

func TestFollowingAnotherCodeClosesTheFirst(t *testing.T) {
	eachCity(t, func(c *city) {
		first := c.report("路灯不亮")
		second := c.browser().report("井盖破损")
		c.want(c.post("/track", url.Values{"code": {first}}), http.StatusOK, "路灯不亮")
		stale := c.tab()
		stale.get("/track/case")
		c.post("/track/leave", nil)
		c.want(c.post("/track", url.Values{"code": {second}}), http.StatusOK, "井盖破损")
		if a := c.get("/track/done"); strings.Contains(a.body, first) {
			t.Error("the receipt of the first case is still open")
		}
		id, err := db.Value[string](system(), c.app.DB, `SELECT case_id FROM grid_incident WHERE description LIKE '%路灯%'`)
		if err != nil {
			t.Fatal(err)
		}
		stale.want(stale.post("/track/case/withdraw?case="+id, url.Values{"version": {"1"}}), http.StatusOK, "您在另一个页面打开了别的事项")
		if n, err := db.Value[int](system(), c.app.DB, `SELECT COUNT(*) FROM casework_case WHERE state = 'withdrawn'`); n != 0 || err != nil {
			t.Errorf("%d cases were withdrawn from the page of another %v", n, err)
		}
	})
}

// A browser that keeps no cookies is told so, with what was typed still on the page.
func TestABrowserWithoutCookiesIsTold(t *testing.T) {
	eachCity(t, func(c *city) {
		c.client.Jar = nil
		for _, form := range []struct {
			page   string
			values url.Values
			kept   string
		}{
			{"/report/what", what("垃圾成堆"), "垃圾成堆"},
			{"/hall/senior_card/apply/applicant", url.Values{"name": {"王秀英"}, "phone": {"13800138000"}, "idNumber": {"x"}}, "王秀英"},
		} {
			c.get(form.page)
			c.want(c.post(form.page, form.values), http.StatusConflict, "Cookie", form.kept)
		}
		c.want(c.post("/track?visit=1", url.Values{"code": {"ABCDE-FGHJK-LM"}}), http.StatusConflict, "Cookie")
	})
}

// Headers stay below the 4 kB that proxies take as they ship, whatever was typed.
func TestALongReportFitsBehindAProxy(t *testing.T) {
	eachCity(t, func(c *city) {
		c.get("/report/what?area=" + yuanqian)
		long := strings.Repeat("楼道堆放杂物，影响通行。", 160)
		c.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		a := c.want(c.post("/report/what", what(long)), http.StatusSeeOther)
		size := 0
		for name, values := range a.Header {
			for _, v := range values {
				size += len(name) + len(v) + 4
			}
		}
		if size > 4000 {
			t.Errorf("%d bytes of headers", size)
		}
		c.want(c.get(c.formAt("/report/send")), http.StatusOK, long)
	})
}

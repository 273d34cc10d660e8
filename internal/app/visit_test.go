package app_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"linli/internal/app/apptest"
	"linli/internal/platform/db"
	"linli/internal/platform/page"
)

func TestTwoTabsFillInTwoForms(t *testing.T) {
	apptest.EachPortal(t, func(c *apptest.Portal) {
		one, two := c.Tab(), c.Tab()
		one.Get("/report/what?area=" + apptest.Community)
		two.Get("/report/what?area=" + apptest.Community)
		one.Want(one.Post("/report/what", apptest.What("一号楼门前积水")), http.StatusOK)
		two.Want(two.Post("/report/what", apptest.What("二号楼路灯不亮")), http.StatusOK)
		one.Want(one.Post("/report/where", url.Values{"area": {apptest.Community}, "text": {"一号楼"}}), http.StatusOK, "一号楼门前积水")
		done := one.Want(one.Post("/report/send", url.Values{}), http.StatusOK, "已经提交")
		one.Want(one.Post("/track", url.Values{"code": {apptest.FollowCode.FindStringSubmatch(done.Body)[1]}}), http.StatusOK, "一号楼门前积水")
		two.Post("/report/where", url.Values{"area": {apptest.Community}, "text": {"二号楼"}})
		two.Want(two.Get(two.FormAt("/report/send")), http.StatusOK, "二号楼路灯不亮")
	})
}

// A form that was sent and is sent once more, by a second press or the way back, opens nothing new.
func TestAFormThatWasSentLeadsToItsReceipt(t *testing.T) {
	apptest.EachPortal(t, func(c *apptest.Portal) {
		code := c.Report("路灯不亮")
		for _, again := range []apptest.Shown{c.Post("/report/send", url.Values{}), c.Get(c.FormAt("/report/where"))} {
			c.Want(again, http.StatusOK, "已经提交", code)
		}
		if n, err := db.Value[int](c.System(), c.App.DB, `SELECT COUNT(*) FROM casework_case`); n != 1 || err != nil {
			t.Errorf("%d cases %v", n, err)
		}
	})
}

// The next person at a shared screen is offered what was begun without a word of it, and one
// confirmed press clears it.
func TestADraftIsOfferedAndCleared(t *testing.T) {
	apptest.EachPortal(t, func(c *apptest.Portal) {
		c.Get(apptest.ItemPage + "/apply/applicant")
		c.Want(c.Post(apptest.ItemPage+"/apply/applicant",
			url.Values{"name": {"王秀英"}, "phone": {"13800138000"}, "idNumber": {"11010519491231002X"}}), http.StatusOK)
		kept := c.FormAt(apptest.ItemPage + "/apply/applicant")
		offered := c.Want(c.Get(apptest.ItemPage+"/apply"), http.StatusOK, "继续填写", "重新开始", kept)
		for _, fresh := range []apptest.Shown{offered, c.Get(apptest.ItemPage + "/apply/applicant"), c.Get("/leave")} {
			if strings.Contains(fresh.Body, "王秀英") || strings.Contains(fresh.Body, "11010519491231002X") {
				t.Errorf("%s greets the next person with what was typed", fresh.Request.URL)
			}
		}
		c.Want(c.Get(kept), http.StatusOK, "王秀英")
		c.Want(c.Get("/leave"), http.StatusOK, "1 份没有提交的表单")
		secret := c.Cookie(page.VisitCookie)
		c.Want(c.Post("/leave", nil), http.StatusOK, "已清除")
		if c.Cookie(page.VisitCookie) != "" {
			t.Error("the cookie outlives the visit")
		}
		at, _ := url.Parse(c.Server.URL)
		c.Client.Jar.SetCookies(at, []*http.Cookie{{Name: page.VisitCookie, Value: secret, Path: "/"}})
		if a := c.Want(c.Get(kept), http.StatusOK); strings.Contains(a.Body, "王秀英") {
			t.Error("a copied cookie still opens the draft")
		}
	})
}

// A draft, a shown case and a resident's own page end on the server: a copy of the cookie opens
// nothing any more.
func TestLeavingEndsWhatWasOpen(t *testing.T) {
	apptest.EachPortal(t, func(c *apptest.Portal) {
		code := c.Report("路灯不亮")
		c.Want(c.Post("/track", url.Values{"code": {code}}), http.StatusOK, "路灯不亮")
		secret := c.Cookie(page.VisitCookie)
		c.Post("/track/leave", nil)
		for _, b := range []*apptest.Portal{c, c.Browser()} {
			at, _ := url.Parse(c.Server.URL)
			b.Client.Jar.SetCookies(at, []*http.Cookie{{Name: page.VisitCookie, Value: secret, Path: "/"}})
			for _, path := range []string{"/track/case", "/track/case/person", "/track/done"} {
				if a := b.Get(path); strings.Contains(a.Body, "路灯不亮") || strings.Contains(a.Body, code) {
					t.Errorf("%s still shows the case", path)
				}
			}
		}
	})
}

func TestFollowingAnotherCodeClosesTheFirst(t *testing.T) {
	apptest.EachPortal(t, func(c *apptest.Portal) {
		first := c.Report("路灯不亮")
		second := c.Browser().Report("井盖破损")
		c.Want(c.Post("/track", url.Values{"code": {first}}), http.StatusOK, "路灯不亮")
		stale := c.Tab()
		stale.Get("/track/case")
		c.Post("/track/leave", nil)
		c.Want(c.Post("/track", url.Values{"code": {second}}), http.StatusOK, "井盖破损")
		if a := c.Get("/track/done"); strings.Contains(a.Body, first) {
			t.Error("the receipt of the first case is still open")
		}
		id, err := db.Value[string](c.System(), c.App.DB, `SELECT id FROM casework_case WHERE place LIKE '%路灯%'`)
		if err != nil {
			t.Fatal(err)
		}
		stale.Want(stale.Post("/track/case/withdraw?case="+id, url.Values{"version": {"1"}}), http.StatusOK, "您在另一个页面打开了别的事项")
		if n, err := db.Value[int](c.System(), c.App.DB, `SELECT COUNT(*) FROM casework_case WHERE state = 'withdrawn'`); n != 0 || err != nil {
			t.Errorf("%d cases were withdrawn from the page of another %v", n, err)
		}
	})
}

// A browser that keeps no cookies is told so, with what was typed still on the page.
func TestABrowserWithoutCookiesIsTold(t *testing.T) {
	apptest.EachPortal(t, func(c *apptest.Portal) {
		c.Client.Jar = nil
		for _, form := range []struct {
			page   string
			values url.Values
			kept   string
		}{
			{"/report/what", apptest.What("垃圾成堆"), "垃圾成堆"},
			{apptest.ItemPage + "/apply/applicant", url.Values{"name": {"王秀英"}, "phone": {"13800138000"}, "idNumber": {"x"}}, "王秀英"},
		} {
			c.Get(form.page)
			c.Want(c.Post(form.page, form.values), http.StatusConflict, "Cookie", form.kept)
		}
		c.Want(c.Post("/track?visit=1", url.Values{"code": {"ABCDE-FGHJK-LM"}}), http.StatusConflict, "Cookie")
	})
}

// Headers stay below the 4 kB that proxies take as they ship, whatever was typed.
func TestALongReportFitsBehindAProxy(t *testing.T) {
	apptest.EachPortal(t, func(c *apptest.Portal) {
		c.Get("/report/what?area=" + apptest.Community)
		long := strings.Repeat("楼道堆放杂物，影响通行。", 160)
		c.Client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		a := c.Want(c.Post("/report/what", apptest.What(long)), http.StatusSeeOther)
		size := 0
		for name, values := range a.Header {
			for _, v := range values {
				size += len(name) + len(v) + 4
			}
		}
		if size > 4000 {
			t.Errorf("%d bytes of headers", size)
		}
		c.Want(c.Get(c.FormAt("/report/send")), http.StatusOK, long)
	})
}

package grid_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"linli/internal/app/apptest"
)

func TestAnIncidentIsReportedWithoutAScript(t *testing.T) {
	t.Parallel()
	apptest.EachPortal(t, func(c *apptest.Portal) {
		c.Want(c.Get("/report?area="+apptest.Community), http.StatusOK, "问题类别", "暴露垃圾")
		c.Want(c.Post("/report/what", url.Values{"category": {"0101"}}), http.StatusUnprocessableEntity,
			`href="#f-description"`, `value="0101" selected`)
		c.Want(c.Post("/report/what", url.Values{"category": {"0101"}, "description": {"垃圾 <script>alert(1)</script>"}}),
			http.StatusOK, "在哪里", "院前社区居委会")
		c.Want(c.Post("/report/where", url.Values{"at.x": {"144"}, "at.y": {"144"}, "text": {"海棠路"}}), http.StatusOK, "已在地图上标出位置", "海棠路")
		c.Want(c.Post("/report/where", url.Values{"area": {apptest.Community}, "text": {"海棠路"}}), http.StatusOK, "照片和联系方式")
		big := append(apptest.Photo(), make([]byte, 33<<20)...)
		c.Want(c.Send("/report/send", url.Values{"name": {"李四"}, "phone": {"13900139000"}}, big), http.StatusRequestEntityTooLarge,
			"不超过 32 MB", "李四", "13900139000", "海棠路")
		a := c.Want(c.Send("/report/send", url.Values{"name": {"李四"}, "phone": {"13900139000"}}, apptest.Photo()), http.StatusOK, "已经提交")
		code := apptest.FollowCode.FindStringSubmatch(a.Body)
		if code == nil {
			c.Fatal("no code is shown")
		}
		shown := c.Want(c.Post("/track", url.Values{"code": {code[1]}}), http.StatusOK, "问题已上报", "海棠路", "垃圾 &lt;script&gt;")
		if strings.Contains(shown.Body, "<script>alert") {
			c.Error("input is not escaped")
		}
		if strings.Contains(shown.Body, "13900139000") {
			c.Error("the telephone is not masked")
		}
	})
}

package app_test

import (
	"bytes"
	"context"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"testing"

	"linli/internal/app"
	"linli/internal/app/apptest"
	"linli/internal/platform/db"
)

// post sends files by the portal's form and gives the status.
func post(t *testing.T, client *http.Client, url, name string, contents ...[]byte) int {
	t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	_ = m.WriteField("upload", "1")
	for n, content := range contents {
		p, _ := m.CreateFormFile("files", fmt.Sprint(n, name))
		_, _ = p.Write(content)
	}
	m.Close()
	res, err := client.Post(url+"/report/send", m.FormDataContentType(), &b)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	return res.StatusCode
}

// visitor is a browser that keeps cookies.
func visitor() *http.Client {
	jar, _ := cookiejar.New(nil)
	return &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// bare is a browser that keeps none: another visitor at every request.
func bare() *http.Client {
	return &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// picture is a PNG of one colour that no other number gives.
func pictureOf(t *testing.T, n int) []byte {
	t.Helper()
	return append(bytes.Clone(apptest.OnePixel), byte(n), byte(n>>8)) // what stands behind the picture is not kept
}

func TestPortalUploadsThatCannotBeReadAreLimited(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.Rule("casework.upload.network.refused", "5")
		for i := range 5 {
			if n := post(t, bare(), w.URL, ".pdf", fmt.Append(nil, "%PDF-1.4\n", i)); n != 422 {
				t.Fatalf("attempt %d answers %d", i, n)
			}
		}
		if n := post(t, bare(), w.URL, ".pdf", []byte("%PDF-1.4\nagain")); n != 429 {
			t.Errorf("the sixth answers %d", n)
		}
		if n, err := db.Value[int](w.System(), w.App.DB, `SELECT COUNT(*) FROM casework_upload WHERE digest <> '' OR size > 0`); err != nil ||
			n != 0 {
			t.Errorf("%d of them are kept (%v)", n, err)
		}
	})
}

// What waits is bounded for one visitor, for one network and in all, over all processes; what is
// submitted waits no longer.
func TestPortalUploadsHaveQuotas(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		other, err := app.Open(context.Background(),
			app.Options{Data: w.App.Data, Database: w.App.Database, Ring: w.App.Ring, Version: "test", Relaxed: true})
		must(t, err)
		defer other.Close()
		second := httptest.NewServer(other.Handler())
		defer second.Close()
		both := func(key, value string) {
			w.Rule(key, value)
			must(t, other.Rules.Refresh(context.Background(), other.DB))
		}
		both("casework.upload.visitor.files", "2")
		both("casework.upload.network.files", "4")

		one := visitor()
		post(t, one, w.URL, ".png") // leaves the visitor's name with the browser
		if a, b := post(t, one, w.URL, ".png", pictureOf(t, 1), pictureOf(t, 2)),
			post(t, one, w.URL, ".png", pictureOf(t, 3)); a != 303 || b != 429 {
			t.Errorf("a visitor's two files answer %d, the third %d", a, b)
		}
		if n := post(t, visitor(), second.URL, ".png", pictureOf(t, 4), pictureOf(t, 5)); n != 303 {
			t.Errorf("somebody else in the hall is answered %d", n)
		}
		if n := post(t, bare(), second.URL, ".png", pictureOf(t, 6)); n != 429 {
			t.Errorf("over the network's quota, in the other process: %d", n)
		}
		staff := w.As("grid")
		staff.Upload("一.png", pictureOf(t, 7)).Want(200) // an account is not bounded by its office's address
		staff.Upload("一.png", pictureOf(t, 8)).Want(200)
		staff.Upload("一.png", pictureOf(t, 9)).Want(429, "file.too_many")

		must(t, w.App.DB.Write(w.System(), func(tx *db.Tx) error { // as steps that name them do
			_, err := tx.Exec(w.System(), `DELETE FROM casework_upload`)
			return err
		}))
		if n := post(t, bare(), w.URL, ".png", pictureOf(t, 6)); n != 303 {
			t.Errorf("once all is submitted: %d", n)
		}
		both("casework.upload.all.mb", "0")
		if n := post(t, bare(), w.URL, ".png", pictureOf(t, 7)); n != 503 {
			t.Errorf("when nothing more may wait: %d", n)
		}
		if got := w.Nobody().Upload("一.png", pictureOf(t, 7)).Want(503, "file.full"); got.Header.Get("Retry-After") == "" {
			t.Error("the API does not say when to come again")
		}
		staff = w.As("window")
		staff.Upload("一.png", pictureOf(t, 9)).Want(200)
	})
}

// A hall of people behind one address each sends a few photos.
func TestAHallSendsPhotos(t *testing.T) {
	w := apptest.Open(t, t.TempDir()+"/linli.db")
	for i := range 12 {
		nobody := w.Nobody()
		var files []string
		for range 4 {
			files = append(files, nobody.Upload("照片.png", apptest.OnePixel).Want(200).Text("id"))
		}
		body := apptest.Incident(fmt.Sprint("hall-", i))
		body["files"] = files
		nobody.OpenCase(body).Want(201)
	}
}

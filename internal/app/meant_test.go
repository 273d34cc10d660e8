package app_test

import (
	"net/http"
	"testing"

	"linli/internal/app/apptest"
	"linli/internal/platform/httpx"
)

// A page that stood open while its session ended does not go on as a visitor, nor as whoever signed in
// after it: what is open to everybody would take its photo or report as a stranger's.
func TestAPageActsForItsOwnAccount(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		d := w.As("dispatcher")
		mine := http.Header{httpx.AccountHeader: {d.Do("GET", "/session", nil).Want(200).Text("account.id")}}
		d.Header = mine
		d.Do("GET", "/casework/inbox", nil).Want(200)
		d.OpenCase(apptest.Incident("mine")).Want(201)

		nobody := w.Nobody()
		nobody.Header = mine
		nobody.OpenCase(apptest.Incident("ended")).Want(401, "unauthenticated")
		nobody.Upload("a.jpg", []byte("x")).Want(401, "unauthenticated")

		another := w.As("window")
		another.Header = mine
		another.Do("GET", "/casework/inbox", nil).Want(401, "unauthenticated")
		another.Header = nil
		another.Do("GET", "/casework/inbox", nil).Want(200)
	})
}

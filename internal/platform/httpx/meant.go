package httpx

import (
	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"linli/internal/platform/authority"
	"linli/internal/platform/errs"
)

// AccountHeader names the account whose page sends a request. A page that stood open while its session
// ended, or while somebody else signed in in another tab, would act as a visitor or as them otherwise.
const AccountHeader = "Linli-Account"

// checkAccount refuses a request of another account's page with Unauthenticated. A request without the
// header is anybody's.
func (a *API) checkAccount(c huma.Context, next func(huma.Context)) {
	if meant := c.Header(AccountHeader); meant != "" && meant != authority.From(c.Context()).ID {
		r, w := humago.Unwrap(c)
		a.speak.Refuse(w, r, errs.ErrUnauthenticated)
		return
	}
	next(c)
}

// Package httpx carries HTTP: typed routes that cannot exist without a permission, refusals as
// RFC 9457 problems in the caller's language, and the middleware that every request passes.
package httpx

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"path"
	"reflect"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"linli/internal/platform/authority"
	"linli/internal/platform/errs"
)

// Prefix stands before every route of the API.
const Prefix = "/api/v1"

// API collects the typed routes.
type API struct {
	Huma   huma.API
	policy *authority.Policy
	speak  *Negotiator
	folds  sync.Map // id of an operation → *operationFolds

	servedUnder map[reflect.Type]string
	enums       Enums
	filled      map[*huma.Schema]bool // whose enums are filled
}

// NewAPI mounts an API on a mux. Version is the program's. ServedBy names the unit under whose address
// another unit's types are served, where that is not its own: their schemas bear its name.
func NewAPI(mux *http.ServeMux, version string, policy *authority.Policy, speak *Negotiator, servedBy map[string]string, enums Enums) *API {
	adoptErrors()
	api := &API{policy: policy, speak: speak, servedUnder: map[reflect.Type]string{}, enums: enums, filled: map[*huma.Schema]bool{}}
	c := huma.DefaultConfig("Linli 邻里", version)
	c.OpenAPIPath, c.DocsPath, c.SchemasPath = "/api/openapi", "", ""
	c.CreateHooks = nil // no $schema links in answers
	c.Info.Description = "Instants are whole numbers: milliseconds since 1970 UTC. Days are YYYY-MM-DD in city time. " +
		"Coordinates are degrees in CGCS2000 (EPSG:4490) unless crs says otherwise. Areas are named by trimmed " +
		"statistical codes: 3207, 320703, 320703001, 320703001007. Refusals are problem+json with a stable key."
	c.Components.Schemas = huma.NewMapRegistry("#/components/schemas/", func(t reflect.Type, hint string) string {
		if unit := api.servedUnder[plain(t)]; unit != "" {
			return upper(unit) + huma.DefaultSchemaNamer(t, hint)
		}
		return schemaName(t, hint, servedBy)
	})
	c.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"session": {Type: "apiKey", In: "cookie", Name: SessionCookie},
	}
	api.Huma = humago.New(mux, c)
	api.Huma.OpenAPI().OnAddOperation = append(api.Huma.OpenAPI().OnAddOperation, api.fillEnums, api.countCharacters)
	api.Huma.UseMiddleware(api.bringSpeaker, api.checkAccount, api.checkMultipart, api.fold)
	return api
}

// schemaName puts the unit of the house before a type's name: two modules may each have a Named. The rooms
// of a unit share its name.
func schemaName(t reflect.Type, hint string, servedBy map[string]string) string {
	name := huma.DefaultSchemaNamer(t, hint)
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Name() == "" || t.PkgPath() == "" {
		return name
	}
	unit := unitOf(t.PkgPath())
	unit = cmp.Or(servedBy[unit], unit)
	return upper(unit) + name
}

func upper(unit string) string { return strings.ToUpper(unit[:1]) + unit[1:] }

// plain is a type without its pointers and slices.
func plain(t reflect.Type) reflect.Type {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	return t
}

// ServedUnder lets the schema of a type bear the name of the unit whose page it is part of, before the type is
// registered.
func (a *API) ServedUnder(t reflect.Type, unit string) { a.servedUnder[plain(t)] = unit }

// unitOf is the unit of a package: what stands behind internal/, or internal/platform/, in its path.
func unitOf(pkg string) string {
	_, below, ok := strings.Cut(pkg, "/internal/")
	if !ok {
		return path.Base(pkg)
	}
	below = strings.TrimPrefix(below, "platform/")
	unit, _, _ := strings.Cut(below, "/")
	return unit
}

// Route declares one operation.
type Route struct {
	Method     string
	Path       string // below Prefix
	Permission string // a module's, authority.SignedIn or authority.Public
	Summary    string
	Status     int   // of success; 200 when zero
	MaxBody    int64 // bytes; 256 KiB when zero
	Hidden     bool  // left out of the document
}

// Handle registers a typed operation. The caller must hold the permission somewhere before
// the handler runs; the service judges the area.
func Handle[I, O any](api *API, r Route, handle func(context.Context, *I) (*O, error)) {
	if !api.policy.Known(r.Permission) {
		panic(fmt.Sprintf("%s %s: undeclared permission %q", r.Method, r.Path, r.Permission))
	}
	op := huma.Operation{
		OperationID: operationID(r.Method, r.Path), Method: r.Method, Path: Prefix + r.Path, Summary: r.Summary,
		DefaultStatus: r.Status, MaxBodyBytes: r.MaxBody, Hidden: r.Hidden,
		Tags:       []string{strings.SplitN(strings.TrimPrefix(r.Path, "/"), "/", 2)[0]},
		Extensions: map[string]any{"x-permission": r.Permission},
		Errors:     []int{http.StatusUnprocessableEntity},
		// Server paces bodies. A deadline that stays set ends the request's context under a handler that takes longer.
		BodyReadTimeout: -1,
	}
	if op.MaxBodyBytes == 0 {
		op.MaxBodyBytes = 256 << 10
	}
	if r.Permission != authority.Public {
		op.Security = []map[string][]string{{"session": {}}}
		op.Errors = append(op.Errors, http.StatusUnauthorized, http.StatusForbidden)
	}
	huma.Register(api.Huma, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := guarded(ctx, r.Permission, in, handle)
		if err != nil {
			logRefusal(ctx, r, err)
			return nil, api.speak.Problem(ctx, err)
		}
		return out, nil
	})
}

// ByID is what a route takes whose path names one thing.
type ByID struct {
	ID string `path:"id" maxLength:"64"`
}

// HandleDone registers an operation on the thing that {id} of its path names, and that answers nothing but that it is done (204).
func HandleDone(api *API, r Route, do func(ctx context.Context, id string) error) {
	r.Status = http.StatusNoContent
	Handle(api, r, func(ctx context.Context, in *ByID) (*struct{}, error) { return nil, do(ctx, in.ID) })
}

// Problem words an error inside an answer, as a refused operation would be worded.
func (a *API) Problem(ctx context.Context, err error) *Problem { return a.speak.Problem(ctx, err) }

// logRefusal tells the operator who tried what they may not.
func logRefusal(ctx context.Context, r Route, err error) {
	if errs.Of(err).Kind != errs.Forbidden {
		return
	}
	actor := authority.From(ctx)
	slog.WarnContext(ctx, "refused", "method", r.Method, "route", r.Path, "permission", r.Permission,
		"account", actor.ID, "origin", actor.Origin)
}

func guarded[I, O any](ctx context.Context, permission string, in *I, handle func(context.Context, *I) (*O, error)) (*O, error) {
	actor := authority.From(ctx)
	switch {
	case permission == authority.Public:
	case !actor.SignedIn():
		return nil, errs.ErrUnauthenticated
	case permission != authority.SignedIn && !actor.CanAnywhere(permission):
		return nil, errs.ErrForbidden
	}
	return handle(ctx, in)
}

// operationID turns POST /people/requests/{id} into post-people-requests-id.
func operationID(method, path string) string {
	clean := strings.NewReplacer("{", "", "}", "", "/", "-", "_", "-").Replace(path)
	return strings.ToLower(method) + clean
}

// List is the answer of every list.
type List[T any] struct {
	Body struct {
		Items []T    `json:"items"`
		Next  string `json:"next" doc:"Cursor of the next page, or empty"`
	}
}

// NewList answers with one page; items is never null.
func NewList[T any](items []T, next string) *List[T] {
	var l List[T]
	if items == nil {
		items = []T{}
	}
	l.Body.Items, l.Body.Next = items, next
	return &l
}

// Answer is a single body.
type Answer[T any] struct{ Body T }

// NewAnswer wraps a body.
func NewAnswer[T any](v T) *Answer[T] { return &Answer[T]{Body: v} }

// None is the absence of an input or a body.
type None struct{}

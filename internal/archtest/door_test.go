package archtest

import (
	"go/ast"
	"go/token"
	"maps"
	"slices"
	"strings"
	"testing"
)

// Why something is written beside audit.Log.Do: nobody answers for it, so there is no authority to judge and nothing
// to record.
const (
	beneath = "what the door itself stands on, or is done before anybody is there"
	counted = "tries and budgets: whoever is refused has done nothing"
	swept   = "drops what has ended by itself, as a rule or a constant says"
	carried = "how far a delivery or a job is; what it is about was recorded when it was asked for"
	session = "a session or a device's mark: signing in, out and ending are recorded by themselves"
	staged  = "waits for a form or a step, which is recorded when it is taken"
	marked  = "up to where a reporter has read"
)

// besideTheDoor are the functions that write beside audit.Log.Do, each with why. They only become fewer.
var besideTheDoor = map[string]string{
	"platform/audit.Log.Do":               beneath,
	"platform/audit.Log.sealBatch":        beneath,
	"platform/fingerprint.Adopt":          beneath,
	"platform/shipped.Set.Bring":          beneath,
	"platform/audit.Store.Resume":         carried,
	"platform/limit.Limiter.Take":         counted,
	"platform/limit.Limiter.Fail":         counted,
	"platform/limit.Limiter.forget":       swept,
	"platform/jobs.Runner.claim":          carried,
	"platform/jobs.Runner.end":            carried,
	"platform/jobs.Runner.hold":           carried,
	"platform/notify.Outbox.lapse":        carried,
	"platform/notify.Outbox.claim":        carried,
	"platform/notify.Outbox.conclude":     carried,
	"platform/notify.Outbox.settle":       carried,
	"platform/notify.Outbox.forget":       swept,
	"platform/visit.Store.Put":            staged,
	"platform/visit.Store.Delete":         staged,
	"platform/visit.Store.End":            staged,
	"platform/visit.Store.Sweep":          swept,
	"access.Service.rememberDevice":       session,
	"access.sessionStore.renew":           session,
	"access.sessionStore.CommitCtx":       session,
	"access.sessionStore.DeleteCtx":       session,
	"access.Service.forgetSessions":       swept,
	"access/resident.Service.forgetCodes": swept,
	"access.Service.forgetFailures":       swept,
	"access.Service.compare":              counted,
	"people/roster.Service.RunImports":    swept,
	"registry/change.Service.RunImports":  swept,
	"casework/file.Service.ForgetUploads": swept,
	"casework/file.Service.keep":          staged,
	"casework/file.Service.UploadKept":    staged,
	"casework/file.Service.forget":        staged,
	"casework/follow.Service.seen":        marked,
}

// writesBeside tells whether a call is db.DB.Write: its second argument is a function of the transaction, or it is
// called on what bears the database's name.
func writesBeside(call *ast.CallExpr) bool {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || sel.Sel.Name != "Write" || len(call.Args) != 2 {
		return false
	}
	if f, ok := call.Args[1].(*ast.FuncLit); ok {
		return len(f.Type.Params.List) == 1 && isTx(f.Type.Params.List[0].Type)
	}
	on := sel.X
	if c, ok := on.(*ast.CallExpr); ok {
		on = c.Fun
	}
	if s, ok := on.(*ast.SelectorExpr); ok {
		return strings.EqualFold(s.Sel.Name, "db")
	}
	id, ok := on.(*ast.Ident)
	return ok && (id.Name == "d" || strings.EqualFold(id.Name, "db"))
}

// isTx tells whether a type is *db.Tx.
func isTx(e ast.Expr) bool {
	p, ok := e.(*ast.StarExpr)
	if !ok {
		return false
	}
	s, ok := p.X.(*ast.SelectorExpr)
	return ok && s.Sel.Name == "Tx"
}

// A write has one door: what a service changes goes through audit.Log.Do, which judges and records. What does not,
// stands in the list above.
func TestAWriteHasOneDoor(t *testing.T) {
	t.Parallel()
	found := map[string]bool{}
	for _, s := range program(t) {
		if s.pkg == "internal/platform/db" || strings.HasSuffix(s.pkg, "test") {
			continue
		}
		for _, d := range s.syntax.Decls {
			name := strings.TrimPrefix(s.pkg, "internal/")
			if f, ok := d.(*ast.FuncDecl); ok {
				if f.Recv != nil {
					name += "." + receiver(f)
				}
				name += "." + f.Name.Name
			}
			eachCall(d, func(call *ast.CallExpr, at token.Pos) {
				if !writesBeside(call) {
					return
				}
				if found[name] = true; besideTheDoor[name] == "" {
					t.Errorf("%s: %s writes beside audit.Log.Do; go through it, or say in archtest why nobody answers for it", s.line(at), name)
				}
			})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(besideTheDoor)) {
		if !found[name] {
			t.Errorf("%s is listed and writes beside the door no more", name)
		}
	}
}

// eachCall visits the calls in a declaration.
func eachCall(d ast.Node, visit func(call *ast.CallExpr, at token.Pos)) {
	ast.Inspect(d, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			visit(call, call.Pos())
		}
		return true
	})
}

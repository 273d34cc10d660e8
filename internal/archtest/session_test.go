package archtest

import (
	"go/ast"
	"slices"
	"strings"
	"testing"
)

// begins are the methods of the service of access that begin or end a session for an account, or judge its password:
// its rooms may call them, and nothing else.
var begins = []string{"Enter", "EndOthers", "Verify"}

// Nothing but access and its rooms begins a session: what another module proves of a person is handed to a room.
func TestSessionsBeginInAccessAlone(t *testing.T) {
	t.Parallel()
	inside := 0
	for _, s := range program(t) {
		ast.Inspect(s.syntax, func(n ast.Node) bool {
			call, ok := n.(*ast.SelectorExpr)
			if !ok || !slices.Contains(begins, call.Sel.Name) || lastName(call.X) != "Access" {
				return true
			}
			if s.pkg == "internal/access" || strings.HasPrefix(s.pkg, "internal/access/") {
				inside++
				return true
			}
			t.Errorf("%s: %s of access is called outside access", s.fileSet.Position(call.Pos()), call.Sel.Name)
			return true
		})
	}
	if inside < 5 {
		t.Errorf("only %d calls are found inside access: the walk is wrong", inside)
	}
}

// lastName is the last name of a chain of selectors: Access of s.Access and of Access.
func lastName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}

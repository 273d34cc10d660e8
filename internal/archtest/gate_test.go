package archtest

import (
	"go/ast"
	"go/token"
	"slices"
	"strings"
	"testing"
)

// notBuilt are ways that no module brings yet, each with the reason. A module that brings one asks the gate.
var notBuilt = map[string]string{
	"Form": "forms for communities are a room of exchange",
}

// unitsByOther are functions that read the unit of a step and send nothing to it.
var unitsByOther = map[string]string{
	"internal/casework/joint endPart": "the part of a unit is released",
}

// Every way by which work reaches a community asks the gate and stands in the ledger: a package that names a way asks Pass and tells
// Record, or sends by Sendable, which does both; and a step that names a unit sends to it by Sendable.
func TestEveryWayAsksTheGate(t *testing.T) {
	t.Parallel()
	ways, named, asks, counts := wayNames(t), map[string][]string{}, map[string]bool{}, map[string]bool{}
	for _, s := range program(t) {
		if slices.Contains([]string{"internal/gate", "internal/admission/application", "internal/admission/proposal"}, s.pkg) { // the words, the gate, what it judges
			continue
		}
		ast.Inspect(s.syntax, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				if sel, ok := n.Fun.(*ast.SelectorExpr); ok {
					sends := sel.Sel.Name == "Sendable"
					asks[s.pkg] = asks[s.pkg] || sends || sel.Sel.Name == "Pass"
					counts[s.pkg] = counts[s.pkg] || sends || sel.Sel.Name == "Record" && isLedger(sel.X)
				}
			case *ast.SelectorExpr:
				if x, ok := n.X.(*ast.Ident); ok && x.Name == "gate" && slices.Contains(ways, n.Sel.Name) {
					named[n.Sel.Name] = append(named[n.Sel.Name], s.pkg)
				}
			}
			return true
		})
	}
	for _, way := range ways {
		if len(named[way]) == 0 && notBuilt[way] == "" {
			t.Errorf("no package brings the way gate.%s", way)
		}
		for _, pkg := range named[way] {
			if !asks[pkg] {
				t.Errorf("%s names the way gate.%s and never asks gate.Gate.Pass", pkg, way)
			}
			if !counts[pkg] {
				t.Errorf("%s names the way gate.%s and never tells gate.Ledger.Record", pkg, way)
			}
		}
	}
}

// isLedger tells whether an expression is a service's ledger: s.Ledger.
func isLedger(e ast.Expr) bool {
	sel, ok := e.(*ast.SelectorExpr)
	return ok && sel.Sel.Name == "Ledger"
}

// wayNames are the constants of the type gate.Way, and all of them stand in gate.Ways.
func wayNames(t *testing.T) (out []string) {
	t.Helper()
	for _, s := range program(t) {
		if s.pkg != "internal/gate" {
			continue
		}
		ast.Inspect(s.syntax, func(n ast.Node) bool {
			if d, ok := n.(*ast.GenDecl); ok && d.Tok == token.CONST {
				for _, spec := range d.Specs {
					if v := spec.(*ast.ValueSpec); v.Type != nil && v.Type.(*ast.Ident).Name == "Way" {
						out = append(out, v.Names[0].Name)
					}
				}
			}
			return true
		})
	}
	if len(out) < 7 {
		t.Fatalf("only the ways %v were read", out)
	}
	return out
}

// A step that names a unit (flow.Input.Unit) sends to it by Sendable alone.
func TestUnitsAreReachedBySendable(t *testing.T) {
	t.Parallel()
	for _, s := range program(t) {
		if s.pkg == "internal/casework/worklist" { // lists filter by a unit
			continue
		}
		if !slices.Contains([]string{"casework", "hall", "grid", "notice", "task", "exchange", "assessment"}, s.unit()) {
			continue
		}
		for _, d := range s.syntax.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || f.Body == nil {
				continue
			}
			reads, sends := false, false
			ast.Inspect(f, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.SelectorExpr:
					x, ok := n.X.(*ast.Ident)
					reads = reads || n.Sel.Name == "Unit" && (ok && x.Name == "in" || isIn(n.X))
				case *ast.CallExpr:
					if sel, ok := n.Fun.(*ast.SelectorExpr); ok {
						sends = sends || slices.Contains([]string{"Sendable", "unitFor"}, sel.Sel.Name)
					}
				}
				return true
			})
			if name := s.pkg + " " + f.Name.Name; reads && !sends && unitsByOther[name] == "" {
				t.Errorf("%s: %s reads the unit of a step and does not send by casework's Sendable, which asks the gate", s.line(f.Pos()),
					strings.TrimPrefix(name, "internal/"))
			}
		}
	}
}

// isIn tells whether an expression is the input of a taken step: st.In.
func isIn(e ast.Expr) bool {
	sel, ok := e.(*ast.SelectorExpr)
	return ok && sel.Sel.Name == "In"
}

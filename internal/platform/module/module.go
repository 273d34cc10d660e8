// Package module is the plain struct that a module hands to the composition root: all that it
// owns and offers, listed explicitly.
package module

import (
	"context"
	"fmt"
	"io/fs"
	"time"

	"linli/internal/platform/authority"
	"linli/internal/platform/flow"
	"linli/internal/platform/httpx"
	"linli/internal/platform/page"
	"linli/internal/platform/revision"
	"linli/internal/platform/rule"
	"linli/internal/platform/shipped"
	"linli/internal/platform/storage"
)

// Growth says how a table grows, and so how it spreads over several databases.
type Growth string

const (
	Sharded   Growth = "sharded"   // grows with the people: primary key begins with shard
	Reference Growth = "reference" // small and shared by all
)

// Module is what one module brings.
type Module struct {
	Name        string // Go package, table prefix, URL segment, permission prefix
	Tables      map[string]Growth
	Permissions []authority.Permission
	Texts       fs.FS // texts/zh.json and texts/en.json
	Rules       []rule.Value
	Flows       []Flow
	Routes      func(*httpx.API)
	Templates   fs.FS // templates/*.html of the portal
	Pages       func(*page.Site)
	Jobs        []Job
	Kept        []revision.Kept // what it keeps in memory of the database
	Shipped     []*shipped.Set  // what ships with the program and a city may change

	Reach     map[string]Reach     // of each of Routes, by "GET /casework/cases"
	PageReach map[string]PageReach // of each of Pages, by its pattern

	// Holds tells which of these contents of platform/storage the module's rows name: they are neither swept
	// away nor left out of a backup. Nil for a module without files.
	Holds storage.Holder

	// Service is the module's own, for the demo, the command line and tests; see Of.
	Service any

	Rooms []Module // manifests of its rooms

	Search *Search // what the portal's search finds of it; nil for nothing

	// Demo makes what the module shows in a demo city, after everything else is there; nil for nothing.
	Demo func(context.Context, Demo) error
}

// Of is the service of one of the modules by its type. The demo, the command line and tests ask so: modules reach
// each other through their ports. It panics where no module brings it.
func Of[S any](modules []Module) S {
	for i := range modules {
		if s, ok := modules[i].Service.(S); ok {
			return s
		}
	}
	panic(fmt.Sprintf("no module brings %T", *new(S)))
}

// Demo is the demo city that a module adds to.
type Demo struct {
	Now time.Time // end of the year that the demo shows

	// As is a context in which one of the demo's accounts acts at an hour, by its login.
	As func(ctx context.Context, login string, at time.Time) (context.Context, error)
}

// Flow is a lifecycle as the documents and faces show it.
type Flow struct {
	Name        string           `json:"name"`
	Start       string           `json:"start"`
	States      []FlowState      `json:"states"`
	Transitions []FlowTransition `json:"transitions"`
	Mermaid     string           `json:"mermaid"`
}

// FlowState is a declared state.
type FlowState struct {
	State string `json:"state"`
	Open  bool   `json:"open" doc:"Still waits for somebody"`
}

// FlowTransition is a row of a lifecycle.
type FlowTransition struct {
	From        []string    `json:"from"`
	Verb        string      `json:"verb"`
	To          string      `json:"to" doc:"Empty for a step that keeps the state"`
	Permissions []string    `json:"permissions"`
	Guards      []FlowGuard `json:"guards"`
	Outcome     string      `json:"outcome,omitempty" doc:"What the step decides"`
}

// FlowGuard is a condition beyond state and permission, by key of its sentence and rule.
type FlowGuard struct {
	Key  string `json:"key"`
	Rule string `json:"rule"`
}

// Job is work done every so often while serving.
type Job struct {
	Name  string
	Every time.Duration
	Do    func(context.Context) error

	// Waits tells whether there is work. A job of under a minute that has it is claimed by one process while it works,
	// as the rarer ones are; without, it runs in every process and claims each piece of work by itself.
	Waits func(context.Context) (bool, error)
}

// FlowOf is a lifecycle as documents and faces show it.
func FlowOf[S any](f *flow.Flow[S]) Flow {
	out := Flow{Name: f.Name, Start: string(f.Start), Mermaid: f.Mermaid()}
	for _, p := range f.Nodes {
		out.States = append(out.States, FlowState{State: string(p.State), Open: p.Open})
	}
	for _, t := range f.Transitions {
		row := FlowTransition{Verb: string(t.Verb), To: string(t.To), Permissions: t.Permissions, Guards: []FlowGuard{}, Outcome: t.Outcome}
		for _, from := range t.From {
			row.From = append(row.From, string(from))
		}
		for _, g := range t.Guards {
			row.Guards = append(row.Guards, FlowGuard{Key: g.Key, Rule: g.Rule})
		}
		out.Transitions = append(out.Transitions, row)
	}
	return out
}

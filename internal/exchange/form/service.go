package form

import (
	"context"

	"linli/internal/gate"
	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/calendar"
	fields "linli/internal/platform/form"
	"linli/internal/platform/rule"
	"linli/internal/platform/seal"
	"linli/internal/platform/storage"
	"linli/internal/platform/text"
	"linli/internal/registry"
)

// Service sends forms and takes what communities answer.
type Service struct {
	Log      *audit.Log
	Registry *registry.Service
	Rules    *rule.Cache
	Calendar *calendar.Cache
	Ring     *seal.Ring
	Texts    *text.Catalogue
	Files    *storage.Store
	People   People

	Forms    Forms
	Holdings Holdings
	Gate     gate.Gate   // nil: nothing is sent
	Ledger   gate.Ledger // nil: nothing is counted

	Admissions gate.Admissions // nil: how admissions stand is not known

	reseal func(context.Context) error
}

// How the audit log names what the room keeps.
const (
	subjectSending = "exchange.sending"
	subjectAnswer  = "exchange.answer"
	subjectDispute = "exchange.dispute"
)

// seesSending tells whether an actor may read a sending: of their own body, or of those that they oversee.
func seesSending(a *authority.Actor, s *Sending) bool {
	return a.System || a.Can(permRead, s.Area) && a.In(s.Body) || a.Can(permOversee, s.Area)
}

// seesAnswer tells whether an actor may read an answer: of their community, of their body's sending, or of those that they oversee.
func seesAnswer(by *authority.Actor, a *Answer) bool {
	return by.System || by.Can(permFill, a.Area) || by.Can(permRead, a.Area) && by.In(a.of.Body) || by.Can(permOversee, a.Area)
}

// areas answers what forms ask of the register.
type areas struct{ register *registry.Service }

func (a areas) AreaLevel(code string) int {
	found, ok := a.register.Area(code)
	if !ok {
		return 0
	}
	return found.Level
}

// mostNamed is among how many hits an exact name is looked for.
const mostNamed = 100

func (a areas) NamedAreas(name string, level int) []string {
	var out []string
	for _, found := range a.register.Search(name, level, mostNamed) {
		if found.Name == name || registry.NameIn(found, text.English) == name {
			out = append(out, found.Code)
		}
	}
	return out
}

// judging is what answers are judged by.
func judging(s *Service, day string, files map[string]bool) fields.Context {
	return fields.Context{Today: day, Areas: areas{s.Registry}, File: func(id string) bool { return files[id] }}
}

// namer names areas and files that were answered with.
func namer(s *Service, lang text.Lang, files []File) func(code string) string {
	return func(code string) string {
		for _, f := range files {
			if f.ID == code {
				return f.Name
			}
		}
		if _, ok := s.Registry.Area(code); !ok {
			return code
		}
		return s.Registry.PathIn(code, lang)
	}
}

// count records loads where the city keeps a ledger.
func (s *Service) count(ctx context.Context, tx *audit.Tx, loads ...gate.Load) error {
	if s.Ledger == nil || len(loads) == 0 {
		return nil
	}
	return s.Ledger.Record(ctx, tx, loads...)
}

// load is what a sending asks of one community, or what was done about it.
func (s *Service) load(tx *audit.Tx, of *Sending, area string) gate.Load {
	if of.carried() { // the task is counted once, the fields with it
		return gate.Load{Way: of.CarrierWay, Subject: of.Carrier, Title: of.Title.In(text.Chinese), At: tx.Now, Area: area, Body: of.Body,
			Pass: of.Pass.Number}
	}
	return gate.Load{Way: gate.Form, Subject: of.ID, Title: of.Title.In(text.Chinese), At: tx.Now, Area: area, Body: of.Body,
		Pass: of.Pass.Number}
}

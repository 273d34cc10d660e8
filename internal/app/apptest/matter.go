package apptest

import (
	"context"
	"testing"
	"time"

	"linli/internal/platform/clock"
)

// Matter takes steps on one case that OpenCase has opened.
type Matter struct {
	*testing.T
	W  *World
	ID string
}

// NewMatter reports a case; the key keeps it apart from others of the test.
func NewMatter(t *testing.T, w *World, key string) *Matter {
	t.Helper()
	return &Matter{t, w, w.Nobody().OpenCase(Incident(key)).Want(201).Text("id")}
}

// Step takes a step as somebody; the body may be nil.
func (j *Matter) Step(c *Caller, verb string, body map[string]any) Answer {
	j.Helper()
	if body == nil {
		body = map[string]any{}
	}
	return c.Step(j.ID, verb, body)
}

// Note is the body of a step that is given a note.
func Note(text string) map[string]any { return map[string]any{"note": text} }

// Close brings a case to its end, handled by the grid worker of the community.
func (j *Matter) Close() {
	j.Helper()
	dispatcher := j.W.As("dispatcher")
	j.Step(dispatcher, "establish", nil).Want(200)
	j.Step(dispatcher, "dispatch", map[string]any{"unit": j.W.Body[Community+" station"]}).Want(200)
	j.Finish(j.W.As("grid"), dispatcher)
}

// Finish brings a case that was sent to a unit to its end.
func (j *Matter) Finish(handler, dispatcher *Caller) {
	j.Helper()
	j.Step(handler, "handle", nil).Want(200)
	j.Step(handler, "feed_back", Note("已清运")).Want(200)
	j.Step(dispatcher, "verify", nil).Want(200)
	j.Step(dispatcher, "close", nil).Want(200)
}

// Reopen has every closing drawn and this case found as it was, by the street's officer.
func (j *Matter) Reopen() {
	j.Helper()
	j.W.DrawAll()
	if n, err := j.W.Draw(j.W.NextDay()); err != nil || n != 1 {
		j.Fatalf("%d drawn (%v)", n, err)
	}
	j.Step(j.W.As("street"), "reopen", Note("仍有垃圾")).Want(200)
}

// NextDay is a context of the platform itself on the day after.
func (w *World) NextDay() context.Context {
	return clock.With(w.System(), clock.Now(w.System()).Add(26*time.Hour))
}

package task

import (
	"context"

	"linli/internal/gate"
	"linli/internal/platform/audit"
	"linli/internal/platform/calendar"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/text"
)

// A task may be answered by a form of exchange. The form is designed and checked there, so that no task asks for what is held
// already; it goes out with the task, filled in before, and its answer follows the community's case.

// carrying lets tasks carry forms.
type carrying struct{ *Service }

// carriable refuses a form that a task cannot carry: Invalid at "form".
func (s carrying) carriable(ctx context.Context, r db.Reader, t *Task) error {
	if t.Form == "" {
		return nil
	}
	if s.Forms == nil {
		return errs.ErrInvalid.At("form", "field.choice")
	}
	_, err := s.Forms.Carriable(ctx, r, t.Form, t.Body, t.Admission)
	return err
}

// carry sends a task's form with it, due on the same day.
func (s carrying) carry(ctx context.Context, tx *audit.Tx, t *Task) error {
	if t.Form == "" {
		return nil
	}
	if s.Forms == nil {
		return errs.ErrInvalid.At("form", "field.choice")
	}
	due, err := s.Calendar.Now().DeadlineDate(clock.Day(tx.Now), calendar.Workdays(t.Workdays))
	if err != nil {
		return err
	}
	t.FormSending, err = s.Forms.Carry(ctx, tx, gate.Carried{Form: t.Form, Body: t.Body, Carrier: t.ID, Way: gate.Way(t.Way), Areas: t.Areas,
		Pass: gate.Pass{Number: t.PassNumber, Title: t.PassTitle, Until: t.PassUntil}, Duty: t.Admission == "", DueOn: due})
	return err
}

// endForm ends a task's form with it.
func (s carrying) endForm(ctx context.Context, tx *audit.Tx, t *Task) error {
	if t.FormSending == "" || s.Forms == nil {
		return nil
	}
	return s.Forms.EndCarried(ctx, tx, t.FormSending, t.EndReason)
}

// given is the community's answer to the task's form; without an id where the task has none. Error: Conflict "task.form_open" for a
// form that is not filled in and submitted.
func (s shares) given(ctx context.Context, r db.Reader, k *taking) (gate.Given, error) {
	if k.task.FormSending == "" || s.Forms == nil {
		return gate.Given{}, nil
	}
	g, err := s.Forms.Given(ctx, r, k.task.FormSending, k.share.Area)
	if err == nil && !g.Whole {
		err = errs.New(errs.Conflict, "task.form_open").By(ruleForm)
	}
	return g, err
}

// settle lets the community's answer to the task's form follow its case.
func (s shares) settle(ctx context.Context, tx *audit.Tx, k *taking, v gate.Verdict) error {
	if k.task.FormSending == "" || s.Forms == nil {
		return nil
	}
	due := ""
	if k.c.Clock.Due != nil {
		due = clock.Day(clock.Instant(*k.c.Clock.Due))
	}
	return s.Forms.Settle(ctx, tx, k.task.FormSending, k.share.Area, v, k.in.Note, due)
}

func (s shares) accept(ctx context.Context, tx *audit.Tx, k *taking) error {
	return s.settle(ctx, tx, k, gate.Accepted)
}

// FormView is the form by which a community answers.
type FormView struct {
	Answer    string `json:"answer" doc:"Id of the community's answer to it; empty while the form is being given out"`
	State     string `json:"state" enum:",asked,submitted,returned,accepted,lapsed"`
	Whole     bool   `json:"whole" doc:"Filled in and submitted"`
	Wanted    int    `json:"wanted" doc:"Fields"`
	Prefilled int    `json:"prefilled" doc:"Of these, filled in from what is held"`
}

func (s carrying) formView(ctx context.Context, r db.Reader, t *Task, share *Share) (*FormView, error) {
	if t.FormSending == "" || s.Forms == nil {
		return nil, nil
	}
	g, err := s.Forms.Given(ctx, r, t.FormSending, share.Area)
	return &FormView{Answer: g.ID, State: g.State, Whole: g.Whole, Wanted: g.Wanted, Prefilled: g.Prefilled}, err
}

// formWords are the labels of a task's form, and what communities answered to it, for a page of its table.
func (s carrying) formWords(ctx context.Context, t *Task, lang text.Lang) ([]string, func([]Share) (map[string][]string, error), error) {
	none := func([]Share) (map[string][]string, error) { return nil, nil }
	if t.FormSending == "" || s.Forms == nil {
		return nil, none, nil
	}
	labels, err := s.Forms.Questions(ctx, s.Log.DB, t.FormSending, lang)
	return labels, func(some []Share) (map[string][]string, error) {
		areas := make([]string, len(some))
		for i := range some {
			areas[i] = some[i].Area
		}
		return s.Forms.Words(ctx, s.Log.DB, t.FormSending, areas, lang)
	}, err
}

package task

import (
	"cmp"
	"context"
	"time"

	"linli/internal/casework"
	"linli/internal/casework/alert"
	"linli/internal/gate"
	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/calendar"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
	"linli/internal/platform/text"
	"linli/internal/routing"
)

// shares run the cases of communities.
type shares struct{ *Service }

// matter is the kind of case that a community's share is.
func (s shares) matter() *casework.Matter {
	return &casework.Matter{Kind: KindTask, Apart: true, Flow: shareLifecycle(), Opening: verbAsk, Counts: counts, Knows: knowsWay,
		SubjectName: func(way string, lang text.Lang) string { return s.Words.T(lang, "task.way."+way) },
		Responsible: func(string) routing.ResponsibleUnit { return routing.ResponsibleUnit{} }, Moved: s.moved, Stand: s.stand,
		Describe: s.describe, Words: s.words, Subjects: subjects}
}

func subjects() []string {
	out := make([]string, len(ways))
	for i, w := range ways {
		out[i] = string(w)
	}
	return out
}

func knowsWay(way string) bool {
	for _, w := range ways {
		if string(w) == way {
			return true
		}
	}
	return false
}

// admit lets who acts for the department that asked read a community's case, and the community-building body one that was refused.
func (s shares) admit(ctx context.Context, r db.Reader, a *authority.Actor, c *casework.Case) (bool, error) {
	if c.Kind != KindTask {
		return false, nil
	}
	if a.Can(permDecide, c.Area) {
		return true, nil
	}
	if !a.CanAnywhere(permRead) {
		return false, nil
	}
	share, err := shareOfCase(ctx, r, c.ID)
	return err == nil && a.In(share.Body), ignoreNone(err)
}

func ignoreNone(err error) error {
	if err != nil && errs.Of(err).Kind == errs.NotFound {
		return nil
	}
	return err
}

// stand reads what the guards of a share ask.
func (s shares) stand(ctx context.Context, r db.Reader, c *casework.Case) error {
	share, err := shareOfCase(ctx, r, c.ID)
	if err != nil {
		return err
	}
	t, err := findTask(ctx, r, share.Task)
	if err != nil {
		return err
	}
	past, err := db.Value[int](ctx, r, `SELECT COUNT(*) FROM task_refusal WHERE share_id = $1`, share.ID)
	c.Standing.Note(roomTask, &noted{Share: share, Task: t, day: clock.Day(clock.Now(ctx)), past: past > 0})
	return err
}

// taking is one step on a share while it is taken.
type taking struct {
	c     *casework.Case
	share *Share
	task  *Task
	in    *flow.Input
	now   int64
	late  bool // the deadline of the stage that ends has passed
	count figures
}

// moved does what a step means for the share: who is responsible next and by when, the minutes, the refusal, the figures.
func (s shares) moved(ctx context.Context, tx *audit.Tx, c *casework.Case, t *flow.Transition[*casework.Case], in *flow.Input) error {
	n := notedOf(c)
	if n == nil {
		return errs.ErrNotFound
	}
	share, task := n.Share, n.Task
	k := &taking{c: c, share: &share, task: &task, in: in, now: clock.Millis(tx.Now), count: figures{}}
	k.late = c.Clock.Due != nil && k.now > *c.Clock.Due
	open := share.State != string(c.State) && !c.Open
	if does := s.effects()[t.Verb]; does != nil {
		if err := does(ctx, tx, k); err != nil {
			return err
		}
	}
	share.State, share.Due = string(c.State), 0
	if c.Clock.Due != nil {
		share.Due = *c.Clock.Due
	}
	if open {
		share.Closed = k.now
	}
	if err := updateShare(ctx, tx, &share); err != nil {
		return err
	}
	if err := s.count(ctx, tx, &share, k.count); err != nil || !open {
		return err
	}
	return s.closed(ctx, tx, &share)
}

// closed counts a community that owes nothing any more; the task is complete with the last.
func (s shares) closed(ctx context.Context, tx *audit.Tx, share *Share) error {
	done, total, err := countDone(ctx, tx, share.Task, 1)
	if err != nil || done < total {
		return err
	}
	t, err := findTask(ctx, tx, share.Task)
	if err != nil || t.State != string(stateSent) {
		return err
	}
	return s.take(ctx, tx, &t, verbComplete, flow.Input{})
}

type effect func(context.Context, *audit.Tx, *taking) error

// effects are what the verbs do beside the change of state.
func (s shares) effects() map[flow.Verb]effect {
	return map[flow.Verb]effect{verbBegin: s.begin, verbReply: s.answer, verbAccept: s.accept, verbSendBack: s.sendBack,
		verbRefuse: s.refuse, verbUphold: s.uphold, verbLapse: s.uphold, verbOverrule: s.overrule, verbUrge: s.urge,
		verbCorrect: s.correct, verbClose: s.close}
}

func (s shares) begin(_ context.Context, _ *audit.Tx, k *taking) error {
	k.share.Began = k.now
	return nil
}

// answer takes a community's answer to the department. Errors: Invalid for one without the text or the files that were asked for.
func (s shares) answer(ctx context.Context, tx *audit.Tx, k *taking) error {
	refused := errs.ErrInvalid
	by, err := s.given(ctx, tx, k)
	if err != nil {
		return err
	}
	if (k.task.Answer == answerText || k.task.Answer == answerBoth) && k.in.Note == "" {
		refused = refused.At("note", "field.required")
	}
	if (k.task.Answer == answerFiles || k.task.Answer == answerBoth) && len(k.in.Files) == 0 {
		refused = refused.At("files", "field.required")
	}
	if len(refused.Fields) > 0 {
		return refused
	}
	measured := s.minutes(clock.Instant(k.share.Began), tx.Now)
	if by.ID != "" { // the form measures from opening to submitting, pauses left out
		measured = max(1, by.Minutes-k.share.Measured)
	}
	told := cmp.Or(k.in.Number, measured)
	k.count[measureMeasured], k.count[measureTold] = measured, told
	if k.share.Answered == 0 {
		k.count[measureAnswered] = 1
		if k.late {
			k.count[measureLate] = 1
		} else {
			k.count[measureOnTime] = 1
		}
		k.share.Late = k.late
	}
	k.share.Measured += measured
	k.share.Told += told
	k.share.Answered, k.share.Answer = k.now, k.in.Note
	k.c.Unit = k.task.Body
	s.start(k.c, tx.Now, ruleAccept)
	return s.load(ctx, tx, k.task, k.share, gate.Load{Answered: 1, Measured: told})
}

// minutes are those between two instants: by the clock within a day, and of working time over days, because nobody works at it at night.
// Where the calendar does not reach they are 1; there is always at least one.
func (s shares) minutes(from, to time.Time) int {
	if clock.Day(from) == clock.Day(to) {
		return max(1, int(to.Sub(from).Round(time.Minute)/time.Minute))
	}
	n, err := s.Calendar.Now().OpenMinutes(from, to)
	if err != nil {
		return 1
	}
	return min(max(1, n), maxMinutes)
}

// start begins the next stage with the working days of a rule.
func (s shares) start(c *casework.Case, now time.Time, key string) {
	c.Start(s.Calendar.Now(), now, calendar.Workdays(s.Rules.Int(key, clock.Day(now))), calendar.Limit{})
}

func (s shares) back(ctx context.Context, c *casework.Case) (err error) {
	c.Unit, err = s.answers(ctx, c.Area)
	return err
}

func (s shares) sendBack(ctx context.Context, tx *audit.Tx, k *taking) error {
	k.share.Returned++
	k.count[measureReturned] = 1
	s.start(k.c, tx.Now, ruleAgain)
	if err := s.settle(ctx, tx, k, gate.Returned); err != nil {
		return err
	}
	return s.back(ctx, k.c)
}

// refuse lets a community refuse: until it is decided, nothing need be answered.
func (s shares) refuse(ctx context.Context, tx *audit.Tx, k *taking) error {
	k.c.Unit = ""
	s.start(k.c, tx.Now, ruleDecide)
	k.count[measureRefusedN] = 1
	f := Refusal{Shard: k.share.Shard, ID: k.share.Shard + "-" + db.NewID(ctx), Share: k.share.ID, Task: k.task.ID, Case: k.c.ID,
		Area: k.share.Area, Body: k.task.Body, Ground: k.in.Choice, Reason: k.in.Note, State: refusalOpen, At: k.now, By: tx.Actor.Name}
	if k.c.Clock.Due != nil {
		f.Due = *k.c.Clock.Due
	}
	return insertRefusal(ctx, tx, &f)
}

// uphold decides a refusal for the community, by who decides or by silence.
func (s shares) uphold(ctx context.Context, tx *audit.Tx, k *taking) error {
	state, by := refusalUpheld, tx.Actor.Name
	if tx.Actor.System {
		state, by = refusalLapsed, ""
		k.count[measureLapsed] = 1
	}
	k.count[measureUpheldN] = 1
	if err := s.settle(ctx, tx, k, gate.Released); err != nil {
		return err
	}
	return decideRefusal(ctx, tx, k.share.ID, state, k.now, by, k.in.Note)
}

func (s shares) overrule(ctx context.Context, tx *audit.Tx, k *taking) error {
	k.count[measureOverruled] = 1
	s.start(k.c, tx.Now, ruleOverruled)
	if err := s.back(ctx, k.c); err != nil {
		return err
	}
	return decideRefusal(ctx, tx, k.share.ID, refusalOverruled, k.now, tx.Actor.Name, k.in.Note)
}

func (s shares) urge(ctx context.Context, tx *audit.Tx, k *taking) error {
	k.share.Reminded++
	k.count[measureReminded] = 1
	return alert.Raise(ctx, tx, k.c, alert.StageUrged, k.now, alert.ToUnit(k.c))
}

// correct lets whoever answered say how long it took; what the clock measured stays beside it.
func (s shares) correct(ctx context.Context, tx *audit.Tx, k *taking) error {
	by := k.in.Number - k.share.Told
	k.share.Told = k.in.Number
	k.count[measureTold] = by
	return s.load(ctx, tx, k.task, k.share, gate.Load{Measured: by})
}

func (s shares) close(ctx context.Context, tx *audit.Tx, k *taking) error {
	k.count[measureEnded] = 1
	return decideRefusal(ctx, tx, k.share.ID, refusalDropped, k.now, "", "")
}

// States of a refusal.
const (
	refusalOpen      = "open"
	refusalUpheld    = "upheld"
	refusalLapsed    = "lapsed" // upheld by silence
	refusalOverruled = "overruled"
	refusalDropped   = "dropped" // the task ended first
)

// words are what was asked: a share is found by all of it.
func (s shares) words(ctx context.Context, r db.Reader, cases ...*casework.Case) (map[string]string, error) {
	out, texts := map[string]string{}, map[string]string{}
	for _, c := range cases {
		share, err := shareOfCase(ctx, r, c.ID)
		if err != nil {
			return nil, err
		}
		if _, read := texts[share.Task]; !read {
			t, err := findTask(ctx, r, share.Task)
			if err != nil {
				return nil, err
			}
			texts[share.Task] = t.Content.Content
		}
		out[c.ID] = texts[share.Task]
	}
	return out, nil
}

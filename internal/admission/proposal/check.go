package proposal

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"linli/internal/admission"
	"linli/internal/gate"
	"linli/internal/platform/calendar"
	"linli/internal/platform/clock"
	"linli/internal/platform/errs"
	"linli/internal/platform/fold"
	"linli/internal/platform/money"
	"linli/internal/platform/rule"
)

// Finding is one thing that the rules say about an application.
type Finding struct {
	Refused bool   // else it is to be minded
	Field   string // input that it is about, e.g. "money.amount"
	Key     string // of its sentence, below "error."
	Rule    string // key of the rule, or ""
	Args    errs.Args
	Words   []string // offending words, or nil
}

// Checker judges applications by the rules. It reads no table of its own: the command line judges a file by what ships.
type Checker struct {
	Rules    *rule.Cache
	Calendar *calendar.Calendar
	Lists    Lists
	Held     Held // nil where nobody knows what is held
}

// Case is what a check is told beside the content.
type Case struct {
	Department  string // code of the department that applies, or ""
	Received    string // day on which it was or is handed in
	Communities int    // in its scope; 0 where that is not known
}

// checking collects findings.
type checking struct {
	*Checker
	c     *Proposal
	of    Case
	found []Finding
}

func (k *checking) refuse(field, key, ruleKey string, args ...any) {
	k.found = append(k.found, Finding{Refused: true, Field: field, Key: "admission.check." + key, Rule: ruleKey, Args: pairs(args)})
}

func (k *checking) mind(field, key, ruleKey string, args ...any) {
	k.found = append(k.found, Finding{Field: field, Key: "admission.check." + key, Rule: ruleKey, Args: pairs(args)})
}

func pairs(args []any) errs.Args {
	out := errs.Args{}
	for i := 0; i+1 < len(args); i += 2 {
		out[args[i].(string)] = args[i+1]
	}
	return out
}

// Check judges a content, refusals first. Errors: of reading the lists.
func (k *Checker) Check(ctx context.Context, c *Proposal, of Case) ([]Finding, error) {
	ch := &checking{Checker: k, c: c, of: of}
	ch.forbidden()
	for _, judge := range []func(context.Context) error{ch.lists, ch.data} {
		if err := judge(ctx); err != nil {
			return nil, err
		}
	}
	ch.role()
	ch.basis()
	ch.work()
	ch.days()
	ch.money()
	ch.size()
	slices.SortStableFunc(ch.found, func(a, b Finding) int {
		if a.Refused == b.Refused {
			return 0
		} else if a.Refused {
			return -1
		}
		return 1
	})
	return ch.found, nil
}

// Refusal is the findings that refuse, as one refusal that names every field: Invalid; nil where none does.
func Refusal(found []Finding) error {
	refused := errs.ErrInvalid
	for _, f := range found {
		if !f.Refused {
			continue
		}
		args := []any{}
		for name, v := range f.Args {
			args = append(args, name, v)
		}
		if refused = refused.At(f.Field, f.Key, args...); refused.Rule == "" && f.Rule != "" {
			refused = refused.By(f.Rule)
		}
	}
	if len(refused.Fields) == 0 {
		return nil
	}
	return refused
}

// kindsOrder is that in which kinds of what is forbidden are named.
func kindsOrder() (out []string) {
	for _, k := range wording().Kinds {
		out = append(out, k.Kind)
	}
	return out
}

// forbidden refuses what can never be admitted, by its words: permits, penalties, coercion and the like.
func (k *checking) forbidden() {
	for _, f := range []struct{ field, text string }{{"name", k.c.Name + "\n" + k.c.NameEn}, {"text", k.c.Text}} {
		found := forbiddenIn(f.text)
		for _, kind := range kindsOrder() {
			if words := found[kind]; len(words) > 0 {
				k.refuse(f.field, "forbidden", ruleForbidden+kind, "words", strings.Join(words, "、"),
					"kind", errs.Key("admission.forbidden."+kind))
				k.found[len(k.found)-1].Words = words
			}
		}
	}
}

// lists judges by the published lists: duties of the street first, then what is barred, then the entry that is claimed.
func (k *checking) lists(ctx context.Context) error {
	alike, err := k.Lists.Alike(ctx, k.c.Areas, k.of.Received, spoken(k.c.Name+"\n"+k.c.Text))
	if err != nil {
		return err
	}
	for _, l := range alike {
		args := []any{"entry", l.Entry.Code, "title", l.Entry.Text.Zh, "words", l.Words, "law", l.Entry.Law.Zh + l.Entry.Article.Zh}
		switch {
		case l.Entry.Kind == admission.Certificate && !k.certifies():
		case l.Share < 1 || l.Entry.Kind == admission.Street || onlyUnadmitted(&l.Entry):
			k.mind("text", "alike_"+string(l.Entry.Kind), RuleListed, args...)
		default:
			k.refuse("text", "barred_"+string(l.Entry.Kind), RuleListed, args...)
			k.found[len(k.found)-1].Words = []string{l.Words}
		}
	}
	if k.c.Entry == "" {
		return nil
	}
	e, found, err := k.Lists.Entry(ctx, Over(k.c.Areas), k.c.Entry, k.of.Received)
	switch {
	case err != nil:
		return err
	case !found:
		k.refuse("entry", "entry_unknown", RuleListed, "entry", k.c.Entry)
	case slices.Contains(admission.Barred, e.Kind):
		k.refuse("entry", "entry_barred", RuleListed, "entry", e.Code, "title", e.Text.Zh)
	case slices.Contains([]admission.Kind{admission.Assist, admission.Report}, e.Kind) && e.Department == k.of.Department:
		k.mind("entry", "entry_listed", RuleListed, "entry", e.Code, "title", e.Text.Zh)
	default:
		k.mind("entry", "entry_other", RuleListed, "entry", e.Code, "title", e.Text.Zh)
	}
	return nil
}

// onlyUnadmitted tells whether an entry forbids only what has not been admitted: an application for it is then the right way.
func onlyUnadmitted(e *admission.Entry) bool {
	return strings.HasPrefix(e.Text.Zh, wording().Unadmitted)
}

// certifies tells whether communities are asked to certify something.
func (k *checking) certifies() bool {
	return slices.Contains(k.c.Ways, string(gate.Certificate)) || slices.ContainsFunc(wording().Certify, func(w string) bool {
		return strings.Contains(k.c.Name+k.c.Text, w)
	})
}

// data wants to know that nothing is asked that is held already.
func (k *checking) data(ctx context.Context) error {
	if len(k.c.Fields) == 0 {
		return nil
	}
	if k.c.HeldCheck == "" {
		k.refuse("heldCheck", "held_check", ruleHeld)
	}
	if k.Held == nil {
		return nil
	}
	known, err := k.Held.Held(ctx, k.c.Fields)
	var held, elsewhere []string
	for _, f := range known {
		if of := f.Field + " (" + f.Element + ")"; f.Elsewhere {
			elsewhere = append(elsewhere, of)
		} else {
			held = append(held, of)
		}
	}
	switch {
	case err != nil:
		return err
	case len(held) == len(k.c.Fields):
		k.refuse("fields", "held_all", ruleHeld, "fields", strings.Join(held, "、"))
	case len(held) > 0:
		k.mind("fields", "held_some", ruleHeld, "fields", strings.Join(held, "、"))
	}
	if len(elsewhere) > 0 {
		k.mind("fields", "held_elsewhere", ruleHeld, "fields", strings.Join(elsewhere, "、"))
	}
	return nil
}

func (k *checking) role() {
	if k.c.Role != RoleAssist && k.c.Role != RoleReport {
		k.refuse("role", "role", ruleRole)
	}
	if k.c.Assessment != NoAssessment {
		k.refuse("assessment", "assessment", ruleAssessment)
	}
}

// leastReason is how many characters a reason has at least.
const leastReason = 10

func (k *checking) basis() {
	if k.c.Basis.Document == "" {
		k.refuse("basis.document", "basis", ruleBasis)
	}
	if k.c.Basis.Article == "" {
		k.refuse("basis.article", "article", ruleBasis)
	}
	if !slices.Contains([]string{"V", "S", "D"}, k.c.Basis.Certainty) {
		k.mind("basis.certainty", "certainty", ruleBasis)
	}
	if fold.Count(k.c.OwnStaff) < leastReason {
		k.refuse("ownStaff", "own_staff", ruleBasis, "min", leastReason)
	}
	if k.c.Consistency == "" {
		k.mind("consistency", "consistency", ruleConsistency)
	}
	if k.c.Emergency && fold.Count(k.c.Why) < leastReason {
		k.refuse("why", "why", RuleRatify, "min", leastReason)
	}
}

func (k *checking) work() {
	if len(k.c.Ways) == 0 {
		k.refuse("ways", "ways", "")
	}
	if slices.Contains(k.c.Ways, string(gate.Certificate)) {
		k.mind("ways", "certificate", RuleListed)
	}
	if fold.Count(k.c.Text) < leastReason {
		k.refuse("text", "text", "", "min", leastReason)
	}
	if k.c.Frequency < 1 {
		k.refuse("frequency", "frequency", "", "max", maxFrequency)
	}
	if k.c.Minutes < 1 {
		k.refuse("minutes", "minutes", "")
	}
}

// days judges start, end and exit, and that it is handed in early enough.
func (k *checking) days() {
	c := k.c
	from, okFrom := fold.Day(c.From)
	until, okUntil := fold.Day(c.Until)
	exit, okExit := fold.Day(c.Exit)
	for field, ok := range map[string]bool{"from": okFrom, "until": okUntil, "exit": okExit} {
		if !ok {
			k.refuse(field, "day", "")
		}
	}
	if !okFrom || !okUntil || !okExit {
		return
	}
	if until < from {
		k.refuse("until", "until", "")
	} else if months := k.Rules.Int(RuleTerm, k.of.Received); until >= MonthsAfter(from, months) {
		k.refuse("until", "term", RuleTerm, "months", months)
	}
	if exit < from || exit > until {
		k.refuse("exit", "exit", "")
	}
	if c.Emergency {
		return
	}
	ahead := k.Rules.Int(RuleAhead, k.of.Received)
	least, err := k.Calendar.DeadlineDate(k.of.Received, calendar.Workdays(ahead))
	var unknown *calendar.YearNotLoaded
	switch {
	case errors.As(err, &unknown):
		k.refuse("from", "calendar", RuleAhead, "year", unknown.Year)
	case err != nil:
		k.refuse("from", "day", "")
	case from < least:
		k.refuse("from", "ahead", RuleAhead, "days", ahead, "least", least)
	}
}

// MonthsAfter is the day so many months after a day, the month of which is kept: 31 August and six months is 28 February.
func MonthsAfter(day string, months int) string {
	t, _ := time.ParseInLocation(time.DateOnly, day, clock.City) // a day that was read
	next := t.AddDate(0, months, 0)
	if next.Day() != t.Day() {
		next = next.AddDate(0, 0, -next.Day())
	}
	return clock.Day(next)
}

// money judges that the department pays, when and from what.
func (k *checking) money() {
	m := k.c.Money
	if m.Amount <= 0 {
		k.refuse("money.amount", "amount", ruleMoney)
		return
	}
	if m.Source == "" {
		k.refuse("money.source", "source", ruleMoney)
	}
	if m.Line == "" {
		k.mind("money.line", "unfunded", ruleMoney)
	}
	var sum int64
	for _, i := range m.Instalments {
		sum += i.Amount
		due, ok := fold.Day(i.Due)
		switch {
		case i.Amount <= 0:
			k.refuse("money.instalments", "instalment", ruleMoney)
		case !ok:
			k.refuse("money.instalments", "instalment_day", ruleMoney)
		case due > k.c.Until:
			k.refuse("money.instalments", "instalment_late", ruleMoney, "until", k.c.Until)
		}
	}
	if sum != m.Amount {
		k.refuse("money.instalments", "instalments", ruleMoney, "sum", money.Yuan(sum), "amount", money.Yuan(m.Amount))
	}
}

// size tells that a hearing is due.
func (k *checking) size() {
	if Hears(k.Rules, k.c, k.of.Communities, k.of.Received) {
		k.mind("", "hearing", RuleHearingMinutes, "communities", k.Rules.Int(ruleHearingAreas, k.of.Received),
			"hours", k.Rules.Int(RuleHearingMinutes, k.of.Received)/60)
	}
}

// Hears tells whether scope or hours pass the threshold of a hearing on a day.
func Hears(rules *rule.Cache, c *Proposal, communities int, day string) bool {
	return communities >= rules.Int(ruleHearingAreas, day) || c.yearly() >= rules.Int(RuleHearingMinutes, day)
}

// Package limit bounds how often a caller may do something. Every budget of the program stands in
// one table, Budgets in budget.go, and its figures are dated rules.
//
// A budget that guards a secret counts failures alone, so that people who know the secret never use
// up what their neighbours behind the same address need; it is kept in the database, so that several
// processes together allow no more than one. What only bounds a flood is kept in memory, in a cache
// of fixed size. Every refusal says when to try again.
//
// One whole number a caller is kept: the instant at which the budget will be whole again (the generic
// cell rate algorithm, ITU-T I.371). Table (reference): limit_spent.
package limit

import (
	"context"
	"embed"
	"fmt"
	"strconv"
	"time"

	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/httpx"
	"linli/internal/platform/module"
	"linli/internal/platform/rule"
)

// Texts holds texts/zh.json and texts/en.json.
//
//go:embed texts
var Texts embed.FS

//go:embed rules.csv
var rules []byte

// Rules are the shipped figures of every budget.
func Rules() []rule.Value { return rule.Shipped(rules) }

// periods are the units of a budget's rule.
var periods = map[string]time.Duration{
	"per_minute": time.Minute, "per_ten_minutes": 10 * time.Minute, "per_hour": time.Hour, "per_day": 24 * time.Hour,
}

// Limiter counts. It is safe for use by many.
type Limiter struct {
	db     *db.DB
	rules  *rule.Cache
	memory *memory
}

// New makes the limiter of the program. There is one, so that every face spends from the same budgets.
func New(d *db.DB, rules *rule.Cache) *Limiter {
	return &Limiter{db: d, rules: rules, memory: newMemory(mostCallers)}
}

// Module is what the limiter brings: its rules, its table, and the job that forgets whole budgets.
func (l *Limiter) Module() module.Module {
	return module.Module{Name: "limit", Texts: Texts, Rules: Rules(), Tables: map[string]module.Growth{"limit_spent": module.Reference},
		Jobs: []module.Job{{Name: "limit.forget", Every: time.Minute, Do: l.forget}}}
}

// Address names the network address that a request comes from, as the caller of a budget.
func Address(ctx context.Context) string {
	if p := httpx.PeerOf(ctx); p.Caller != "" {
		return p.Caller
	}
	return httpx.Network(authority.From(ctx).Origin)
}

// Check refuses a caller who has used up a budget of failures; nothing is counted. Errors: TooMany.
func (l *Limiter) Check(ctx context.Context, b Budget, caller string) error {
	q, now := l.quota(ctx, b), clock.Millis(clock.Now(ctx))
	fullAt := l.memory.fullAt(b, caller)
	if b.Shared {
		var err error
		if fullAt, err = spentOf(ctx, l.db, b, caller); err != nil {
			return err
		}
	}
	return refuse(q.wait(fullAt, now))
}

// Fail counts a failure. It never refuses: what was tried has been answered. Failures that were begun
// together may pass Check together; all of them are counted, so the next have to wait for longer.
func (l *Limiter) Fail(ctx context.Context, b Budget, caller string) error {
	q, now := l.quota(ctx, b), clock.Millis(clock.Now(ctx))
	if !b.Shared {
		l.memory.spend(b, caller, q, now, true)
		return nil
	}
	return l.db.Write(ctx, func(tx *db.Tx) error { return spend(ctx, tx, b, caller, q, now) })
}

// Guard checks a budget of failures, tries, and counts the try when failed says that its error is a
// wrong secret. Errors: TooMany, and those of the try.
func (l *Limiter) Guard(ctx context.Context, b Budget, caller string, failed func(error) bool, try func() error) error {
	if err := l.Check(ctx, b, caller); err != nil {
		return err
	}
	err := try()
	if err != nil && failed(err) {
		if counted := l.Fail(ctx, b, caller); counted != nil {
			return counted
		}
	}
	return err
}

// Take counts one act, or refuses it and counts nothing. Errors: TooMany.
func (l *Limiter) Take(ctx context.Context, b Budget, caller string) error {
	if b.Shared {
		return l.db.Write(ctx, func(tx *db.Tx) error { return l.TakeIn(ctx, tx, b, caller) })
	}
	return refuse(l.memory.spend(b, caller, l.quota(ctx, b), clock.Millis(clock.Now(ctx)), false))
}

// TakeVisitor is Take of the visitor's own budget, where one can be told apart (not ""), and of their network address's.
// The own one comes first, so that one visitor's haste leaves their neighbours behind the same address alone.
func (l *Limiter) TakeVisitor(ctx context.Context, address, own Budget, visitor string) error {
	if visitor != "" {
		if err := l.Take(ctx, own, visitor); err != nil {
			return err
		}
	}
	return l.Take(ctx, address, Address(ctx))
}

// TakeIn is Take inside a write: what is counted is undone with it. For shared budgets.
func (l *Limiter) TakeIn(ctx context.Context, tx *db.Tx, b Budget, caller string) error {
	return take(ctx, tx, b, caller, l.quota(ctx, b), clock.Millis(clock.Now(ctx)))
}

// GiveBackIn undoes one Take of a shared budget, inside a write: the act has turned out to be honest.
func (l *Limiter) GiveBackIn(ctx context.Context, tx *db.Tx, b Budget, caller string) error {
	_, err := tx.Exec(ctx, `UPDATE limit_spent SET full_at = full_at - $1 WHERE budget = $2 AND caller = $3`,
		l.quota(ctx, b).step, b.Rule, caller)
	return err
}

// quota is a budget's figures on a day, in milliseconds.
type quota struct {
	step   int64 // until one act has grown back
	period int64 // until all have
}

func (l *Limiter) quota(ctx context.Context, b Budget) quota {
	v, ok := l.rules.On(b.Rule, clock.Day(clock.Now(ctx)))
	period := periods[v.Unit].Milliseconds()
	amount, err := strconv.ParseInt(v.Value, 10, 64)
	if !ok || err != nil || period == 0 || amount < 0 {
		panic(fmt.Sprintf("rule %s is no budget: %q %q", b.Rule, v.Value, v.Unit)) // a fault of the program, found by its tests
	}
	if amount == 0 { // nothing is allowed
		return quota{step: period + 1, period: period}
	}
	return quota{step: max(1, period/amount), period: period}
}

// wait is for how long one more act has to wait: 0 for not at all.
func (q quota) wait(fullAt, now int64) int64 {
	return max(0, max(q.live(fullAt, now), now)+q.step-now-q.period)
}

// next is when the budget is whole again after one more act, within the debt.
func (q quota) next(fullAt, now int64) int64 {
	return max(now+q.step, min(max(q.live(fullAt, now), now)+q.step, q.debt(now)))
}

// debt is the latest instant at which a budget is whole again: failures that were begun together may use
// it up many times over.
func (q quota) debt(now int64) int64 { return now + 10*q.period }

// far is beyond every debt: an instant after it was written before the machine's clock was set back.
func (q quota) far(now int64) int64 { return now + 11*q.period }

func (q quota) live(fullAt, now int64) int64 {
	if fullAt > q.far(now) {
		return 0
	}
	return fullAt
}

// refuse turns a wait in milliseconds into the refusal that says so, or nil.
func refuse(wait int64) error {
	if wait <= 0 {
		return nil
	}
	return errs.ErrTooMany.Later(time.Duration(wait) * time.Millisecond)
}

package db

import "context"

// Shared is what the writes of one commit add to together, in memory until its end: a running
// number, a sum. A row that every write changes is so changed once a commit.
type Shared interface {
	// Flush writes what was added.
	Flush(ctx context.Context, tx *Tx) error
}

// Share gives what the commit's writes share by a key; the first of them makes it, reading what it
// starts from in the same transaction. Whoever reads those rows otherwise must call Settle before.
func Share[S Shared](t *Tx, key string, begin func() (S, error)) (S, error) {
	t.changed = true // in memory
	if s, ok := t.w.shared[key].(S); ok {
		return s, nil
	}
	s, err := begin()
	if err != nil {
		return s, err
	}
	if t.w.shared == nil {
		t.w.shared = map[string]Shared{}
	}
	t.w.shared[key] = s
	t.w.order = append(t.w.order, key)
	return s, nil
}

// Settle writes all that is shared, and forgets it.
func (t *Tx) Settle(ctx context.Context) error {
	shared, order := t.w.shared, t.w.order
	t.w.shared, t.w.order = nil, nil
	for _, key := range order {
		if err := shared[key].Flush(ctx, t); err != nil {
			return err
		}
	}
	return nil
}

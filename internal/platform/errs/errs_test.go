package errs

import (
	"testing"
	"time"
)

// What passes by itself says when to come again, whether the refusal knows or not; what does not, never.
func TestWhatPassesSaysWhenToComeAgain(t *testing.T) {
	t.Parallel()
	for kind, want := range map[Kind]bool{Unavailable: true, TooMany: true, Invalid: false, Conflict: false,
		NotFound: false, Forbidden: false, Internal: false} {
		if got := New(kind, "x").RetryAfter() > 0; got != want {
			t.Errorf("%v: %v", kind, got)
		}
	}
	if got := New(Unavailable, "x").Later(time.Hour).RetryAfter(); got != time.Hour {
		t.Errorf("a known time becomes %s", got)
	}
}

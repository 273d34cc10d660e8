package money

import (
	"math"
	"testing"
)

func TestYuan(t *testing.T) {
	t.Parallel()
	for fen, want := range map[int64]string{0: "0.00", 5: "0.05", -5: "-0.05", 99: "0.99", 100: "1.00", 99_999: "999.99", 100_000: "1,000.00",
		-123_456_789: "-1,234,567.89", math.MinInt64: "-92,233,720,368,547,758.08"} {
		if got := Yuan(fen); got != want {
			t.Errorf("%d fen are %s, want %s", fen, got, want)
		}
	}
}

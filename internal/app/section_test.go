package app_test

import (
	"linli/internal/casework"
	"linli/internal/casework/clockverb"
)

func supervisions(d *casework.Detail) []clockverb.SupervisionView {
	return casework.SectionOf[[]clockverb.SupervisionView](d, clockverb.SectionSupervisions)
}

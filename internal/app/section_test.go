package app_test

import (
	"linli/internal/casework"
	"linli/internal/casework/clockverb"
)

func supervisions(d *casework.Detail) []clockverb.SupervisionView {
	return casework.SectionOf[[]clockverb.SupervisionView](d, clockverb.SectionSupervisions)
}

func suspension(d *casework.Detail) *clockverb.SuspensionView {
	return casework.SectionOf[*clockverb.SuspensionView](d, clockverb.SectionSuspension)
}

func extension(d *casework.Detail) *clockverb.ExtensionView {
	return casework.SectionOf[*clockverb.ExtensionView](d, clockverb.SectionExtension)
}

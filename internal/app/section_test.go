package app_test

import "linli/internal/casework"

func supervisions(d *casework.Detail) []casework.SupervisionView {
	return casework.SectionOf[[]casework.SupervisionView](d, casework.SectionSupervisions)
}

func suspension(d *casework.Detail) *casework.SuspensionView {
	return casework.SectionOf[*casework.SuspensionView](d, casework.SectionSuspension)
}

func extension(d *casework.Detail) *casework.ExtensionView {
	return casework.SectionOf[*casework.ExtensionView](d, casework.SectionExtension)
}

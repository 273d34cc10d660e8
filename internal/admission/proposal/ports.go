package proposal

import (
	"context"

	"linli/internal/admission"
)

// Lists are the published lists, as the check asks them.
type Lists interface {
	// Entry is the entry of a code in force for an area on a day.
	Entry(ctx context.Context, area, code, day string) (admission.Entry, bool, error)
	// Alike are the entries, barred for one of the areas on a day, of which a text speaks: the likest first.
	Alike(ctx context.Context, areas []string, day, text string) ([]admission.Likeness, error)
}

// Held tells what is held already of the data wanted.
type Held interface {
	// Held are those of the fields, as they were asked, that the platform or another department holds.
	Held(ctx context.Context, fields []string) ([]HeldField, error)
}

// HeldField is a datum that need not be collected.
type HeldField struct {
	Field     string // as it was asked
	Element   string // code of the data element
	Elsewhere bool   // another department holds it, and not the platform
}

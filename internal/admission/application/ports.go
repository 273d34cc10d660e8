package application

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

// Held tells what the platform holds already of the data wanted.
type Held interface {
	// Names are those of the fields that are held, as they were asked.
	Names(ctx context.Context, fields []string) ([]string, error)
}

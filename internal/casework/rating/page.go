package rating

import (
	"context"

	"linli/internal/casework"
	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/db"
)

func (s *Service) takeRating(ctx context.Context, tx *audit.Tx, st *casework.TakenStep) error {
	st.Level = st.Asked.Level
	return s.rate(ctx, tx, st.Case, st.Verb, st.Level, st.Asked.Solved, st.In.Note)
}

// describeRatings adds the ratings for who oversees the area, and for the reporter.
func (s *Service) describeRatings(ctx context.Context, r db.Reader, p *casework.Described) error {
	c, actor := p.Case, authority.From(ctx)
	if actor.Case != c.ID && !actor.Can(casework.PermBoard, c.Area) {
		return nil
	}
	ratings, err := ListRatings(ctx, r, c)
	if err != nil {
		return err
	}
	views := ratingViews(ratings)
	if len(views) == 0 {
		return nil
	}
	p.Sections[SectionRatings] = views
	if actor.Case != c.ID {
		return describeAppeals(ctx, r, c, views)
	}
	for i := range views {
		views[i].By = ""
	}
	return nil
}

// SectionRatings is the name of what a page tells of ratings.
const SectionRatings = "ratings"

var ratingSection = casework.Section{Name: SectionRatings, Doc: "Every rating, for who oversees the area and for the reporter",
	Empty: []RatingView(nil), Texts: func(v any) (out []*string) {
		for i, all := 0, v.([]RatingView); i < len(all); i++ {
			if out = append(out, &all[i].Comment, &all[i].Reason); all[i].Appeal != nil {
				out = append(out, &all[i].Appeal.Reason, &all[i].Appeal.Decision)
			}
		}
		return out
	}}

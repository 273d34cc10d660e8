package assessment

import (
	"context"

	"linli/internal/casework/stats"
	"linli/internal/platform/authority"
)

// Figures count the declared indicators.
type Figures interface {
	Declared() []string
	Indicate(ctx context.Context, area, kind, from, to string) (stats.IndicatorTable, error)
}

// Surveys give what residents answered. The room of surveys implements it.
type Surveys interface {
	// Scores are the results of a closed survey of an area: of each community every question's score, and the
	// households that it stands for. Error: Conflict "assessment.survey.not_closed".
	Scores(ctx context.Context, id, area string) (SurveyScores, error)
	// Ending counts the open surveys whose collection ends by a day or has ended, of those in which somebody collects.
	Ending(ctx context.Context, a *authority.Actor, until string) (int, error)
	// Collecting are the open surveys in which somebody collects, with the last day of each, by id.
	Collecting(ctx context.Context, a *authority.Actor) (map[string]string, error)
}

// SurveyScores are the results of a survey.
type SurveyScores struct {
	Digest      string
	Communities map[string]CommunityScores // by code
}

// CommunityScores are the answers of one community.
type CommunityScores struct {
	Households int
	Questions  map[string]Score
}

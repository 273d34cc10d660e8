package hall

import "linli/internal/casework"

// sectionApplication is the name of what an application adds to a page of its case.
const sectionApplication = "application"

// ApplicationView is what a service application adds to a case.
type ApplicationView struct {
	Item     string          `json:"item"`
	ItemName string          `json:"itemName"`
	Edition  int             `json:"edition" doc:"Of the item, that the application was made with"`
	Answers  []casework.Fact `json:"answers"`
	Papers   []casework.Fact `json:"papers" doc:"Files by what they prove: key is a file's id, label the material, value the name of the file"`
	Missing  []string        `json:"missing" doc:"What the applicant was told to bring, all at once"`
	Opinion  string          `json:"opinion" doc:"Of the review; empty for the applicant"`
	Decision string          `json:"decision"`
}

// texts are its free texts.
func texts(section any) []*string {
	v := section.(*ApplicationView)
	out := append(casework.FactTexts(v.Answers), &v.Opinion)
	out = append(out, casework.FactTexts(v.Papers)...)
	for i := range v.Missing {
		out = append(out, &v.Missing[i])
	}
	return out
}

package grid

// sectionIncident is the name of what an incident adds to a page of its case.
const sectionIncident = "incident"

// IncidentView is what an incident adds to a case.
type IncidentView struct {
	Category     string `json:"category"`
	CategoryName string `json:"categoryName"`
	Description  string `json:"description"`
	Closing      string `json:"closing" doc:"What must be so before it is closed"`
	Reworked     int    `json:"reworked"`
}

// texts are its free texts.
func texts(section any) []*string { return []*string{&section.(*IncidentView).Description} }

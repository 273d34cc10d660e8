package casework

import (
	"cmp"

	"linli/internal/platform/text"
)

// Intake is how a case comes in, whatever it is about: through which channel, with which files, and how whoever
// files it wants to be told.
type Intake struct {
	Channel   string
	Files     []string  // staged uploads
	Tell      []string  // channels by which the reporter wants to be told, see notify.Channels
	TellLang  text.Lang // in which; that of the context's reader when ""
	ClientKey string    // made by the client; the same key opens one case only
	Drafted   bool      // the key comes out of a draft that the platform sealed into the sender's browser
}

// FromDraft is the intake of a form of the portal, by the key of its draft.
func FromDraft(key string, files, tell []string) Intake {
	return Intake{Channel: ChannelPortal, Files: files, Tell: tell, ClientKey: key, Drafted: true}
}

// IntakeBody is the intake in the body of a request to the API.
type IntakeBody struct {
	Files     []string `json:"files,omitempty" maxItems:"9" doc:"Ids of staged uploads"`
	Tell      []string `json:"tell,omitempty" maxItems:"3" doc:"Channels by which whoever files it consents to be told: sms, wecom, mail"`
	TellLang  string   `json:"tellLang,omitempty" enum:"zh,en" doc:"Language in which they are told; that of the request when left out"`
	ClientKey string   `json:"clientKey,omitempty" maxLength:"64" doc:"Made by the client; the same key opens one case only"`
}

// Intake reads it; the key of the header (Idempotency-Key) counts where the body has none.
func (b *IntakeBody) Intake(channel, header string) Intake {
	return Intake{Channel: channel, Files: b.Files, Tell: b.Tell, TellLang: text.Lang(b.TellLang), ClientKey: cmp.Or(b.ClientKey, header)}
}

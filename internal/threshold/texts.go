package threshold

import "embed"

// Texts are the sentences of refusals and names of matters, counts and modes.
//
//go:embed texts/*.json
var Texts embed.FS

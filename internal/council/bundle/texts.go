package bundle

import "embed"

// Texts are the sentences of a verification.
//
//go:embed texts/*.json
var Texts embed.FS

package proposal

import (
	"linli/internal/platform/text"
)

// AdmissionFinding is a finding in the reader's language, with the rule and its source.
type AdmissionFinding struct {
	Refused   bool     `json:"refused" doc:"Else it is to be minded"`
	Field     string   `json:"field" doc:"Input that it is about; empty for the whole"`
	Key       string   `json:"key"`
	Text      string   `json:"text"`
	Words     []string `json:"words" doc:"Offending words"`
	Rule      string   `json:"rule"`
	Basis     string   `json:"basis" doc:"Law or document, in Chinese"`
	Article   string   `json:"article"`
	Certainty string   `json:"certainty" enum:",V,S,U,D"`
}

// View is a finding in words.
func (k *Checker) View(f Finding, words *text.Catalogue, lang text.Lang, day string) AdmissionFinding {
	v := AdmissionFinding{Refused: f.Refused, Field: f.Field, Key: f.Key, Words: append([]string{}, f.Words...), Rule: f.Rule,
		Text: words.Sentence(lang, "error."+f.Key, f.Args)}
	if r, ok := k.Rules.On(f.Rule, day); ok {
		v.Basis, v.Article, v.Certainty = r.Basis, r.Article, r.Certainty
	}
	return v
}

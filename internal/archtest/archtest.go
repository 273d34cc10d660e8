// Package archtest holds the rules of the house as tests: which package may import which, whose
// tables a statement may touch, what SQL both engines understand, how keys are shaped, and that
// every sentence exists in both languages. It reads the source tree and runs nothing of it.
package archtest

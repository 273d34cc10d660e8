package casework

// Accounts tells the names of those who act; the access module answers.
type Accounts interface {
	// AccountName is the name of an account, or "" of one that is not there.
	AccountName(id string) string
}

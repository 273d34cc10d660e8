package db

import (
	"database/sql"
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// statementsMost is how many prepared statements the readers of a database and its writer keep each:
// more than the program has texts, and few enough where somebody makes them without end.
const statementsMost = 512

// statements keeps the prepared statements that were used last, by their text. One that is in use when
// it has to go is closed after its last user.
type statements struct {
	lock sync.Mutex
	kept *simplelru.LRU[string, *statement]
	made int // so far
}

type statement struct {
	*sql.Stmt
	of    *statements
	users int
	gone  bool
}

func newStatements() *statements {
	kept, err := simplelru.NewLRU(statementsMost, func(_ string, st *statement) {
		st.gone = true
		st.closeUnused()
	})
	if err != nil { // a size below one
		panic(err)
	}
	return &statements{kept: kept}
}

// take is the statement of a text, which prepare makes where it is not kept. Call give when the query
// was started.
func (s *statements) take(text string, prepare func() (*sql.Stmt, error)) (*statement, error) {
	if st := s.use(text); st != nil {
		return st, nil
	}
	fresh, err := prepare()
	if err != nil {
		return nil, err
	}
	s.lock.Lock()
	defer s.lock.Unlock()
	if st, raced := s.kept.Get(text); raced {
		defer fresh.Close()
		st.users++
		return st, nil
	}
	s.made++
	st := &statement{Stmt: fresh, of: s, users: 1}
	s.kept.Add(text, st)
	return st, nil
}

// use is a kept statement with one more user, or nil.
func (s *statements) use(text string) *statement {
	s.lock.Lock()
	defer s.lock.Unlock()
	st, ok := s.kept.Get(text)
	if !ok {
		return nil
	}
	st.users++
	return st
}

// give ends a use. Rows that are still read keep their statement open by themselves.
func (st *statement) give() {
	st.of.lock.Lock()
	defer st.of.lock.Unlock()
	st.users--
	st.closeUnused()
}

func (st *statement) closeUnused() {
	if st.gone && st.users == 0 {
		st.Close()
	}
}

// close forgets all.
func (s *statements) close() {
	s.lock.Lock()
	defer s.lock.Unlock()
	s.kept.Purge()
}

// count tells how many statements are kept, and how many were made so far.
func (s *statements) count() (kept, made int) {
	s.lock.Lock()
	defer s.lock.Unlock()
	return s.kept.Len(), s.made
}

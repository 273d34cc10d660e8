package db

import (
	"container/list"
	"database/sql"
	"sync"
)

// statementsMost is how many prepared statements the readers of a database and its writer keep each:
// more than the program has texts, and few enough where somebody makes them without end.
const statementsMost = 512

// statements keeps the prepared statements that were used last, by their text. One that is in use when
// it has to go is closed after its last user.
type statements struct {
	lock   sync.Mutex
	most   int
	byText map[string]*list.Element // of *statement
	recent *list.List               // the last used first
	made   int                      // so far
}

type statement struct {
	*sql.Stmt
	of    *statements
	text  string
	users int
	gone  bool
}

func newStatements(most int) *statements {
	return &statements{most: most, byText: map[string]*list.Element{}, recent: list.New()}
}

// take is the statement of a text, which prepare makes where it is not kept. Call give when the query
// was started.
func (s *statements) take(text string, prepare func() (*sql.Stmt, error)) (*statement, error) {
	s.lock.Lock()
	if e, ok := s.byText[text]; ok {
		defer s.lock.Unlock()
		return s.use(e), nil
	}
	s.lock.Unlock()
	fresh, err := prepare()
	if err != nil {
		return nil, err
	}
	s.lock.Lock()
	defer s.lock.Unlock()
	if e, raced := s.byText[text]; raced {
		defer fresh.Close()
		return s.use(e), nil
	}
	s.made++
	e := s.recent.PushFront(&statement{Stmt: fresh, of: s, text: text})
	s.byText[text] = e
	taken := s.use(e)
	for s.recent.Len() > s.most {
		s.forget(s.recent.Back())
	}
	return taken, nil
}

func (s *statements) use(e *list.Element) *statement {
	s.recent.MoveToFront(e)
	st := e.Value.(*statement)
	st.users++
	return st
}

// give ends a use. Rows that are still read keep their statement open by themselves.
func (st *statement) give() {
	st.of.lock.Lock()
	defer st.of.lock.Unlock()
	if st.users--; st.gone && st.users == 0 {
		st.Stmt.Close()
	}
}

func (s *statements) forget(e *list.Element) {
	st := s.recent.Remove(e).(*statement)
	delete(s.byText, st.text)
	if st.gone = true; st.users == 0 {
		st.Stmt.Close()
	}
}

// close forgets all.
func (s *statements) close() {
	s.lock.Lock()
	defer s.lock.Unlock()
	for s.recent.Len() > 0 {
		s.forget(s.recent.Back())
	}
}

// count tells how many statements are kept, and how many were made so far.
func (s *statements) count() (kept, made int) {
	s.lock.Lock()
	defer s.lock.Unlock()
	return s.recent.Len(), s.made
}

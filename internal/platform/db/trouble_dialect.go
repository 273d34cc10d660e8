package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"linli/internal/platform/errs"
)

// What keeps a database from its work, as users and operators are told it. All of it passes
// without a restart once the cause is gone.
var (
	errFull    = errs.New(errs.Unavailable, "db.full").Later(time.Minute)
	errAway    = errs.New(errs.Unavailable, "db.away").Later(5 * time.Second)
	errUnknown = errs.New(errs.Unavailable, "db.unknown").Later(5 * time.Second)
	errBusy    = errs.New(errs.Unavailable, "db.busy").Later(2 * time.Second)
)

// Trouble is the refusal for an error that comes from the state of the database and not from
// what was asked of it; nil for any other.
func Trouble(err error) *errs.Error {
	switch {
	case errors.Is(err, ErrUnknown), errors.Is(err, ErrUnsafe):
		return errUnknown.Because(err)
	case isFull(err):
		return errFull.Because(err)
	case errors.Is(err, ErrBusy), isBusy(err), isTransient(err):
		return errBusy.Because(err)
	case isAway(err):
		return errAway.Because(err)
	}
	return nil
}

// Away is the refusal of a database that did not answer, whatever the reason.
func Away(err error) *errs.Error { return errAway.Because(err) }

func isFull(err error) bool {
	var p *pgconn.PgError
	if errors.As(err, &p) {
		return p.Code == "53100" // disk_full
	}
	var s *sqlite.Error
	if errors.As(err, &s) {
		return s.Code()&0xff == sqlite3.SQLITE_FULL || s.Code() == sqlite3.SQLITE_IOERR_WRITE
	}
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT)
}

// isBusy tells of a lock that others hold for longer than one waits. Nothing was done meanwhile.
func isBusy(err error) bool {
	var p *pgconn.PgError
	if errors.As(err, &p) {
		return p.Code == "55P03" // lock_not_available
	}
	var s *sqlite.Error
	return errors.As(err, &s) && s.Code()&0xff == sqlite3.SQLITE_BUSY
}

// isTransient tells whether the database has undone a transaction that may succeed when it runs again:
// others were in its way, or the server ended its connection before the commit.
func isTransient(err error) bool {
	var p *pgconn.PgError
	if errors.As(err, &p) {
		return p.Code == "40001" || p.Code == "40P01" || p.Code == "25P03" || p.Code == "55P03" || isReadOnly(err)
	}
	return isBusy(err)
}

// isReadOnly tells of a server that has become a standby of another while one was connected to it.
func isReadOnly(err error) bool {
	var p *pgconn.PgError
	return errors.As(err, &p) && p.Code == "25006"
}

// decided tells whether an error of a commit says that it was not kept. A server that stops may say so
// in place of the answer that it was.
func (d *DB) decided(err error) bool {
	var p *pgconn.PgError
	return d.Dialect == SQLite || errors.As(err, &p) && !strings.HasPrefix(p.Code, "57P")
}

// isAway tells of a server that is stopped, starting, silent or out of connections, or that no longer writes.
func isAway(err error) bool {
	var p *pgconn.PgError
	if errors.As(err, &p) {
		return strings.HasPrefix(p.Code, "57P") || strings.HasPrefix(p.Code, "08") || p.Code == "53300" || p.Code == "25P03" || isReadOnly(err)
	}
	var dial *pgconn.ConnectError
	var line net.Error
	return errors.As(err, &dial) || errors.Is(err, errSilent) || errors.Is(err, driver.ErrBadConn) ||
		errors.Is(err, sql.ErrConnDone) || errors.Is(err, ErrClosed) ||
		errors.As(err, &line) && !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, io.ErrUnexpectedEOF)
}

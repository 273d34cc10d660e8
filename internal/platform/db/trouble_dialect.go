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

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"linli/internal/platform/errs"
)

// What keeps a database from its work, as users and operators are told it. All of it passes
// without a restart once the cause is gone.
var (
	errFull    = errs.New(errs.Unavailable, "db.full")
	errAway    = errs.New(errs.Unavailable, "db.away")
	errUnknown = errs.New(errs.Unavailable, "db.unknown")
)

// Trouble is the refusal for an error that comes from the state of the database and not from
// what was asked of it; nil for any other.
func Trouble(err error) *errs.Error {
	switch {
	case errors.Is(err, ErrUnknown), errors.Is(err, ErrUnsafe):
		return errUnknown.Because(err)
	case isFull(err):
		return errFull.Because(err)
	case isAway(err):
		return errAway.Because(err)
	}
	return nil
}

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

// isAway tells of a server that is stopped, starting or out of connections, and of a file that is
// locked by others for longer than one waits.
func isAway(err error) bool {
	var p *pgconn.PgError
	if errors.As(err, &p) {
		return strings.HasPrefix(p.Code, "57P") || strings.HasPrefix(p.Code, "08") || p.Code == "53300"
	}
	var s *sqlite.Error
	if errors.As(err, &s) {
		return s.Code()&0xff == sqlite3.SQLITE_BUSY
	}
	var dial *pgconn.ConnectError
	var line net.Error
	return errors.As(err, &dial) || errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) || errors.Is(err, ErrClosed) ||
		errors.As(err, &line) && !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, io.ErrUnexpectedEOF)
}

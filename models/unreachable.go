package models

import (
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"strings"
	"syscall"

	sqlite "github.com/glebarez/go-sqlite"
	"github.com/jackc/pgx/v5/pgconn"
	sqlite3 "modernc.org/sqlite/lib"
)

// Full tells that there is no room left on a disk of the register.
func Full(err error) bool {
	var postgres *pgconn.PgError
	return errors.As(err, &postgres) && postgres.Code == "53100" || sqliteCode(err) == sqlite3.SQLITE_FULL ||
		errors.Is(err, syscall.ENOSPC)
}

// sqliteCode is the primary result code of an error of SQLite, 0 of another.
func sqliteCode(err error) int {
	var lite *sqlite.Error
	if !errors.As(err, &lite) {
		return sqlite3.SQLITE_OK
	}
	return lite.Code() & 0xff
}

// busy tells that another holds a lock on an SQLite file.
func busy(err error) bool { return sqliteCode(err) == sqlite3.SQLITE_BUSY }

// Unreachable tells an error of the database's server, disk or connection, which
// may be over the next time, from a defect or a refusal of what was asked.
func Unreachable(err error) bool {
	if err == nil {
		return false
	}
	var postgres *pgconn.PgError
	if errors.As(err, &postgres) {
		// Connection exceptions, insufficient resources (a full disk, too many
		// connections), intervention of an operator, errors of the system, a server that
		// only reads: PostgreSQL, appendix A.
		for _, class := range []string{"08", "53", "57P", "58", "25006"} {
			if strings.HasPrefix(postgres.Code, class) {
				return true
			}
		}
		return false
	}
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		switch sqliteCode(lite) {
		case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY:
			return true
		}
		return false
	}
	var connecting *pgconn.ConnectError
	var network net.Error
	return errors.As(err, &connecting) || errors.As(err, &network) || errors.Is(err, driver.ErrBadConn) ||
		errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, net.ErrClosed) || strings.Contains(err.Error(), "conn closed") ||
		strings.Contains(err.Error(), "unexpected EOF")
}

package models

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
)

// What may be over the next time is told from what will be the same again:
// PostgreSQL's classes of errors (appendix A), broken connections, full disks.
func TestWhatMayBeOverTheNextTimeIsTold(t *testing.T) {
	postgres := func(code string) error { return fmt.Errorf("recording: %w", &pgconn.PgError{Code: code}) }
	for name, test := range map[string]struct {
		err               error
		unreachable, full bool
	}{
		"none":                        {nil, false, false},
		"a connection's failure":      {postgres("08006"), true, false},
		"too many connections":        {postgres("53300"), true, false},
		"a full disk":                 {postgres("53100"), true, true},
		"a server that is shut down":  {postgres("57P01"), true, false},
		"a cancelled statement":       {postgres("57014"), false, false},
		"an error of the system":      {postgres("58030"), true, false},
		"a server that only reads":    {postgres("25006"), true, false},
		"no transaction":              {postgres("25P01"), false, false},
		"a duplicate":                 {postgres("23505"), false, false},
		"a mistake in a statement":    {postgres("42601"), false, false},
		"a bad connection":            {fmt.Errorf("reading: %w", driver.ErrBadConn), true, false},
		"an end before its time":      {io.ErrUnexpectedEOF, true, false},
		"the same, as a text":         {errors.New("failed to receive message: unexpected EOF"), true, false},
		"a closed connection":         {errors.New("conn closed"), true, false},
		"a closed socket":             {net.ErrClosed, true, false},
		"a refused connection":        {&net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}, true, false},
		"no space for a file":         {fmt.Errorf("writing: %w", syscall.ENOSPC), true, true},
		"nothing found":               {ErrNotFound, false, false},
		"what was typed":              {Invalid{"title": {Code: "required"}}, false, false},
		"who asked has gone":          {context.Canceled, false, false},
		"an error of somebody else's": {errors.New("no such table: agreements"), false, false},
	} {
		if got := Unreachable(test.err); got != test.unreachable {
			t.Errorf("%s is unreachable: %v", name, got)
		}
		if got := Full(test.err); got != test.full {
			t.Errorf("%s is a full disk: %v", name, got)
		}
	}
}

// Addresses of databases: parameters are added and not replaced, a log has no
// password, and neither has a driver's message.
func TestAddressesOfDatabases(t *testing.T) {
	for address, want := range map[string]bool{
		"postgres://user@host/chancery": true, "postgresql://host/x": true, "chancery.db": false, "": false,
		"/var/lib/postgres://x": false, "POSTGRES://host": false,
	} {
		if got := IsPostgres(address); got != want {
			t.Errorf("%q is an address of PostgreSQL: %v", address, got)
		}
	}
	for _, test := range [][2]string{
		{"postgres://host/db", "postgres://host/db?statement_timeout=5"},
		{"postgres://host/db?sslmode=disable", "postgres://host/db?sslmode=disable&statement_timeout=5"},
		{"postgres://host/db?statement_timeout=9", "postgres://host/db?statement_timeout=9"},
		{"://", "://"},
	} {
		if got := withDefault(test[0], "statement_timeout", "5"); got != test[1] {
			t.Errorf("%s becomes %s, want %s", test[0], got, test[1])
		}
	}
	for _, test := range [][2]string{
		{"postgres://user:secret@host:5432/db?sslmode=disable", "postgres://user:xxxxx@host:5432/db"},
		{"postgres://user@host/db", "postgres://user@host/db"},
		{"chancery.db", "chancery.db"},
		{"/srv/register of treaties.db", "/srv/register of treaties.db"},
	} {
		if got := withoutPassword(test[0]); got != test[1] {
			t.Errorf("a log has %s as %s, want %s", test[0], got, test[1])
		}
	}
	for _, test := range [][3]string{
		{"cannot connect with secret to host\n\tpassword secret", "postgres://user:secret@host/db",
			"cannot connect with … to host password …"},
		{"no\r\nsuch  file", "chancery.db", "no such file"},
		{"a secret", "postgres://user@host/db", "a secret"},
	} {
		if got := scrub(errors.New(test[0]), test[1]).Error(); got != test[2] {
			t.Errorf("%q is told as %q, want %q", test[0], got, test[2])
		}
	}
}

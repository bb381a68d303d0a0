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
